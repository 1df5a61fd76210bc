import type { Arrow, Picture, PictureStep } from "./picture.ts";

/** Width of a step. */
export const NODE = 360;
const GAP = 44;
/** Room for a lane and its words. */
export const LANE = 176;

/** A step with its place. */
export interface Box {
  step: PictureStep;
  x: number;
  y: number;
  height: number;
  details: string[];
  /** Label of the way to the step below it. */
  next: string | undefined;
}

/** A way beside the steps: where it comes from (several may share it), where it leads, what it says. */
export interface Lane {
  ends: number[];
  to: number;
  label: string;
}

/** Breaks text into lines of at most so many characters, between words. */
export function wrap(words: string, width: number): string[] {
  return words.split(/\s+/).reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || `${last} ${word}`.length > width) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

/** Places the steps one below the other, with lanes for skips on the left and ways back on the right. */
export function layOut(picture: Picture, margin: number, top: number) {
  const place = new Map(picture.steps.map(({ state }, index) => [state, index]));
  const index = (state: string) => place.get(state) ?? 0;
  const distance = ({ from, to }: Arrow) => index(to) - index(from);
  // The shortest way next to the steps, the longest outside.
  const span = (arrows: Arrow[]) => Math.max(...arrows.map((arrow) => Math.abs(distance(arrow))));
  const bySpan = (groups: Arrow[][]) => groups.sort((a, b) => span(a) - span(b));
  const skips = bySpan(shared(picture.arrows.filter((arrow) => distance(arrow) > 1)));
  const backs = bySpan(shared(picture.arrows.filter((arrow) => distance(arrow) < 1)));
  const spineX = margin + skips.length * LANE + (skips.length > 0 ? 24 : 0);

  let y = top;
  const boxes = picture.steps.map((step): Box => {
    const details = [
      ...step.agencies.flatMap((agency) => wrap(`• ${agency}`, 48)),
      ...(step.here.length === 0 ? [] : wrap(`Tại bước này: ${step.here.join(", ")}`, 48)),
    ];
    const height = 42 + wrap(step.name, 34).length * 20 + details.length * 18;
    const next = picture.arrows.find((arrow) => arrow.from === step.state && distance(arrow) === 1)?.label;
    const box = { step, x: spineX, y, height, details, next };
    y += height + GAP;
    return box;
  });

  const lane = (arrows: Arrow[], number: number, side: "left" | "right"): Lane => ({
    ends: arrows.map(({ from }) => along(boxes[index(from)], number, side === "left" ? "out" : "in")),
    to: along(boxes[index(arrows[0]?.to ?? "")], number, side === "left" ? "in" : "out"),
    label: arrows[0]?.label ?? "",
  });
  return {
    boxes,
    left: skips.map((arrows, number) => lane(arrows, number, "left")),
    right: backs.map((arrows, number) => lane(arrows, number, "right")),
    height: y - GAP + 24,
    spineX,
  };
}

/** Lanes meet a box at different heights: what leaves it lower, what comes in higher, each lane a little apart. */
function along(box: Box | undefined, lane: number, way: "in" | "out"): number {
  if (box === undefined) return 0;
  const inset = 14 + lane * 8;
  return way === "in" ? box.y + inset : box.y + box.height - inset;
}

/** Arrows that lead to the same step with the same words go together. */
function shared(arrows: Arrow[]): Arrow[][] {
  const groups = new Map<string, Arrow[]>();
  for (const arrow of arrows) {
    const key = `${arrow.to} ${arrow.label}`;
    groups.set(key, [...(groups.get(key) ?? []), arrow]);
  }
  return [...groups.values()];
}
