import { finding, NotJudged, type Finding } from "./findings.ts";
import { formFields } from "./form-fields.ts";
import { nameText, PdfDict, PdfRef, PdfStream, PdfString, stringText, type PdfValue } from "./pdf-object.ts";
import { PdfParser } from "./pdf-parser.ts";
import type { PdfState } from "./pdf-state.ts";
import { unpacked } from "./unpack.ts";

/** Actions that change what is seen, run a program, or fetch something from elsewhere. */
const ACTIONS = new Set(["JavaScript", "Launch", "ImportData", "Rendition", "SetOCGState", "Hide"]);

/**
 * Finds what makes a signed file unsafe to judge although its bytes are whole: objects that cannot be read as the
 * cross-reference says, dictionaries that repeat a key, scripts, layers that switch by themselves, and form fields whose
 * value is not what they show. Everything that can be reached from the catalogue is read.
 */
export function riskyContent(state: PdfState): Finding[] {
  const findings: Finding[] = [];
  const say = (code: Parameters<typeof finding>[0], detail: string) => {
    if (!findings.some((one) => one.code === code)) findings.push(finding(code, detail));
  };
  const seen = new Set<number>();
  const waiting: PdfValue[] = [state.trailer];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value instanceof PdfRef) {
      if (seen.has(value.number)) continue;
      seen.add(value.number);
      const object = state.object(value.number);
      if (object !== undefined) waiting.push(object);
    } else if (value instanceof PdfStream) waiting.push(value.dict);
    else if (Array.isArray(value)) for (const one of value) waiting.push(one);
    else if (value instanceof PdfDict) {
      for (const key of value.repeated)
        if (key !== "Contents" && key !== "ByteRange")
          say("structure-unclear", `a dictionary repeats ${key}`);
      const action = nameText(value.get("S"));
      if (action !== undefined && ACTIONS.has(action)) say("active-content", `an action ${action}`);
      if (value.entries.has("JS")) say("active-content", "a script");
      for (const [key, one] of value.entries) if (key !== "Parent") waiting.push(one);
    }
  }
  const { dict } = state.catalogue();
  if (state.dict(dict.get("AcroForm"))?.entries.has("XFA") === true) say("active-content", "an XFA form");
  const layers = state.dict(state.dict(dict.get("OCProperties"))?.get("D"))?.get("AS");
  if ((state.array(layers) ?? []).length > 0) say("active-content", "layers that switch by themselves");
  for (const field of formFields(state)) {
    if (field.type !== "Tx" && field.type !== "Ch") continue;
    const value = stringText(state.resolve(field.value));
    if (value === undefined || value.trim() === "") continue;
    for (const widget of field.widgets) {
      const look = state.resolve(state.dict(widget.dict.get("AP"))?.get("N"));
      if (!(look instanceof PdfStream)) continue;
      const shown = textShown(look);
      if (shown === undefined) say("field-unreadable", `field "${field.name}"`);
      else if (!plain(shown).includes(plain(value))) say("field-value-differs", `field "${field.name}"`);
    }
  }
  findings.push(...duplicates(state));
  return findings;
}

const plain = (text: string) => text.replace(/\s+/g, "");

/** The text that a field's picture writes, in plain letters; undefined where these cannot be told from their codes. */
function textShown(look: PdfStream): string | undefined {
  try {
    const content = unpacked(look);
    const parser = new PdfParser(content);
    let text = "";
    while (parser.at < content.length) {
      parser.skipWhite();
      const byte = content[parser.at];
      if (byte === undefined) break;
      // Brackets of arrays are passed by; operators are words.
      if (byte === 0x28 || (byte === 0x3c && content[parser.at + 1] !== 0x3c)) {
        const value = parser.value();
        if (value instanceof PdfString) text += value.bytes.toString("latin1");
      } else parser.at++;
    }
    return /^[\x20-\x7e\s]*$/.test(text) ? text : undefined;
  } catch (cause) {
    if (cause instanceof NotJudged) return undefined;
    throw cause;
  }
}

/**
 * An object that stands in the file besides the one of the same number that the cross-references name: programs that
 * repair files may take it instead.
 */
function duplicates(state: PdfState): Finding[] {
  const { bytes } = state.file;
  const places = new Set<number>();
  for (const section of state.sections) {
    for (const [start] of section.spans) places.add(start);
    for (const entry of section.entries.values()) if (entry.kind === "plain") places.add(entry.offset);
  }
  const starts = [...places].sort((a, b) => a - b);
  const text = bytes.toString("latin1");
  for (const match of text.matchAll(
    /(?<![0-9A-Za-z])(\d{1,10})[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+obj(?![A-Za-z0-9])/g,
  )) {
    const number = Number(match[1]);
    if (!state.isLive(number) || isPlace(text, places, match.index)) continue;
    if (!isInside(state, starts, match.index))
      return [finding("duplicate-object", `object ${number} at byte ${match.index}`)];
  }
  return [];
}

/** Cross-references may point at the blanks before an object. */
function isPlace(text: string, places: Set<number>, at: number): boolean {
  for (let place = at; place >= 0; place--) {
    if (places.has(place)) return true;
    if (!/[\0\t\n\f\r ]/.test(text[place - 1] ?? "x")) return false;
  }
  return false;
}

/** Whether a place lies within an object that is known: what looks like an object in a stream's bytes is none. */
function isInside(state: PdfState, starts: number[], at: number): boolean {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const start = starts[low - 1];
  if (start === undefined) return false;
  try {
    const object = state.file.plain.get(start) ?? state.objectAt(start);
    return object.end > at;
  } catch (cause) {
    if (cause instanceof NotJudged) return false;
    throw cause;
  }
}
