import sharp, { type Metadata } from "sharp";
import { Invalid } from "../platform/errors.ts";
import type { OwnerKind } from "./configured-keys.ts";

/** An image ready to be put on paper. */
export interface JudgedImage {
  png: Buffer;
  widthMm: number;
  heightMm: number;
}

/** Where a hand has room on a Vietnamese paper, in millimetres: between title and name. */
export const HAND_MM = { width: 52, height: 25 };
/** Seals of agencies are 30 to 40 mm across, small ones less (Circular 07/2010/TT-BCA); what is far off is a wrong size. */
const SEAL_MM = { least: 15, most: 50 };
/** Finer than any office printer shows, and small in the file. */
const DPI = 400;
const MM_PER_INCH = 25.4;
/** In pixels: a scan of a whole A5 page at 600 dpi; what is larger is a trap. */
const MAX_AREA = 20_000_000;

/**
 * Looks at the image of a hand or a seal and cuts it to its ink: a PNG whose ground is transparent, blue for a person,
 * red and of its real size for an agency (Decree 30/2020/NĐ-CP, annex I). The real size of a seal is `widthMm`, across
 * its ink, else what the file says of its resolution; a hand is fitted to its place.
 * Throws Invalid: `image-broken`, `image-not-transparent`, `image-empty`, `image-colour`, `image-size`.
 */
export async function judgeSignatureImage(
  bytes: Buffer,
  ownerKind: OwnerKind,
  widthMm?: number,
): Promise<JudgedImage> {
  const metadata = await sharp(bytes, { limitInputPixels: MAX_AREA })
    .metadata()
    .catch(() => undefined);
  if (metadata?.format !== "png") throw wrong("image-broken", "Tệp không phải là ảnh PNG đọc được.");
  if (!metadata.hasAlpha)
    throw wrong("image-not-transparent", "Ảnh phải là PNG có nền trong suốt, chỉ có nét mực.");
  const ink = await inkOf(bytes);
  refuseWrongColour(ink, ownerKind);
  const trimmed = await sharp(bytes)
    .extract({ left: ink.left, top: ink.top, width: ink.width, height: ink.height })
    .toBuffer();
  const size = sizeOf(ink, ownerKind, metadata, widthMm);
  const pixels = Math.max(1, Math.round((size.widthMm / MM_PER_INCH) * DPI));
  const png = await sharp(trimmed)
    .toColourspace("srgb")
    .resize({ width: pixels, withoutEnlargement: true })
    .png({ compressionLevel: 9 })
    .toBuffer();
  return { png, ...size };
}

interface Ink {
  left: number;
  top: number;
  width: number;
  height: number;
  red: number;
  green: number;
  blue: number;
}

/** Half seen through or less is ground. */
const INK_FROM = 128;

async function inkOf(bytes: Buffer): Promise<Ink> {
  const { data, info } = await sharp(bytes, { limitInputPixels: MAX_AREA, failOn: "error" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => {
      throw wrong("image-broken", "Tệp không phải là ảnh PNG đọc được.");
    });
  let [left, top, right, bottom] = [info.width, info.height, -1, -1];
  let [count, red, green, blue] = [0, 0, 0, 0];
  for (let y = 0, at = 0; y < info.height; y++)
    for (let x = 0; x < info.width; x++, at += info.channels) {
      if ((data[at + 3] ?? 0) < INK_FROM) continue;
      count++;
      red += data[at] ?? 0;
      green += data[at + 1] ?? 0;
      blue += data[at + 2] ?? 0;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  if (count < 50) throw wrong("image-empty", "Ảnh không có nét mực nào.");
  const [width, height] = [right - left + 1, bottom - top + 1];
  // Even a round seal leaves its corners free; a picture without any ground is a photograph.
  if (count > 0.9 * width * height)
    throw wrong("image-not-transparent", "Ảnh phải là PNG có nền trong suốt, chỉ có nét mực.");
  return { left, top, width, height, red: red / count, green: green / count, blue: blue / count };
}

function refuseWrongColour({ red, green, blue }: Ink, ownerKind: OwnerKind): void {
  const clearly = 30;
  if (ownerKind === "officer" && (blue < red + clearly || blue < green + clearly / 2))
    throw wrong("image-colour", "Ảnh chữ ký của cá nhân phải có màu xanh (Nghị định 30/2020/NĐ-CP).");
  if (ownerKind === "agency" && (red < green + clearly || red < blue + clearly))
    throw wrong("image-colour", "Ảnh con dấu của cơ quan phải có màu đỏ (Nghị định 30/2020/NĐ-CP).");
}

function sizeOf(
  { width, height }: Ink,
  ownerKind: OwnerKind,
  { density }: Metadata,
  widthMm: number | undefined,
): { widthMm: number; heightMm: number } {
  if (ownerKind === "officer") {
    const scale = Math.min(HAND_MM.width / width, HAND_MM.height / height);
    return { widthMm: round(width * scale), heightMm: round(height * scale) };
  }
  // A screen's 72 or 96 dots to the inch say nothing about a seal.
  const dpi = density === undefined || density <= 96 ? undefined : density;
  const across = widthMm ?? (dpi === undefined ? undefined : (width / dpi) * MM_PER_INCH);
  if (across === undefined)
    throw wrong(
      "image-size",
      "Ảnh không cho biết kích thước thật của con dấu; hãy ghi rõ bề ngang bằng --width-mm.",
    );
  const size = { widthMm: round(across), heightMm: round((across / width) * height) };
  if (Math.max(size.widthMm, size.heightMm) > SEAL_MM.most || size.widthMm < SEAL_MM.least)
    throw wrong(
      "image-size",
      `Con dấu rộng ${size.widthMm} mm, cao ${size.heightMm} mm: phải trong khoảng ${SEAL_MM.least}–${SEAL_MM.most} mm. Hãy kiểm tra độ phân giải của ảnh hoặc ghi rõ --width-mm.`,
    );
  return size;
}

const round = (mm: number) => Math.round(mm * 100) / 100;

function wrong(code: string, message: string): Invalid {
  return new Invalid([{ path: "image", message }], message, code);
}
