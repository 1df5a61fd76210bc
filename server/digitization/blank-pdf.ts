import { spawn } from "node:child_process";
import {
  decodePDFRawStream,
  PDFArray,
  PDFDict,
  PDFName,
  PDFRawStream,
  PDFStream,
  type PDFDocument,
  type PDFPage,
} from "@cantoo/pdf-lib";
import { FileUnfit } from "./file-judgement.ts";
import { isBlank, type GreyPicture } from "./is-blank.ts";

/** After so many sheets with nothing but blank pictures, the next is taken to be written. */
const LOOKED_AT = 30;

/**
 * Throws FileUnfit `file-blank` when no page of a PDF has anything on it. A page with letters or lines has; one with
 * nothing but a picture is looked at with pdftoppm, where that is installed.
 */
export async function assertNotBlank(document: PDFDocument, path: string): Promise<void> {
  const pages = document.getPages();
  const marks = pages.map(marksOf);
  if (marks.includes("drawn")) return;
  const pictures = [...marks.keys()].filter((at) => marks[at] === "pictures");
  if (pictures.length > LOOKED_AT) return;
  for (const at of pictures) {
    const seen = await drawSmall(path, at + 1);
    if (seen === undefined || !isBlank(seen)) return;
  }
  throw new FileUnfit("file-blank", { pages: pages.length });
}

/** Operators that show text or paint a path (ISO 32000-1, annex A), as words of their own. */
const DRAWS = /(?:^|[\s\])>])(?:Tj|TJ|'|"|S|s|f\*?|F|B\*?|b\*?|sh)(?=[\s[(</%]|$)/;
const PICTURES = /(?:^|[\s\])>])(?:Do|BI)(?=[\s[(</%]|$)/;

function marksOf(page: PDFPage): "none" | "pictures" | "drawn" {
  const annotations = page.node.lookupMaybe(PDFName.of("Annots"), PDFArray);
  for (let at = 0; at < (annotations?.size() ?? 0); at++) {
    const one = annotations?.lookup(at);
    if (one instanceof PDFDict && one.has(PDFName.of("AP"))) return "drawn";
  }
  const text = contentOf(page);
  if (text === undefined || DRAWS.test(text)) return "drawn";
  return PICTURES.test(text) ? "pictures" : "none";
}

/** The page's operators; undefined where they cannot be read. */
function contentOf(page: PDFPage): string | undefined {
  const contents = page.node.lookup(PDFName.of("Contents"));
  const streams =
    contents instanceof PDFArray
      ? Array.from({ length: contents.size() }, (_, at) => contents.lookup(at))
      : [contents];
  try {
    return streams
      .map((stream) => {
        if (stream instanceof PDFRawStream) return decodePDFRawStream(stream).decode();
        return stream instanceof PDFStream ? stream.getContents() : new Uint8Array();
      })
      .map((bytes) => Buffer.from(bytes).toString("latin1"))
      .join("\n");
  } catch {
    return undefined;
  }
}

/** Longer than any sheet takes; then it counts as written. */
const PATIENCE_MS = 15_000;

/** One page in grey at 36 dpi; undefined where pdftoppm is missing or cannot draw it. */
function drawSmall(path: string, page: number): Promise<GreyPicture | undefined> {
  return new Promise((resolve) => {
    // With a limit on its memory (in kB): it reads what strangers send.
    const command = 'ulimit -v 1500000; exec pdftoppm -gray -r 36 -f "$1" -l "$1" "$2"';
    const child = spawn("/bin/sh", ["-c", command, "sh", String(page), path], {
      stdio: ["ignore", "pipe", "ignore"],
      timeout: PATIENCE_MS,
      killSignal: "SIGKILL",
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", () => resolve(undefined));
    child.once("close", () => resolve(readGrey(Buffer.concat(chunks))));
  });
}

/** Reads a binary PGM. */
function readGrey(bytes: Buffer): GreyPicture | undefined {
  const head = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 64).toString("latin1"));
  if (head === null) return undefined;
  const [width, height] = [Number(head[1]), Number(head[2])];
  const data = bytes.subarray(head[0].length);
  return data.length < width * height ? undefined : { data, width, height };
}
