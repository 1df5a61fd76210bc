import { stat } from "node:fs/promises";
import { join } from "node:path";
import { MAX_FILE_SIZE } from "../platform/files.ts";
import type { ScanWarning } from "./file-judgement.ts";
import type { PicturePage } from "./picture-pages.ts";
import { askReader } from "./reader.ts";

/** The law's least for a scanned paper (Circular 01/2023/TT-VPCP, guidance on electronic copies). */
const LEAST_DPI = 200;
/** Many pages at once take longer than one file's judging. */
const PATIENCE_MS = 300_000;

/**
 * Makes one PDF of a JPEG, PNG or TIFF in `folder`: every page upright, by what the camera noted and then by `turn`,
 * which says how many degrees clockwise a page still lacks; compressed, 200 to 300 dpi. Warns of pages with less.
 * Throws FileUnfit when the pictures are too much.
 */
export async function picturesToPdf(
  path: string,
  folder: string,
  turn?: (picture: string) => Promise<number>,
): Promise<{ pdf: string; pages: PicturePage[]; warnings: ScanWarning[] }> {
  const limits = { processorMs: PATIENCE_MS };
  let pages = await askReader({ kind: "pages", path, folder, turns: [] }, limits);
  if (turn !== undefined) {
    const turns: number[] = [];
    for (const { file } of pages) turns.push(await turn(file));
    // From the first bytes again, so that no page is compressed twice.
    if (turns.some((degrees) => degrees !== 0))
      pages = await askReader({ kind: "pages", path, folder, turns }, limits);
  }
  const pdf = join(folder, "pictures.pdf");
  await askReader({ kind: "assemble", path, pages, out: pdf }, limits);
  if ((await stat(pdf)).size > MAX_FILE_SIZE)
    throw new Error("the PDF of the pictures is larger than a file may be");
  const warnings = pages.flatMap(({ dpi }, at): ScanWarning[] =>
    dpi < LEAST_DPI ? [{ code: "low-resolution", page: at + 1 }] : [],
  );
  return { pdf, pages, warnings };
}
