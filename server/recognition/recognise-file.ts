import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScanWarning } from "../digitization/file-judgement.ts";
import { picturesToPdf } from "../digitization/pictures-to-pdf.ts";
import { askReader } from "../digitization/reader.ts";
import { proposeFields, type Proposals } from "./propose-fields.ts";
import { drawPage, ownText, pageSizes } from "./read-pdf.ts";
import { recognisePage, turnNeeded, type Word } from "./recognise-page.ts";
import { canRecognise, type RecognitionTools } from "./tools.ts";

/** A stored file to read, by where it lies. */
export interface ToRead {
  path: string;
  mediaType: string;
  pages: number;
}

/** What was read of a file. */
export interface Found {
  /** By page. */
  text: string[];
  /** By page; none where the PDF had its text already. */
  words: Word[][];
  proposals: Proposals;
}

export interface ReadFile {
  /** Undefined where nothing here can recognise text. */
  found: Found | undefined;
  /** Where the upright PDF of a picture lies; undefined for what was a PDF. */
  pdf: string | undefined;
  /** Where the PDF with its text lies; undefined where the file is that already, or must stay as it is. */
  searchable: string | undefined;
  warnings: ScanWarning[];
}

/** More pages of one file are not read: it is a book, and the queue is for papers. */
const MOST_PAGES = 60;

/**
 * Makes an upright PDF of a picture, recognises the text of a scan and puts it into a searchable copy; hands what it
 * made to `use`, whose files are gone afterwards. Throws when a tool fails or `signal` says to stop.
 */
export async function withReadFile<T>(
  file: ToRead,
  tools: RecognitionTools,
  use: (read: ReadFile) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "motcua-read-"));
  try {
    const read =
      file.mediaType === "application/pdf"
        ? await readPdf(file, folder, tools, signal)
        : await readPictures(file, folder, tools, signal);
    return await use(read);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readPictures(
  { path }: ToRead,
  folder: string,
  tools: RecognitionTools,
  signal?: AbortSignal,
): Promise<ReadFile> {
  const turn =
    tools.tesseract !== undefined && tools.orientation
      ? (picture: string) => turnNeeded(picture, signal)
      : undefined;
  const { pdf, pages, warnings } = await picturesToPdf(path, folder, turn);
  if (!canRecognise(tools)) return { found: undefined, pdf, searchable: undefined, warnings };
  const read: Page[] = [];
  for (const [at, page] of pages.slice(0, MOST_PAGES).entries()) {
    const dpi = (page.width / page.paper.width) * 72;
    const recognised = await recognisePage(page.file, join(folder, `text-${at}`), dpi, signal);
    read.push({ ...recognised, turn: 0 });
  }
  const searchable = join(folder, "searchable.pdf");
  await addText(pdf, read, searchable);
  return { found: foundOn(read), pdf, searchable, warnings };
}

async function readPdf(
  { path, pages }: ToRead,
  folder: string,
  tools: RecognitionTools,
  signal?: AbortSignal,
): Promise<ReadFile> {
  const nothing: ReadFile = { found: undefined, pdf: undefined, searchable: undefined, warnings: [] };
  if (tools.poppler === undefined) return nothing;
  const own = await ownText(path, signal);
  if (own !== undefined)
    return { ...nothing, found: { text: own, words: [], proposals: proposeFields(own.join("\n")) } };
  if (!canRecognise(tools)) return nothing;
  const sizes = await pageSizes(path, signal);
  const read: Page[] = [];
  for (let at = 0; at < Math.min(pages, MOST_PAGES); at++) {
    const own = join(folder, String(at));
    await mkdir(own);
    const drawn = await drawPage(
      path,
      at + 1,
      join(own, "drawn"),
      sizes[at] ?? { width: 595, height: 842 },
      signal,
    );
    let { file } = drawn;
    const turn = tools.orientation ? await turnNeeded(file, signal) : 0;
    if (turn !== 0) {
      const upright = join(own, "upright.jpg");
      await askReader({ kind: "turn", path: file, degrees: turn, out: upright });
      file = upright;
    }
    read.push({ ...(await recognisePage(file, join(own, "text"), drawn.dpi, signal)), turn });
    await rm(file);
  }
  // A signature covers the bytes: a copy with more in it would not be the signed paper.
  const isSigned = (await readFile(path)).includes("/ByteRange");
  const searchable = join(folder, "searchable.pdf");
  if (!isSigned) await addText(path, read, searchable);
  return { ...nothing, found: foundOn(read), searchable: isSigned ? undefined : searchable };
}

interface Page {
  text: string;
  words: Word[];
  textLayer: string;
  turn: number;
}

/** Writing a book of scans anew takes a while, and is no attack. */
const WRITING_MS = 120_000;

async function addText(path: string, pages: Page[], out: string): Promise<void> {
  const layers = pages.map(({ textLayer: file, turn }) => ({ file, turn }));
  await askReader({ kind: "add-text", path, layers, out }, { processorMs: WRITING_MS });
}

function foundOn(pages: Page[]): Found {
  const text = pages.map((page) => page.text);
  return { text, words: pages.map(({ words }) => words), proposals: proposeFields(text.join("\n")) };
}
