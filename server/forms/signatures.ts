import { centred } from "./heading.ts";
import { MM, type Box, type Paper } from "./page.ts";

export interface SigningPlace {
  /** Above the title, when one signs for another: "KT. GIÁM ĐỐC". */
  onBehalf?: string | undefined;
  /** "GIÁM ĐỐC", "NGƯỜI NỘP HỒ SƠ". */
  title: string;
  /** "(Ký và ghi rõ họ tên)". */
  note?: string | undefined;
  name?: string | undefined;
}

export const SIGN_HERE = "(Ký và ghi rõ họ tên)";

/** Height left for a signature, and a seal over it, between title and name. */
const ROOM = 30 * MM;

/** How high a signing place of this room is, in points. */
export function signingHeight(room = ROOM): number {
  return room + 3 * 17 + 8;
}

/**
 * One signing place in a column: title, note, room, name. Answers the box of the room; the cursor stays.
 * The caller makes sure that `signingHeight` is left on the page.
 */
export function drawSigningPlace(
  paper: Paper,
  place: SigningPlace,
  column: { x: number; width: number },
  room = ROOM,
): { box: Box; end: number } {
  let y = paper.y;
  const put = (text: string, style: "regular" | "bold" | "italic", size: number) => {
    y -= paper.lines(centred(text, { style, size }, column.width), {
      ...column,
      top: y,
      align: "center",
      leading: 1.2,
    });
  };
  if (place.onBehalf) put(place.onBehalf.toLocaleUpperCase("vi"), "bold", 13.5);
  put(place.title.toLocaleUpperCase("vi"), "bold", 13.5);
  if (place.note) put(place.note, "italic", 12);
  y -= room;
  const box = { x: column.x, y, width: column.width, height: room };
  if (place.name) put(place.name, "bold", 13.5);
  return { box, end: y };
}

/** Two people sign side by side; moves the cursor below them. */
export function drawTwoSigningPlaces(
  paper: Paper,
  first: SigningPlace,
  second: SigningPlace,
  room = 17 * MM,
): void {
  const width = paper.width / 2 - 8;
  paper.ensure(signingHeight(room));
  const { end } = drawSigningPlace(paper, first, { x: paper.left, width }, room);
  const { end: other } = drawSigningPlace(
    paper,
    second,
    { x: paper.left + paper.width - width, width },
    room,
  );
  paper.y = Math.min(end, other);
}

/**
 * The foot of an official letter: "Nơi nhận" and its lines on the left, the place of signing on the right
 * (Decree 30/2020, annex I, II.7 and 9). Answers the room of the signature; the cursor is below the recipients.
 */
export function drawRecipientsAndSigner(paper: Paper, recipients: string[], place: SigningPlace): Box {
  paper.ensure(signingHeight());
  const width = 82 * MM;
  const column = { x: paper.left + paper.width - width, width };
  const { box } = drawSigningPlace(paper, place, column);
  paper.paragraph("Nơi nhận:", { style: "bold-italic", size: 12, right: paper.width - 62 * MM });
  for (const line of recipients)
    paper.paragraph(`- ${line}`, { size: 11, right: paper.width - 62 * MM, align: "left", leading: 1.15 });
  return box;
}
