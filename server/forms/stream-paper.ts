import { PDFName, type PDFObject, type PDFRef } from "@cantoo/pdf-lib";
import type { Paper } from "./page.ts";

/** Takes bytes, and is waited for: a slow reader holds the setting of further pages back. */
export type Write = (bytes: Buffer) => Promise<void>;

/**
 * Writes a paper of many pages while it is set, page by page, so that no more than a page of it is kept. Fonts, which
 * only the last page completes, and the list of objects follow at the end.
 */
export function streamPaper(paper: Paper, write: Write): { pages(): Promise<void>; finish(): Promise<void> } {
  const { document, sheet } = paper;
  const { context, catalog } = document;
  const tree = catalog.get(PDFName.of("Pages")) as PDFRef;
  const kids: PDFRef[] = [];
  const offsets = new Map<number, number>();
  let position = 0;

  async function emit(bytes: Buffer): Promise<void> {
    position += bytes.length;
    await write(bytes);
  }

  async function object(ref: PDFRef, value: PDFObject): Promise<void> {
    offsets.set(ref.objectNumber, position);
    const head = Buffer.from(`${ref.objectNumber} ${ref.generationNumber} obj\n`, "latin1");
    const body = Buffer.alloc(value.sizeInBytes());
    value.copyBytesInto(body, 0);
    await emit(Buffer.concat([head, body, Buffer.from("\nendobj\n\n", "latin1")]));
  }

  async function put(all: boolean): Promise<void> {
    // The comment of bytes above 127 tells programs that move files that this is no text.
    if (position === 0) await emit(Buffer.from("%PDF-1.7\n%\u0081\u0081\u0081\u0081\n\n", "latin1"));
    for (const { content, resources } of paper.take(all)) {
      const contents = context.nextRef();
      const page = context.nextRef();
      await object(contents, context.flateStream(content));
      const mediaBox = [0, 0, sheet.width, sheet.height];
      const entries = { Type: "Page", Parent: tree, MediaBox: mediaBox, Contents: contents };
      await object(page, context.obj({ ...entries, Resources: resources }));
      kids.push(page);
    }
  }

  return {
    /** Writes the pages that are full. */
    pages: () => put(false),

    async finish() {
      await put(true);
      await document.flush();
      context.assign(tree, context.obj({ Type: "Pages", Kids: kids, Count: kids.length }));
      for (const [ref, value] of context.enumerateIndirectObjects()) await object(ref, value);
      const { Root, Info } = context.trailerInfo;
      const size = context.largestObjectNumber + 1;
      const trailer = context.obj({
        Size: size,
        ...(Root === undefined ? {} : { Root }),
        ...(Info === undefined ? {} : { Info }),
      });
      const table = Array.from({ length: size }, (_, number) => {
        const offset = offsets.get(number);
        // An entry is 20 bytes long, its end of line included (ISO 32000-1, 7.5.4).
        return offset === undefined
          ? `0000000000 ${number === 0 ? "65535" : "00000"} f \n`
          : `${String(offset).padStart(10, "0")} 00000 n \n`;
      });
      const start = position;
      await emit(
        Buffer.from(
          `xref\n0 ${size}\n${table.join("")}trailer\n${trailer.toString()}\n\nstartxref\n${start}\n%%EOF\n`,
          "latin1",
        ),
      );
    },
  };
}
