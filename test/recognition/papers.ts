import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { PDFDocument } from "@cantoo/pdf-lib";
import { embedTypeface } from "../../server/forms/typeface.ts";

const run = promisify(execFile);

/** An extract of a birth record, as a commune prints it; everybody in it is made up. */
export const EXTRACT = [
  "ỦY BAN NHÂN DÂN PHƯỜNG THỬ NGHIỆM",
  "Số: 123/TLKS-BS",
  "Vị Thanh, ngày 20 tháng 9 năm 2022",
  "TRÍCH LỤC KHAI SINH",
  "Họ, chữ đệm, tên: NGUYỄN THỊ THỬ",
  "Ngày, tháng, năm sinh: 05/09/1990",
  "Giới tính: Nữ   Dân tộc: Kinh   Quốc tịch: Việt Nam",
  "Số định danh cá nhân: 093190001234",
  "Nơi sinh: Bệnh viện đa khoa tỉnh Hậu Giang",
  "Họ và tên mẹ: Trần Thị Mẫu",
  "Nơi cư trú: xã Vị Thắng, huyện Vị Thủy, tỉnh Hậu Giang",
];

/** The lines on A4, as letters. */
export async function printed(lines: string[]): Promise<Buffer> {
  const document = await PDFDocument.create();
  const { regular } = await embedTypeface(document);
  const page = document.addPage([595, 842]);
  for (const [at, line] of lines.entries())
    page.drawText(line, { x: 70, y: 770 - at * 26, size: 14, font: regular });
  return Buffer.from(await document.save());
}

/** The same as a scanner gives it: a PNG of 200 dpi. */
export async function scanned(lines: string[], folder: string): Promise<Buffer> {
  const file = join(folder, "printed.pdf");
  await writeFile(file, await printed(lines));
  await run("pdftoppm", ["-r", "200", "-png", "-singlefile", file, join(folder, "scanned")]);
  return readFile(join(folder, "scanned.png"));
}

/** A PDF of pictures, each over its whole page. */
export async function pdfOf(pictures: { jpeg: Buffer; width: number; height: number }[]): Promise<Buffer> {
  const document = await PDFDocument.create();
  for (const { jpeg, width, height } of pictures) {
    const picture = await document.embedJpg(jpeg);
    document.addPage([width, height]).drawImage(picture, { x: 0, y: 0, width, height });
  }
  return Buffer.from(await document.save());
}

/** What `pdftotext` reads in a file. */
export async function textIn(file: string): Promise<string> {
  return (await run("pdftotext", ["-layout", file, "-"])).stdout;
}
