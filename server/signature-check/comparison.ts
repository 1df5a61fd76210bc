import { finding, type Finding, type FindingCode } from "./findings.ts";
import { movedObjects, type PdfState } from "./pdf-state.ts";
import { canonical, PdfDict, PdfRef, PdfStream, refsIn, type PdfValue } from "./pdf-object.ts";

/** What a later revision honestly adds. */
export interface Addition {
  kind: "signature" | "timestamp" | "empty-field" | "validation-data" | "metadata";
  /** Name of the field. */
  field?: string;
}

/** Two states of a file one revision apart, and what of their difference is accounted for so far. */
export interface Comparison {
  before: PdfState;
  after: PdfState;
  /** Objects that say something else, and objects that are new. */
  changed: ReadonlySet<number>;
  added: ReadonlySet<number>;
  /** Of the changed ones, those that were judged; of the new ones, those that belong to something allowed. */
  explained: Set<number>;
  reached: Set<number>;
  findings: Finding[];
  additions: Addition[];
  say: (code: FindingCode, detail: string) => void;
  /** Takes the new objects that a value leads to as belonging to it. */
  reach: (value: PdfValue | undefined) => void;
  /**
   * Takes the object that a reference names as accounted for, when it is new, or was changed and belongs to one holder
   * alone: what may change as part of a form must not be part of a page at the same time. Its content is compared by
   * the caller. Answers whether it is new or was changed, and is taken.
   */
  take: (value: PdfValue | undefined) => boolean;
  /** How many objects refer to this one, before. */
  holders: (number: number) => number;
}

export function openComparison(before: PdfState, after: PdfState): Comparison {
  const findings: Finding[] = [];
  const say = (code: FindingCode, detail: string) => void findings.push(finding(code, detail));
  const changed = new Set<number>();
  const added = new Set<number>();
  for (const number of movedObjects(before, after)) {
    const [was, is] = [before.isLive(number), after.isLive(number)];
    if (was && !is) say("content-hidden", `object ${number} was freed`);
    else if (!was && is) added.add(number);
    else if (differs(before, after, number)) changed.add(number);
  }
  // What carries the revision itself: cross-reference streams, and the object streams that its entries name.
  const [newest] = after.sections;
  for (const number of newest?.own ?? []) added.delete(number);
  for (const entry of newest?.entries.values() ?? [])
    if (entry.kind === "packed") added.delete(entry.container);

  const explained = new Set<number>();
  const reached = new Set<number>();
  const holders = holdersIn(before);
  return {
    ...{ before, after, changed, added, explained, reached, findings, additions: [], say, holders },
    reach(value) {
      const waiting = partsOf(value);
      for (let one = waiting.pop(); one !== undefined; one = waiting.pop())
        for (const { number } of refsIn(one)) {
          if (!added.has(number) || reached.has(number)) continue;
          reached.add(number);
          waiting.push(...partsOf(after.object(number)));
        }
    },
    take(value) {
      if (!(value instanceof PdfRef)) return false;
      const { number } = value;
      if (added.has(number)) reached.add(number);
      else if (changed.has(number) && holders(number) <= 1) explained.add(number);
      else return false;
      return true;
    },
  };
}

/** The keys whose values differ; a key that is not there is null. */
export function keysThatDiffer(a: PdfDict | undefined, b: PdfDict | undefined): string[] {
  const keys = new Set([...(a?.entries.keys() ?? []), ...(b?.entries.keys() ?? [])]);
  return [...keys].filter((key) => canonical(a?.get(key)) !== canonical(b?.get(key)));
}

/** Whether the second list lacks members of the first, or has them in another order. */
export function lacksSome(list: PdfValue[], now: PdfValue[]): boolean {
  let at = 0;
  for (const one of now.map(canonical)) if (at < list.length && one === canonical(list[at])) at++;
  return at < list.length;
}

/** The members of a value; a page and a parent are where a widget belongs, not what belongs to it. */
function partsOf(value: PdfValue | undefined): PdfValue[] {
  const dict = value instanceof PdfStream ? value.dict : value;
  if (dict instanceof PdfDict)
    return [...dict.entries].flatMap(([key, one]) => (key === "P" || key === "Parent" ? [] : [one]));
  return value === undefined ? [] : [value];
}

function differs(before: PdfState, after: PdfState, number: number): boolean {
  const [a, b] = [before.entries.get(number), after.entries.get(number)];
  const generation = (entry: typeof a) => (entry?.kind === "plain" ? entry.generation : 0);
  return (
    generation(a) !== generation(b) || canonical(before.object(number)) !== canonical(after.object(number))
  );
}

/** Counted once, when it is first asked for. */
function holdersIn(state: PdfState): (number: number) => number {
  let counts: Map<number, number> | undefined;
  return (number) => {
    if (counts === undefined) {
      counts = new Map();
      for (const holder of state.entries.keys())
        for (const ref of new Set(refsIn(state.readable(holder)).map((one) => one.number)))
          counts.set(ref, (counts.get(ref) ?? 0) + 1);
    }
    return counts.get(number) ?? 0;
  };
}
