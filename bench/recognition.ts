import { spawnSync } from "node:child_process";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PDFDocument } from "@cantoo/pdf-lib";
import sharp from "sharp";
import { judgeFile } from "../server/digitization/judge-file.ts";
import { picturesToPdf } from "../server/digitization/pictures-to-pdf.ts";
import { embedTypeface } from "../server/forms/typeface.ts";
import { withReadFile } from "../server/recognition/recognise-file.ts";
import { canRecognise, findTools } from "../server/recognition/tools.ts";

/** What taking in and reading scans costs, in milliseconds a page unless it says otherwise; A4, made-up text. */
export interface RecognitionFigures {
  /** "tesseract 5.3.0"; undefined where it is not installed: then no page is recognised. */
  engine: string | undefined;
  cores: number;
  /** Judging an upload: whole file, content, blank or not. */
  judgeJpeg: number;
  judgePdf: number;
  /** A photo of 12 million pixels to its page of a PDF, and how large that is, in kB. */
  pictureToPdf: number;
  pictureToPdfSize: number;
  /** One at a time, as one worker does; with the searchable copy. */
  pagesPerMinute: number | undefined;
  /** Of a hundred letters, how many were read wrongly. */
  wrongLetters: number | undefined;
}

const LINES = [
  "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
  "Độc lập - Tự do - Hạnh phúc",
  "ĐƠN ĐỀ NGHỊ CẤP BẢN SAO TRÍCH LỤC HỘ TỊCH",
  "Kính gửi: Ủy ban nhân dân phường Thử Nghiệm, thành phố Vị Thanh",
  "Họ, chữ đệm, tên người yêu cầu: Nguyễn Thị Thử",
  "Nơi cư trú: ấp Thạnh Lợi, xã Vị Thắng, huyện Vị Thủy, tỉnh Hậu Giang",
  "Số định danh cá nhân: 093190001234, cấp ngày 20 tháng 9 năm 2022",
  "Đề nghị cơ quan cấp bản sao trích lục khai sinh cho người có tên dưới đây:",
  "Họ, chữ đệm, tên: Trần Văn Mẫu. Ngày, tháng, năm sinh: 05/09/1990",
  "Giới tính: Nam. Dân tộc: Kinh. Quốc tịch: Việt Nam",
  "Đã đăng ký tại: Ủy ban nhân dân phường Thử Nghiệm, số 45 quyển 01/2010",
  "Tôi cam đoan những nội dung khai trên đây là đúng sự thật và chịu trách nhiệm",
  "trước pháp luật về nội dung cam đoan của mình. Số lượng bản sao đề nghị cấp: 03 bản.",
];

/** Measures with this machine's own tools; each part runs for about so many seconds. */
export async function measureRecognition(seconds = 10): Promise<RecognitionFigures> {
  const folder = await mkdtemp(join(tmpdir(), "bench-recognition-"));
  try {
    const tools = await findTools();
    const { jpeg, photo, scan } = await papers(folder);
    const again = async (once: () => Promise<unknown>): Promise<number> => {
      await once();
      const begun = performance.now();
      let done = 0;
      do {
        await once();
        done++;
      } while (performance.now() - begun < seconds * 1000);
      return Math.round((performance.now() - begun) / done);
    };
    let size = 0;
    const figures: RecognitionFigures = {
      engine: canRecognise(tools) ? `tesseract ${tools.tesseract ?? ""}` : undefined,
      cores: cpus().length,
      judgeJpeg: await again(() => judgeFile(jpeg)),
      judgePdf: await again(() => judgeFile(scan)),
      pictureToPdf: await again(async () => {
        const { pdf } = await picturesToPdf(photo, folder);
        ({ size } = await stat(pdf));
      }),
      pictureToPdfSize: 0,
      pagesPerMinute: undefined,
      wrongLetters: undefined,
    };
    figures.pictureToPdfSize = Math.round(size / 1000);
    if (figures.engine === undefined) return figures;
    let text = "";
    const each = await again(() =>
      withReadFile({ path: jpeg, mediaType: "image/jpeg", pages: 1 }, tools, (read) => {
        text = read.found?.text[0] ?? "";
        return Promise.resolve();
      }),
    );
    figures.pagesPerMinute = Math.round(600_000 / each) / 10;
    const letters = (of: string) => of.replace(/\s+/g, "");
    const [meant, found] = [letters(LINES.join("")), letters(text)];
    figures.wrongLetters = Math.round((distance(meant, found) / meant.length) * 1000) / 10;
    return figures;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A page as JPEG of 200 dpi, the same as a photo of 12 million pixels that is lying down, and as a scanned PDF. */
async function papers(folder: string) {
  const document = await PDFDocument.create();
  const { regular } = await embedTypeface(document);
  const page = document.addPage([595.28, 841.89]);
  for (const [at, line] of LINES.entries())
    page.drawText(line, { x: 60, y: 780 - at * 24, size: 13, font: regular });
  const printed = join(folder, "printed.pdf");
  await writeFile(printed, await document.save());
  const drawn = join(folder, "drawn");
  if (spawnSync("pdftoppm", ["-r", "300", "-png", "-singlefile", printed, drawn]).status !== 0)
    throw new Error("pdftoppm (poppler-utils) draws the pages that are measured");
  const [jpeg, photo, scan] = ["page.jpg", "photo.jpg", "scan.pdf"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const picture = sharp(`${drawn}.png`);
  await picture
    .clone()
    .resize({ width: 1654 })
    .jpeg({ quality: 85 })
    .withMetadata({ density: 200 })
    .toFile(jpeg);
  await picture
    .clone()
    .resize({ width: 2900 })
    .rotate(270)
    .jpeg()
    .withMetadata({ orientation: 6 })
    .toFile(photo);
  const paper = await PDFDocument.create();
  const image = await paper.embedJpg(await sharp(jpeg).toBuffer());
  paper.addPage([595, 842]).drawImage(image, { x: 0, y: 0, width: 595, height: 842 });
  await writeFile(scan, await paper.save());
  return { jpeg, photo, scan };
}

/** How many letters have to be changed, added or taken away (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [i, letter] of Array.from(one).entries()) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++)
      next.push(
        Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (letter === other[j] ? 0 : 1)),
      );
    row = next;
  }
  return row[other.length] ?? 0;
}

// By itself, for whoever wants these figures alone: one line of JSON.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(JSON.stringify(await measureRecognition(Number(process.argv[2] ?? 10))));
  process.exit(0);
}
