import { LANE, NODE, layOut, wrap } from "./layout.ts";
import type { Box, Lane } from "./layout.ts";
import type { Picture, Wait } from "./picture.ts";

/** Tokens of the house (docs: the look): ink, paper, mist, muted, lam, done, late, paused, line. */
const INK = "#1C2430";
const PAPER = "#FFFFFF";
const MIST = "#F4F6F8";
const MUTED = "#56606E";
const LAM = "#0B4F8A";
const DONE = "#17603A";
const DONE_TINT = "#E5F4EB";
const LATE = "#A11B12";
const LATE_TINT = "#FDECEA";
const PAUSED = "#4B3B8F";
const PAUSED_TINT = "#EEEBFA";
const LINE = "#8A94A3";

const MARGIN = 32;
const WAIT_WIDTH = 300;

/** The picture as SVG: the steps from top to bottom, what skips or goes back beside them, the waits below. */
export function svg(picture: Picture): string {
  const title = shortened(wrap(picture.title, 62), 3);
  const top = 40 + title.length * 24 + 28;
  const { boxes, left, right, height, spineX } = layOut(picture, MARGIN, top);
  const width = MARGIN + Math.max(spineX + NODE + right.length * LANE + 24, 3 * WAIT_WIDTH + 2 * 16 + MARGIN);
  const waitsHeight = Math.max(...picture.waits.map((wait) => waitTexts(wait).length)) * 18 + 52;
  const notesY = height + 40 + waitsHeight + 32;
  const total = notesY + 56;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${total}" viewBox="0 0 ${width} ${total}" font-family="'Be Vietnam Pro', 'DejaVu Sans', sans-serif" font-size="14" fill="${INK}" role="img">
<title>${escape(picture.title)}</title>
<defs>${marker("go", LAM)}${marker("back", MUTED)}</defs>
<rect width="${width}" height="${total}" fill="${MIST}"/>
${lines(title, MARGIN, 40, 'font-size="18" font-weight="600"', 24)}
${line(picture.subtitle, MARGIN, 40 + title.length * 24, `fill="${MUTED}"`)}
${boxes.map(box).join("\n")}
${boxes.map((each, index) => forward(each, boxes[index + 1])).join("\n")}
${left.map((each, index) => lane(each, spineX - 24 - index * LANE, "left", spineX)).join("\n")}
${right.map((each, index) => lane(each, spineX + NODE + 24 + index * LANE, "right", spineX + NODE)).join("\n")}
${line("Bên cạnh các bước, hồ sơ có thể chờ; hết chờ thì về đúng chỗ cũ", MARGIN, height + 24, 'font-weight="600"')}
${picture.waits.map((wait, index) => waitCard(wait, MARGIN + index * (WAIT_WIDTH + 16), height + 40, waitsHeight)).join("\n")}
${chip("Từ chối tiếp nhận (3): từ bước đầu, hoặc khi chờ bổ sung trước tiếp nhận", MARGIN, notesY - 14, LATE, LATE_TINT)}
${chip("Dừng giải quyết (8): lãnh đạo, trước lần phê duyệt cuối", MARGIN, notesY + 18, LATE, LATE_TINT)}
</svg>
`;
}

function box({ step, x, y, height, details }: Box): string {
  const end = step.kind === "returned";
  const [stroke, fill] = end ? [DONE, DONE_TINT] : [LINE, PAPER];
  const name = wrap(step.name, 34);
  return `<g><rect x="${x}" y="${y}" width="${NODE}" height="${height}" rx="6" fill="${fill}" stroke="${stroke}"/>
${lines(name, x + 16, y + 26, `font-weight="600" font-size="15"${end ? ` fill="${DONE}"` : ""}`, 20)}
${line(`${step.status}`, x + NODE - 16, y + 26, `text-anchor="end" fill="${MUTED}" font-size="13"`)}
${line(step.who, x + 16, y + 28 + name.length * 20, `fill="${MUTED}" font-size="13"`)}
${lines(details, x + 16, y + 48 + name.length * 20, 'font-size="13"', 18)}</g>`;
}

/** The way on to the next step, straight down with its label beside it. */
function forward({ x, y, height, next }: Box, to: Box | undefined): string {
  if (to === undefined || next === undefined) return "";
  const middle = x + NODE / 2;
  const labels = wrap(next, 24);
  return `<path d="M${middle} ${y + height} V${to.y - 8}" stroke="${LAM}" stroke-width="1.5" fill="none" marker-end="url(#go)"/>
${lines(labels, middle + 12, y + height + 22 - (labels.length - 1) * 8, `fill="${LAM}" font-size="13"`, 16)}`;
}

/** Ways that skip or go back share a lane when they lead to the same step with the same words. */
function lane({ ends, to, label }: Lane, x: number, side: "left" | "right", edge: number): string {
  const [colour, mark] = side === "left" ? [LAM, "go"] : [MUTED, "back"];
  const from = ends.map((y) => `M${edge} ${y} H${x}`).join(" ");
  const all = [...ends, to];
  const tip = side === "left" ? edge - 8 : edge + 8;
  const labels = wrap(label, 20);
  const middle = (Math.min(...all) + Math.max(...all)) / 2 - (labels.length - 1) * 8;
  const anchor = side === "left" ? "end" : "start";
  return `<path d="${from} M${x} ${Math.min(...all)} V${Math.max(...all)} M${x} ${to} H${tip}" stroke="${colour}" stroke-width="1.5" fill="none" marker-end="url(#${mark})"/>
${lines(labels, side === "left" ? x - 8 : x + 8, middle, `fill="${colour}" font-size="13" text-anchor="${anchor}"`, 16)}`;
}

function waitTexts({ opens, closes }: Wait): string[] {
  return [...wrap(`Mở: ${opens.join(", ")}`, 40), ...wrap(`Hết: ${closes.join(", ")}`, 40)];
}

function waitCard(wait: Wait, x: number, y: number, height: number): string {
  return `<g><rect x="${x}" y="${y}" width="${WAIT_WIDTH}" height="${height}" rx="6" fill="${PAUSED_TINT}" stroke="${PAUSED}"/>
${line(wait.name, x + 16, y + 26, `font-weight="600" fill="${PAUSED}"`)}
${line(`${wait.status}`, x + WAIT_WIDTH - 16, y + 26, `text-anchor="end" fill="${PAUSED}" font-size="13"`)}
${lines(waitTexts(wait), x + 16, y + 48, 'font-size="13"', 18)}</g>`;
}

function shortened(words: string[], most: number): string[] {
  return words.length <= most ? words : [...words.slice(0, most - 1), `${words[most - 1] ?? ""} …`];
}

function chip(words: string, x: number, y: number, colour: string, tint: string): string {
  return `<rect x="${x}" y="${y}" width="${words.length * 7.4 + 24}" height="26" rx="6" fill="${tint}"/>
${line(words, x + 12, y + 18, `fill="${colour}" font-size="13"`)}`;
}

const marker = (id: string, colour: string) =>
  `<marker id="${id}" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8" markerHeight="8" orient="auto" markerUnits="userSpaceOnUse"><path d="M0 0 L8 4 L0 8 z" fill="${colour}"/></marker>`;

const escape = (words: string) =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const line = (words: string, x: number, y: number, style: string) =>
  `<text x="${x}" y="${y}" ${style}>${escape(words)}</text>`;

const lines = (words: string[], x: number, y: number, style: string, leading: number) =>
  words.map((each, index) => line(each, x, y + index * leading, style)).join("\n");
