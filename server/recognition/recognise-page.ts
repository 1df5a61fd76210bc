import { readFile } from "node:fs/promises";
import { runGently, type Run } from "./tools.ts";

/** A word and its box on the page, in thousandths of the page's width and height, from the upper left corner. */
export interface Word {
  text: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** 0 to 100. */
  sure: number;
}

export interface RecognisedPage {
  /** NFC, a line a line. */
  text: string;
  words: Word[];
  /** A one-page PDF with the letters alone, invisible, as large as the picture at `dpi`. */
  textLayer: string;
}

/** A page of an office paper takes 2 s; a page of noise takes a minute. In milliseconds. */
const PATIENCE_MS = 180_000;

/**
 * Recognises the Vietnamese text on a picture of one upright page (tesseract, LSTM). `base` is where it may write, with
 * endings of its own. Throws when tesseract fails or takes longer than three minutes.
 */
export async function recognisePage(
  picture: string,
  base: string,
  dpi: number,
  signal?: AbortSignal,
): Promise<RecognisedPage> {
  const how: Run = { timeoutMs: PATIENCE_MS, signal };
  await runGently(
    "tesseract",
    [
      picture,
      base,
      "-l",
      "vie",
      "--dpi",
      String(Math.round(dpi)),
      "-c",
      "textonly_pdf=1",
      "pdf",
      "txt",
      "tsv",
    ],
    how,
  );
  const [text, table] = await Promise.all([readFile(`${base}.txt`, "utf8"), readFile(`${base}.tsv`, "utf8")]);
  return {
    text: text.normalize("NFC").replace(/\f/g, "").trim(),
    words: wordsOf(table),
    textLayer: `${base}.pdf`,
  };
}

/** Reads tesseract's table: level page block par line word left top width height conf text. */
export function wordsOf(table: string): Word[] {
  const words: Word[] = [];
  let [pageWidth, pageHeight] = [0, 0];
  for (const line of table.split("\n").slice(1)) {
    const cells = line.split("\t");
    const [level, left = 0, top = 0, width = 0, height = 0, sure = -1] = [0, 6, 7, 8, 9, 10].map((at) =>
      Number(cells[at]),
    );
    const text = cells.slice(11).join("\t").trim();
    if (level === 1) [pageWidth, pageHeight] = [width, height];
    else if (level === 5 && text !== "" && pageWidth > 0 && pageHeight > 0)
      words.push({
        text: text.normalize("NFC"),
        x: Math.round((left / pageWidth) * 1000),
        y: Math.round((top / pageHeight) * 1000),
        width: Math.round((width / pageWidth) * 1000),
        height: Math.round((height / pageHeight) * 1000),
        sure: Math.round(sure),
      });
  }
  return words;
}

/** Under it tesseract guesses; a page of one line gets less than 1, a page of text 5 and more. */
const SURE = 3;

/**
 * By how many degrees clockwise a page has to be turned to stand upright; 0 where that is not sure, as on a page with
 * little text.
 */
export async function turnNeeded(picture: string, signal?: AbortSignal): Promise<0 | 90 | 180 | 270> {
  try {
    const { out } = await runGently("tesseract", [picture, "-", "--psm", "0", "-l", "osd"], {
      timeoutMs: 60_000,
      signal,
    });
    const turn = Number(/^Rotate: (\d+)/m.exec(out)?.[1] ?? 0);
    const sure = Number(/^Orientation confidence: ([\d.]+)/m.exec(out)?.[1] ?? 0);
    return sure >= SURE && (turn === 90 || turn === 180 || turn === 270) ? turn : 0;
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    // "Too few characters": there is nothing to tell it by.
    return 0;
  }
}
