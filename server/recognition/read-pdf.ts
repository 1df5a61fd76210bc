import { rename } from "node:fs/promises";
import { runGently } from "./tools.ts";

/** Fewer letters a page than this are a stamp or a page number over a picture, not its text. */
const LETTERS = 40;

/** The text that a PDF has itself, by page; undefined where it is a scan. Throws when it cannot be read. */
export async function ownText(path: string, signal?: AbortSignal): Promise<string[] | undefined> {
  const { out } = await runGently("pdftotext", ["-layout", "-enc", "UTF-8", path, "-"], {
    timeoutMs: 60_000,
    signal,
  });
  const pages = out
    .normalize("NFC")
    .replace(/\f$/, "")
    .split("\f")
    .map((page) => page.trim());
  const letters = pages.join("").replace(/[^\p{L}\p{N}]/gu, "").length;
  return letters >= LETTERS * pages.length ? pages : undefined;
}

export const RASTER_DPI = 300;
/** No page is drawn larger, in pixels: a poster of a metre needs no 300 dpi. */
const LONGEST = 4_500;

/** Draws one page of a PDF (from 1) as a JPEG into `base`.jpg, and answers its file and dpi. */
export async function drawPage(
  path: string,
  page: number,
  base: string,
  size: { width: number; height: number },
  signal?: AbortSignal,
) {
  const longest = Math.max(size.width, size.height) / 72;
  const dpi = Math.max(20, Math.min(RASTER_DPI, Math.floor(LONGEST / Math.max(1, longest))));
  const args = [
    "-jpeg",
    "-r",
    String(dpi),
    "-f",
    String(page),
    "-l",
    String(page),
    "-cropbox",
    "-singlefile",
  ];
  await runGently("pdftoppm", [...args, path, base], { timeoutMs: 120_000, signal });
  const file = `${base}.page.jpg`;
  await rename(`${base}.jpg`, file);
  return { file, dpi };
}

/** Sizes of a PDF's pages in points, as pdfinfo tells them. */
export async function pageSizes(
  path: string,
  signal?: AbortSignal,
): Promise<{ width: number; height: number }[]> {
  const { out } = await runGently("pdfinfo", ["-f", "1", "-l", "-1", path], { timeoutMs: 60_000, signal });
  return [...out.matchAll(/^Page\s+\d+ size:\s+([\d.]+) x ([\d.]+) pts/gm)].map(([, width, height]) => ({
    width: Number(width),
    height: Number(height),
  }));
}
