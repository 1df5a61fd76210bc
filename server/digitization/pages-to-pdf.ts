import { readFile, writeFile } from "node:fs/promises";
import { PDFDocument } from "@cantoo/pdf-lib";

/** A JPEG and the size of its page in points. */
export interface PlacedPage {
  file: string;
  paper: { width: number; height: number };
}

/** Writes a PDF (1.7) with one JPEG a page, its bytes as they are. */
export async function pagesToPdf(pages: PlacedPage[], out: string): Promise<undefined> {
  const document = await PDFDocument.create();
  document.setProducer("Một cửa điện tử");
  for (const { file, paper } of pages) {
    const picture = await document.embedJpg(await readFile(file));
    document.addPage([paper.width, paper.height]).drawImage(picture, { x: 0, y: 0, ...paper });
  }
  await writeFile(out, await document.save());
  return undefined;
}
