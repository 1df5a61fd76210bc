import { create } from "qrcode";
import { MM, num, type Paper } from "./page.ts";

/** Width of a printed QR code without its quiet zone. */
export const QR_SIZE = 25 * MM;

/** Draws a QR code as black squares, its upper left corner at x, y; the white around it is the caller's to leave. */
export function drawQr(paper: Paper, content: string, x: number, y: number, size = QR_SIZE): void {
  const { modules } = create(content, { errorCorrectionLevel: "M" });
  const side = size / modules.size;
  const operators: string[] = [];
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++) {
      if (!modules.get(row, column)) continue;
      let run = 1;
      while (column + run < modules.size && modules.get(row, column + run)) run++;
      operators.push(
        `${num(x + column * side)} ${num(y - (row + 1) * side)} ${num(run * side)} ${num(side)} re`,
      );
      column += run;
    }
  paper.draw(`${operators.join(" ")} f`);
}
