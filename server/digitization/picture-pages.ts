import { join } from "node:path";
import sharp from "sharp";
import { MAX_AREA } from "./judge-image.ts";

/** One page of a picture, upright, as a JPEG. */
export interface PicturePage {
  file: string;
  /** Pixels. */
  width: number;
  height: number;
  /** Of the page on paper, in points. */
  paper: { width: number; height: number };
  /** What was scanned, not what the JPEG was cut down to. */
  dpi: number;
}

const INCH = 72;
const A4 = { short: 8.27, long: 11.69 };
/** Enough for text of any size on an office paper; more only takes room. */
const MOST_DPI = 300;
const QUALITY = 78;
/** A page of an office paper takes a third of this; noise takes more, and is pressed harder. In bytes. */
const HEAVY = 1_500_000;

/** How a picture lies on paper, in inches: as its scanner says, where that makes sense; else as large as A4 allows. */
export function placeOnPaper(picture: { width: number; height: number; density?: number | undefined }) {
  const { width, height, density = 0 } = picture;
  const [w, h] = [width / density, height / density];
  // 72 and 96 are what programs write who know nothing; a card is 54 mm high, A3 is 420 mm.
  if (density > 96 && Math.min(w, h) >= 1.5 && Math.max(w, h) <= 17)
    return { dpi: density, width: w, height: h };
  const dpi = Math.max(Math.min(width, height) / A4.short, Math.max(width, height) / A4.long);
  return { dpi, width: width / dpi, height: height / dpi };
}

/**
 * Writes each page of a picture into `folder` as an upright JPEG at 200 to 300 dpi (what has less keeps what it has).
 * `turns` are degrees clockwise by page, on top of what the camera noted (EXIF).
 */
export async function picturePages(path: string, folder: string, turns: number[]): Promise<PicturePage[]> {
  const { pages: count = 1 } = await sharp(path, { limitInputPixels: false }).metadata();
  const pages: PicturePage[] = [];
  for (let page = 0; page < count; page++) {
    const open = () => sharp(path, { page, limitInputPixels: MAX_AREA, sequentialRead: true });
    const { width, height, density, orientation = 1 } = await open().metadata();
    const lying = [5, 6, 7, 8].includes(orientation);
    const seen = lying ? { width: height, height: width, density } : { width, height, density };
    const placed = placeOnPaper(seen);
    const shrink = Math.min(1, MOST_DPI / placed.dpi);
    const upright = await open()
      .autoOrient()
      .flatten({ background: "white" })
      .resize({ width: Math.max(1, Math.round(seen.width * shrink)) })
      .toColourspace("srgb")
      .jpeg({ quality: 95 })
      .toBuffer();
    const turned = sharp(upright).rotate(turns[page] ?? 0);
    const file = join(folder, `page-${page + 1}.jpg`);
    let info = await turned.clone().jpeg({ quality: QUALITY }).toFile(file);
    if (info.size > HEAVY) info = await turned.clone().jpeg({ quality: 50 }).toFile(file);
    const onSide = (turns[page] ?? 0) % 180 !== 0;
    const [w, h] = onSide ? [placed.height, placed.width] : [placed.width, placed.height];
    pages.push({
      file,
      width: info.width,
      height: info.height,
      paper: { width: w * INCH, height: h * INCH },
      dpi: placed.dpi,
    });
  }
  return pages;
}

/** Turns a picture by `degrees` clockwise and writes it to `out`. */
export async function turnPicture(path: string, degrees: number, out: string): Promise<undefined> {
  await sharp(path, { limitInputPixels: MAX_AREA }).rotate(degrees).jpeg({ quality: 90 }).toFile(out);
  return undefined;
}
