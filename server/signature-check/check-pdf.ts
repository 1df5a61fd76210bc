import { coverageOf, type Coverage } from "./byte-range.ts";
import { readCertificate, type Certificate } from "./certificates.ts";
import { compareRevisions } from "./compare-revisions.ts";
import type { Addition } from "./comparison.ts";
import { hashOf } from "./algorithms.ts";
import { finding, FINDINGS, NotJudged, sorted, verdictOf, VERDICTS, type Finding } from "./findings.ts";
import { formFields, isSigned } from "./form-fields.ts";
import type { Ground } from "./judge-certificate.ts";
import {
  conclude,
  judgeDocumentTimestamp,
  judgeSignature,
  plainReport,
  type SignatureInFile,
} from "./judge-signature.ts";
import type { Timestamp } from "./judge-timestamp.ts";
import { nameText, PdfDict, PdfRef, PdfStream, type PdfValue } from "./pdf-object.ts";
import { openFile, type PdfState } from "./pdf-state.ts";
import type { FileReport, SignatureReport } from "./report.ts";
import { auditRevision, readHistory, stateEndingAt, type History } from "./revisions.ts";
import { riskyContent } from "./risky-content.ts";
import { unpacked } from "./unpack.ts";

/** The largest file that is checked, in bytes. */
export const MAX_CHECKED = 50 * 1024 * 1024;

export interface CheckOptions {
  /** Certificates that are trusted, in DER. */
  trusted: readonly Buffer[];
  now: Date;
  /** Revocation lists known besides those in the file, in DER. */
  crls?: readonly Buffer[];
}

/**
 * Checks every signature of a PDF: by whom, when, whether its bytes are whole, whether the certificate was good then,
 * and whether only what may be added after a signature was added. Never throws for what is in the file: what cannot be
 * judged safely is answered as such. It may take long and much memory for a hostile file: check-file.ts bounds it.
 */
export function checkPdf(bytes: Buffer, options: CheckOptions): FileReport {
  const report: FileReport = {
    verdict: "unjudged",
    code: "valid",
    text: "",
    sha256: hashOf("sha256", bytes).toString("hex"),
    size: bytes.length,
    revisions: 0,
    signatures: [],
    findings: [],
  };
  try {
    if (bytes.length > MAX_CHECKED) throw new NotJudged("file-too-large");
    if (!/^%PDF-[12]\.\d/.test(bytes.toString("latin1", 0, 8))) throw new NotJudged("not-a-pdf");
    judge(bytes, options, report);
  } catch (cause) {
    report.findings.push(
      cause instanceof NotJudged
        ? finding(cause.code, cause.detail)
        : finding("file-too-complex", cause instanceof Error ? cause.name : ""),
    );
  }
  return concludeFile(report);
}

function judge(bytes: Buffer, options: CheckOptions, report: FileReport): void {
  const history = readHistory(openFile(bytes));
  report.revisions = history.states.length;
  const [state] = history.states;
  if (state === undefined) throw new NotJudged("structure-unclear", "no revision");
  const signatures = signaturesIn(history);
  if (signatures.length === 0) {
    if (bytes.includes("/ByteRange")) throw new NotJudged("stray-signature", "no field holds it");
    throw new NotJudged("no-signature");
  }
  report.findings.push(...strays(bytes, signatures));
  report.findings.push(...overlaps(signatures));
  attempt(report.findings, () => riskyContent(state));

  const ground: Ground = {
    trusted: options.trusted.map(readCertificate),
    pool: [],
    data: { crls: options.crls ?? [], ocsps: [] },
    now: options.now,
  };
  attempt(report.findings, () => {
    const store = validationData(state);
    ground.pool = store.certificates;
    ground.data = { crls: [...ground.data.crls, ...store.crls], ocsps: store.ocsps };
    return [];
  });

  const judged = signatures.map((one) => ({ ...one, report: plainReport(one), at: -1 }));
  for (const one of judged) {
    const { coverage } = one;
    if ("code" in coverage) one.report.findings.push(coverage);
    else {
      const found = stateEndingAt(history, coverage.end);
      if (typeof found === "number") one.at = found;
      else one.report.findings.push(found);
      one.report.revision = typeof found === "number" ? history.states.length - found : 0;
      one.report.coversWholeFile = coverage.end >= history.end && history.findings.length === 0;
    }
    one.report.findings.push(...history.findings);
  }
  const changes = laterChanges(history, judged);
  for (const one of judged) tellChanges(history, changes, one);

  // Timestamps of the whole document first: each proves the signatures before it.
  const proofs: { end: number; timestamp: Timestamp }[] = [];
  for (const { report: own, coverage } of judged)
    if (own.kind === "timestamp" && !("code" in coverage)) {
      const timestamp = judgeDocumentTimestamp(own, coverage, covered(bytes, coverage), ground);
      if (timestamp !== undefined && verdictOf(own.findings) === "valid")
        proofs.push({ end: coverage.end, timestamp });
    }
  proofs.sort((a, b) => a.end - b.end);
  for (const { report: own, coverage } of judged)
    if (own.kind === "signature" && !("code" in coverage)) {
      const proof = proofs.find(({ end }) => end > coverage.end)?.timestamp;
      judgeSignature(own, coverage, covered(bytes, coverage), ground, proof);
    }
  judgeUnused(judged, changes);
  for (const { report: own } of judged) conclude(own);
  report.signatures = judged.map(({ report: own }) => own);
}

function covered(bytes: Buffer, { from, to, end }: Coverage): Buffer[] {
  return [bytes.subarray(0, from), bytes.subarray(to, end)];
}

/** Runs a part of the check; what it cannot judge is a finding like others. */
function attempt(findings: Finding[], part: () => Finding[]): void {
  try {
    findings.push(...part());
  } catch (cause) {
    if (!(cause instanceof NotJudged)) throw cause;
    findings.push(finding(cause.code, cause.detail));
  }
}

/** The signatures of all revisions, in the order in which they were made: also one that a later revision took away. */
function signaturesIn({ states }: History): SignatureInFile[] {
  const found = new Map<number, SignatureInFile & { number: number }>();
  for (const state of [...states].reverse()) {
    const newest = state === states[0];
    try {
      for (const field of formFields(state).filter(isSigned)) {
        if (!(field.value instanceof PdfRef))
          throw new NotJudged("structure-unclear", "a signature is no object of its own");
        const entry = state.entries.get(field.value.number);
        const dict = state.resolve(field.value);
        if (!(dict instanceof PdfDict) || entry?.kind !== "plain") {
          if (newest)
            throw new NotJudged("structure-unclear", `field "${field.name}" has no signature of its own`);
          continue;
        }
        if (!found.has(entry.offset))
          found.set(entry.offset, {
            number: entry.offset,
            field: field.name,
            dict,
            state,
            coverage: coverageOf(state, dict),
          });
      }
    } catch (cause) {
      // Half of a file that was made for fast viewing is no state by itself.
      if (!(cause instanceof NotJudged) || newest) throw cause;
    }
  }
  const end = ({ coverage }: SignatureInFile) =>
    "code" in coverage ? Number.MAX_SAFE_INTEGER : coverage.end;
  return [...found.values()].sort((a, b) => end(a) - end(b));
}

/** A /ByteRange in the file's bytes that no known signature has. */
function strays(bytes: Buffer, signatures: SignatureInFile[]): Finding[] {
  let count = 0;
  for (let at = bytes.indexOf("/ByteRange"); at >= 0; at = bytes.indexOf("/ByteRange", at + 1))
    if (/^\/ByteRange\s*\[\s*\d/.test(bytes.toString("latin1", at, at + 40))) count++;
  const known = signatures.reduce(
    (sum, { dict }) => sum + 1 + dict.repeated.filter((key) => key === "ByteRange").length,
    0,
  );
  return count > known ? [finding("stray-signature", `${count} ranges, ${known} signatures`)] : [];
}

function overlaps(signatures: SignatureInFile[]): Finding[] {
  const ends = signatures.flatMap(({ coverage }) => ("code" in coverage ? [] : [coverage.end]));
  return new Set(ends).size === ends.length
    ? []
    : [finding("byte-range-overlap", "two signatures end at one byte")];
}

/** What a revision that came after a signature changed. */
interface Change {
  findings: Finding[];
  added: Addition[];
  unused: Finding[];
}
interface Judged {
  /** Which state was signed, -1 where that cannot be told. */
  at: number;
  dict: PdfDict;
  coverage: Coverage | Finding;
  report: SignatureReport;
}

/** Compares each revision after the first signature with the one before it; by its place among the states. */
function laterChanges({ states }: History, signatures: readonly Judged[]): Map<number, Change> {
  const first = Math.max(-1, ...signatures.map(({ at }) => at));
  const compared = new Map<number, Change>();
  let start = signatures.reduce(
    (least, { at, coverage }) =>
      at === first && !("code" in coverage) ? Math.min(least, coverage.end) : least,
    Number.MAX_SAFE_INTEGER,
  );
  for (let at = first - 1; at >= 0; at--) {
    const [after, before] = [states[at], states[at + 1]];
    if (after === undefined || before === undefined) break;
    const found: Change = { findings: [], added: [], unused: [] };
    attempt(found.findings, () => {
      const audit = auditRevision(after, before, start);
      start = audit.end;
      return audit.findings;
    });
    attempt(found.findings, () => {
      const { findings, added, unused } = compareRevisions(before, after);
      found.added = added;
      found.unused = unused;
      return findings;
    });
    compared.set(at, found);
  }
  return compared;
}

/** Tells a signature's report what came after it. */
function tellChanges(
  { states }: History,
  changes: ReadonlyMap<number, Change>,
  { at, dict, report }: Judged,
): void {
  for (let later = at - 1; later >= 0; later--) {
    const found = changes.get(later);
    report.findings.push(...(found?.findings ?? []));
    report.addedAfter.push(...(found?.added ?? []));
  }
  const forbidding = report.addedAfter.some(({ kind }) => kind === "signature" || kind === "empty-field");
  const state = states[at];
  if (forbidding && state !== undefined && allowsNothing(state, dict))
    report.findings.push(finding("changes-forbidden", report.field));
}

/**
 * Objects that nothing uses stay a finding for the signatures before them, unless the revision that brought them was
 * signed in its turn, by a signature that is valid itself: then a known signer answers for every byte of it. From the
 * last signature to the first, because each has to be judged before it vouches for others.
 */
function judgeUnused(signatures: readonly Judged[], changes: ReadonlyMap<number, Change>): void {
  const vouched = new Set<number>();
  for (const { at, report } of [...signatures].reverse()) {
    for (let later = at - 1; later >= 0; later--) {
      const unused = changes.get(later)?.unused ?? [];
      report.findings.push(
        ...(vouched.has(later) ? unused.map(({ detail }) => finding("unused-object", detail)) : unused),
      );
    }
    if (report.kind === "signature" && verdictOf(report.findings) === "valid") vouched.add(at);
  }
}

/** A certifying signature that allows no changes at all (ISO 32000-1, 12.8.2.2, P 1). */
function allowsNothing(state: PdfState, dict: PdfDict): boolean {
  return (state.array(dict.get("Reference")) ?? []).some((one) => {
    const reference = state.dict(one);
    const isCertifying = nameText(state.resolve(reference?.get("TransformMethod"))) === "DocMDP";
    return isCertifying && state.resolve(state.dict(reference?.get("TransformParams"))?.get("P")) === 1;
  });
}

/** What the file's own store holds for later checks (DSS). */
function validationData(state: PdfState): { certificates: Certificate[]; crls: Buffer[]; ocsps: Buffer[] } {
  const store = state.dict(state.catalogue().dict.get("DSS"));
  const streams = (key: string): Buffer[] =>
    (state.array(store?.get(key)) ?? []).flatMap((one: PdfValue) => {
      const stream = state.resolve(one);
      return stream instanceof PdfStream ? [unpacked(stream)] : [];
    });
  const certificates = streams("Certs").flatMap((der) => {
    try {
      return [readCertificate(der)];
    } catch {
      return []; // A certificate that cannot be read vouches for nothing.
    }
  });
  return { certificates, crls: streams("CRLs"), ocsps: streams("OCSPs") };
}

/** The worst of the file and its signatures, and what is said of it. */
function concludeFile(report: FileReport): FileReport {
  report.findings = sorted(report.findings);
  const rank = (verdict: FileReport["verdict"]) => VERDICTS.indexOf(verdict);
  const worst = [...report.signatures].sort((a, b) => rank(b.verdict) - rank(a.verdict))[0];
  report.verdict = verdictOf(report.findings);
  const [own] = report.findings;
  if (report.verdict !== "valid" && own !== undefined) [report.code, report.text] = [own.code, own.text];
  if (worst !== undefined && rank(worst.verdict) >= rank(report.verdict)) {
    report.verdict = worst.verdict;
    [report.code, report.text] = [worst.code, worst.code === "valid" ? VALID : worst.text];
  }
  if (report.code !== "valid") report.text = FINDINGS[report.code][1];
  return report;
}

const VALID = "Mọi chữ ký trong tệp đều hợp lệ và nội dung không bị sửa sau khi ký.";
