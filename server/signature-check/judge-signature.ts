import { toVietnamIso } from "../../workflows/vietnam-time.ts";
import type { Coverage } from "./byte-range.ts";
import type { Certificate } from "./certificates.ts";
import { finding, NotJudged, sorted, verdictOf, FINDINGS, type Finding } from "./findings.ts";
import { judgeCertificate, type Ground } from "./judge-certificate.ts";
import { judgeTimestamp, type Timestamp } from "./judge-timestamp.ts";
import { nameText, stringText, type PdfDict } from "./pdf-object.ts";
import type { PdfState } from "./pdf-state.ts";
import type { SignatureReport } from "./report.ts";
import { readSignedData } from "./signed-data.ts";

export interface SignatureInFile {
  field: string;
  dict: PdfDict;
  /** The state in which it was found. */
  state: PdfState;
  coverage: Coverage | Finding;
}

/** Names, times and place of a signature as its dictionary tells them, before anything is judged. */
export function plainReport({ field, dict, state }: SignatureInFile): SignatureReport {
  const text = (key: string) => stringText(state.resolve(dict.get(key))) ?? "";
  const subFilter = nameText(state.resolve(dict.get("SubFilter"))) ?? "";
  const isTimestamp = nameText(dict.get("Type")) === "DocTimeStamp" || subFilter === "ETSI.RFC3161";
  return {
    verdict: "unjudged",
    code: "valid",
    text: "",
    kind: isTimestamp ? "timestamp" : "signature",
    field,
    subFilter,
    role: "unknown",
    signer: null,
    certificate: null,
    claimedAt: isoOrNull(pdfTime(text("M"))),
    timestamp: null,
    coversWholeFile: false,
    revision: 0,
    intact: false,
    addedAfter: [],
    reason: text("Reason"),
    location: text("Location"),
    findings: [],
  };
}

/** Judges the timestamp of a whole document, and tells it in the report. */
export function judgeDocumentTimestamp(
  report: SignatureReport,
  coverage: Coverage,
  pieces: Buffer[],
  ground: Ground,
): Timestamp | undefined {
  report.role = "timestamp";
  const judged = judgeTimestamp(coverage.contents, pieces, ground);
  if ("code" in judged) {
    report.findings.push(judged);
    return undefined;
  }
  report.intact = !judged.findings.some(({ detail }) => detail.startsWith("it stamps"));
  report.timestamp = timestampReport(judged);
  report.signer = signerOf(judged.authority);
  report.findings.push(...judged.findings);
  return judged;
}

const JUDGED = ["ETSI.CAdES.detached", "adbe.pkcs7.detached"];

/** Judges a signature by its CMS, certificate and timestamp. `provedBy` is a later timestamp of the whole document. */
export function judgeSignature(
  report: SignatureReport,
  coverage: Coverage,
  pieces: Buffer[],
  ground: Ground,
  provedBy: Timestamp | undefined,
): void {
  const { findings } = report;
  if (!JUDGED.includes(report.subFilter)) {
    findings.push(finding("signature-kind-not-judged", report.subFilter));
    return;
  }
  try {
    const data = readSignedData(coverage.contents, pieces);
    report.intact = data.intact;
    const demanded = report.subFilter === "ETSI.CAdES.detached";
    findings.push(
      ...data.findings.filter(({ code }) => demanded || code !== "certificate-reference-missing"),
    );
    report.signer = signerOf(data.signer);
    report.role = roleOf(data.signer);
    const own: Ground = {
      ...ground,
      pool: [...ground.pool, ...data.certificates],
      data: { crls: [...ground.data.crls, ...data.crls], ocsps: [...ground.data.ocsps, ...data.ocsps] },
    };
    const stamped = data.timestamps.map((token) => judgeTimestamp(token, [data.signature], own));
    for (const one of stamped) findings.push(...("code" in one ? [one] : one.findings));
    const readable = stamped.filter((one): one is Timestamp => !("code" in one));
    const [shown] = readable;
    if (shown !== undefined) report.timestamp = timestampReport(shown);
    const proofs = [...readable, ...(provedBy === undefined ? [] : [provedBy])].filter(
      ({ isGood }) => isGood,
    );
    const proved = proofs.sort((a, b) => a.at.getTime() - b.at.getTime())[0];
    if (report.timestamp === null && proved !== undefined) report.timestamp = timestampReport(proved);

    report.claimedAt ??= isoOrNull(data.signingTime);
    const claimed = report.claimedAt === null ? undefined : new Date(report.claimedAt);
    if (proved === undefined) {
      if (claimed === undefined) findings.push(finding("time-missing"));
      else findings.push(finding("time-not-proved"));
    }
    if (claimed !== undefined && claimed.getTime() > ground.now.getTime() + CLOCKS_DIFFER)
      findings.push(finding("time-in-future", iso(claimed)));
    const at = proved?.at ?? claimed ?? ground.now;
    const time = { at, isProved: proved !== undefined, use: "paper" as const };
    const { chain, revocation, findings: more } = judgeCertificate(data.signer, data.certificates, own, time);
    findings.push(...more);
    const { notBefore, notAfter, serial, issuerNames } = data.signer;
    report.certificate = {
      issuer: issuerNames.commonName ?? issuerNames.organisation ?? "",
      serial,
      notBefore: iso(notBefore),
      notAfter: iso(notAfter),
      trusted: chain.trusted,
      revocation: revocation.status,
      revokedAt: revocation.status === "revoked" ? iso(revocation.at) : null,
    };
  } catch (cause) {
    if (!(cause instanceof NotJudged)) throw cause;
    findings.push(finding(cause.code, cause.detail));
  }
}

/** Two machines' clocks may differ by so much, in milliseconds. */
const CLOCKS_DIFFER = 5 * 60_000;

/** Sorts a report's findings and says what they come to. */
export function conclude(report: SignatureReport): void {
  report.findings = sorted(report.findings);
  report.verdict = verdictOf(report.findings);
  const [worst] = report.findings;
  if (report.verdict === "valid" || worst === undefined) {
    report.code = "valid";
    report.text =
      report.kind === "timestamp"
        ? "Dấu thời gian hợp lệ."
        : "Chữ ký hợp lệ: nội dung không bị sửa từ khi ký, chứng thư có hiệu lực vào lúc ký.";
  } else {
    report.code = worst.code;
    report.text = FINDINGS[worst.code][1];
  }
}

const iso = (moment: Date) => toVietnamIso(moment.getTime());
const isoOrNull = (moment: Date | undefined) => (moment === undefined ? null : iso(moment));

function timestampReport({ at, authority, isGood }: Timestamp): NonNullable<SignatureReport["timestamp"]> {
  const { commonName, organisation } = authority.names;
  return { at: iso(at), authority: commonName ?? organisation ?? "", good: isGood };
}

function signerOf({ names }: Certificate): NonNullable<SignatureReport["signer"]> {
  const { commonName = "", organisation = "", title = "" } = names;
  return { name: commonName || organisation, organisation, title };
}

/** An agency's certificate bears its name twice, and nobody's title. */
function roleOf({ names }: Certificate): "person" | "agency" {
  const { commonName, organisation, title } = names;
  return title === undefined && (commonName === undefined || commonName === organisation)
    ? "agency"
    : "person";
}

/** "D:20220920100000+07'00'" (ISO 32000-1, 7.9.4); undefined where it is none. */
export function pdfTime(text: string): Date | undefined {
  const parts = /^D:(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(?:Z|([+-])(\d{2})'?(\d{2})?'?)?/.exec(text);
  if (parts === null) return undefined;
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", sign, h = "00", m = "00"] =
    parts;
  const time = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${sign === undefined ? "Z" : `${sign}${h}:${m}`}`,
  );
  return Number.isNaN(time.getTime()) ? undefined : time;
}
