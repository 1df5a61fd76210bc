import { inflateSync } from "node:zlib";
import { NotJudged } from "./findings.ts";
import { nameText, PdfDict, type PdfStream } from "./pdf-object.ts";

/** What one packed stream may become: cross-references and objects of the largest honest papers stay far below. */
const MAX_UNPACKED = 64 * 1024 * 1024;

/**
 * The bytes of a stream without a filter, or with FlateDecode and a PNG predictor: all that cross-references, object
 * streams and content that we read may use. Throws NotJudged for others and for what unpacks to too much.
 */
export function unpacked({ dict, raw }: PdfStream): Buffer {
  const filter = dict.get("Filter") ?? null;
  const [only, second] = Array.isArray(filter) ? filter : [filter];
  if (second !== undefined) throw new NotJudged("structure-unclear", "a stream with two filters");
  if (only === null || only === undefined) return raw;
  const name = nameText(only);
  if (name !== "FlateDecode" && name !== "Fl")
    throw new NotJudged("structure-unclear", `a stream with the filter ${String(name)}`);
  const bytes = inflated(raw);
  const given = dict.get("DecodeParms") ?? null;
  const parameters = Array.isArray(given) ? given[0] : given;
  return parameters instanceof PdfDict ? unpredicted(bytes, parameters) : bytes;
}

function inflated(raw: Buffer): Buffer {
  try {
    return inflateSync(raw, { maxOutputLength: MAX_UNPACKED });
  } catch (cause) {
    const tooMuch = (cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw new NotJudged(tooMuch ? "file-too-complex" : "structure-unclear", "a stream cannot be unpacked");
  }
}

function unpredicted(bytes: Buffer, parameters: PdfDict): Buffer {
  const number = (key: string, otherwise: number) => {
    const value = parameters.get(key);
    return typeof value === "number" ? value : otherwise;
  };
  const predictor = number("Predictor", 1);
  if (predictor === 1) return bytes;
  if (predictor < 10) throw new NotJudged("structure-unclear", "a predictor that is not PNG's");
  const pixel = Math.max(1, Math.ceil((number("Colors", 1) * number("BitsPerComponent", 8)) / 8));
  const width = Math.ceil((number("Colors", 1) * number("BitsPerComponent", 8) * number("Columns", 1)) / 8);
  if (!(width > 0 && width < 1 << 20))
    throw new NotJudged("structure-unclear", "a row has no sensible width");
  const rows = Math.ceil(bytes.length / (width + 1));
  const out = Buffer.alloc(rows * width);
  for (let row = 0; row < rows; row++) {
    const kind = bytes[row * (width + 1)] ?? 0;
    for (let i = 0; i < width; i++) {
      const at = row * width + i;
      const here = bytes[row * (width + 1) + 1 + i] ?? 0;
      const left = i >= pixel ? (out[at - pixel] ?? 0) : 0;
      const up = row > 0 ? (out[at - width] ?? 0) : 0;
      const corner = row > 0 && i >= pixel ? (out[at - width - pixel] ?? 0) : 0;
      out[at] = here + predicted(kind, left, up, corner);
    }
  }
  return out;
}

function predicted(kind: number, left: number, up: number, corner: number): number {
  if (kind === 0) return 0;
  if (kind === 1) return left;
  if (kind === 2) return up;
  if (kind === 3) return (left + up) >> 1;
  if (kind !== 4) throw new NotJudged("structure-unclear", "a row of an unknown kind");
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
