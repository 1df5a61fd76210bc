import { finding, type Finding } from "./findings.ts";
import { PdfDict, PdfString, type PdfValue } from "./pdf-object.ts";
import type { PdfState } from "./pdf-state.ts";

/** What a signature covers: all bytes from 0 to `end` but those of its own /Contents, from `from` to `to`. */
export interface Coverage {
  from: number;
  to: number;
  end: number;
  /** The value of /Contents as bytes, with the zeros after the signature. */
  contents: Buffer;
}

/**
 * Reads what a signature covers, or says what is wrong with it: the range has to begin at 0, to leave out the string of
 * /Contents exactly, and to end at the end of a revision.
 */
export function coverageOf(state: PdfState, dict: PdfDict): Coverage | Finding {
  const { bytes } = state.file;
  const twice = dict.repeated.filter((key) => key === "Contents" || key === "ByteRange");
  if (twice.length > 0) return finding("several-contents", `${twice.join(" and ")} stand twice`);
  const contents = dict.get("Contents");
  if (!(contents instanceof PdfString)) return finding("signature-unreadable", "no /Contents");
  const range = state.resolve(dict.get("ByteRange"));
  if (!isRange(range)) return finding("byte-range-malformed", "not four whole numbers");
  const [start, from, to, rest] = range;
  const end = to + rest;
  const shown = `[${range.join(" ")}] of ${bytes.length} bytes`;
  if (start !== 0) return finding("byte-range-start", shown);
  if (to < from || end < to) return finding("byte-range-overlap", shown);
  if (end > bytes.length) return finding("byte-range-end", shown);
  if (!contents.isHex || contents.start !== from || contents.end !== to)
    return finding("byte-range-gap", `${shown}, /Contents is from ${contents.start} to ${contents.end}`);
  // Read anew from the bytes of the gap: nothing but hex digits may stand there.
  if (!/^<([0-9A-Fa-f]{2})+>$/.test(bytes.toString("latin1", from, to)))
    return finding("byte-range-gap", "the gap holds more than hex digits");
  if (!/%%EOF(\r\n|\r|\n)?$/.test(bytes.toString("latin1", Math.max(0, end - 12), end)))
    return finding("byte-range-end", `${shown}: no %%EOF there`);
  return { from, to, end, contents: contents.bytes };
}

function isRange(value: PdfValue | undefined): value is [number, number, number, number] {
  return (
    Array.isArray(value) &&
    value.length === 4 &&
    value.every((one) => typeof one === "number" && Number.isSafeInteger(one) && one >= 0)
  );
}
