import { readSections, sameEntry, type Section } from "./cross-references.ts";
import { finding, NotJudged, type Finding } from "./findings.ts";
import { PdfState, type PdfFile } from "./pdf-state.ts";

/** A file as it is and as it was, the newest state first; `states[0]` is the file. */
export interface History {
  file: PdfFile;
  states: PdfState[];
  /** After the last %%EOF that ends a readable revision. */
  end: number;
  /** What stands after it. */
  findings: Finding[];
}

const MOST_ENDS_TRIED = 20;

/**
 * Reads a file's revisions from its cross-references. Where something stands behind the last one that can be read, that
 * is a finding. Throws NotJudged where no revision can be read.
 */
export function readHistory(file: PdfFile): History {
  const { bytes } = file;
  let problem: NotJudged | undefined;
  let before = bytes.length;
  for (let tries = 0; tries < MOST_ENDS_TRIED; tries++) {
    const mark = bytes.lastIndexOf("%%EOF", before - 1, "latin1");
    if (mark < 0) break;
    before = mark;
    const end = mark + 5;
    try {
      const sections = readSections(bytes, end);
      const states = sections.map((_, at) => new PdfState(file, sections.slice(at)));
      states[0]?.catalogue();
      return { file, states, end, findings: leftOver(bytes, end) };
    } catch (cause) {
      if (!(cause instanceof NotJudged)) throw cause;
      if (cause.code !== "structure-unclear") throw cause;
      problem ??= cause;
    }
  }
  throw problem ?? new NotJudged("structure-unclear", "no %%EOF");
}

function leftOver(bytes: Buffer, end: number): Finding[] {
  const rest = bytes.toString("latin1", end);
  if (/^[\0\t\n\f\r ]{0,16}$/.test(rest)) return [];
  return [odd(rest, end)];
}

function odd(text: string, at: number): Finding {
  const objects = /\d+\s+\d+\s+obj\b/.test(text);
  return finding(objects ? "object-appended" : "garbage-appended", `${text.length} bytes at byte ${at}`);
}

/**
 * Which of the states a signature that ends at `end` was made for: its index. A finding where the range ends at no
 * revision, or where the later revisions do not build on the one that was signed.
 */
export function stateEndingAt({ file, states }: History, end: number): number | Finding {
  let signed: Section[];
  try {
    signed = readSections(file.bytes, end);
  } catch (cause) {
    if (cause instanceof NotJudged) return finding("byte-range-end", cause.detail);
    throw cause;
  }
  const at = states.length - signed.length;
  const same = states[at]?.sections.every(({ offset }, i) => offset === signed[i]?.offset) === true;
  if (!same) return finding("content-replaced", "the file's cross-references pass by the signed revision");
  const late = states.slice(0, at).find(({ sections }) => (sections[0]?.offset ?? 0) < end);
  if (late !== undefined)
    return finding(
      "content-replaced",
      `a later cross-reference lies in the signed part, at byte ${late.sections[0]?.offset ?? 0}`,
    );
  return at;
}

/**
 * Whether every byte that a revision added, from `start` on, is accounted for by its cross-reference: an object that
 * none names, a second one of the same number, or anything else is found. Answers where the revision ends.
 */
export function auditRevision(
  state: PdfState,
  before: PdfState,
  start: number,
): { findings: Finding[]; end: number } {
  const { bytes } = state.file;
  const [section] = state.sections;
  if (section === undefined) throw new NotJudged("structure-unclear", "a revision without cross-references");
  const findings: Finding[] = [];
  const close = /^\s*startxref\s+(\d+)\s+%%EOF/.exec(bytes.toString("latin1", section.end, section.end + 80));
  if (close === null || Number(close[1]) !== section.offset)
    throw new NotJudged(
      "structure-unclear",
      `the revision at byte ${section.offset} does not end as it should`,
    );
  const end = section.end + close[0].length;
  const spans: [number, number][] = [...section.spans, [section.end, end]];
  for (const [number, entry] of section.entries) {
    if (entry.kind === "free" || sameEntry(entry, before.entries.get(number))) continue;
    const place = entry.kind === "plain" ? entry : section.entries.get(entry.container);
    if (place?.kind !== "plain" || place.offset < start)
      findings.push(
        finding("content-replaced", `object ${number} was turned to what lay hidden in the signed part`),
      );
    else if (place.offset >= end)
      throw new NotJudged("structure-unclear", `object ${number} lies behind its revision`);
    else if (entry.kind === "plain") {
      const object = state.plainObject(number, entry);
      spans.push([object.start, object.end]);
    }
  }
  spans.sort(([a], [b]) => a - b);
  let at = start;
  for (const [from, to] of [...spans, [end, end] as const]) {
    if (from < at && to !== from && !(from >= section.offset))
      throw new NotJudged("structure-unclear", `objects overlap at byte ${from}`);
    const between = bytes.toString("latin1", at, Math.max(at, from));
    if (!/^[\0\t\n\f\r ]*$/.test(between)) findings.push(odd(between, at));
    at = Math.max(at, to);
  }
  return { findings, end };
}
