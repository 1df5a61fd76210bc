import { readFile, writeFile } from "node:fs/promises";
import {
  concatTransformationMatrix,
  degrees,
  drawObject,
  PDFDocument,
  popGraphicsState,
  pushGraphicsState,
} from "@cantoo/pdf-lib";

/** The recognised text of one page: a one-page PDF with invisible letters, and how far the page was turned to read it. */
export interface TextLayer {
  file: string;
  /** Degrees clockwise, on top of how the page shows. */
  turn: number;
}

/**
 * Puts an invisible text over each page of a PDF, so that it can be searched and copied; what is seen stays as it is,
 * but for a page that lay on its side or head, which is set upright.
 */
export async function addTextLayer(path: string, layers: TextLayer[], out: string): Promise<undefined> {
  const document = await PDFDocument.load(await readFile(path), { updateMetadata: false });
  for (const [at, { file, turn }] of layers.entries()) {
    const page = document.getPage(at);
    const shown = ((((page.getRotation().angle + turn) % 360) + 360) % 360) as 0 | 90 | 180 | 270;
    if (turn !== 0) page.setRotation(degrees(shown));
    const [text] = await document.embedPdf(await readFile(file));
    if (text === undefined) continue;
    const name = page.node.newXObject("Text", text.ref);
    const box = page.getCropBox();
    page.pushOperators(
      pushGraphicsState(),
      concatTransformationMatrix(...place(box, shown, text.width, text.height)),
      drawObject(name),
      popGraphicsState(),
    );
  }
  await writeFile(out, await document.save());
  return undefined;
}

/** The matrix that lays a text of `width` × `height`, upright as seen, over a box of a page that shows turned. */
function place(
  { x, y, width: w, height: h }: { x: number; y: number; width: number; height: number },
  shown: 0 | 90 | 180 | 270,
  width: number,
  height: number,
): [number, number, number, number, number, number] {
  switch (shown) {
    case 0:
      return [w / width, 0, 0, h / height, x, y];
    case 90:
      return [0, h / width, -w / height, 0, x + w, y];
    case 180:
      return [-w / width, 0, 0, -h / height, x + w, y + h];
    case 270:
      return [0, -h / width, w / height, 0, x, y + h];
  }
}
