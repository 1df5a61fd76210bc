import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { writeFollowUpBook } from "../../server/forms/follow-up-book.ts";
import type { FollowUpBook } from "../../server/forms/follow-up-book.ts";
import { aBook } from "../../tools/papers/made-up.ts";
import { dark, installed, pictureOf, run, textOf } from "../signing/papers.ts";

async function bookOf(book: FollowUpBook): Promise<{ pdf: Buffer; parts: number; largest: number }> {
  const parts: Buffer[] = [];
  await writeFollowUpBook(book, (bytes) => Promise.resolve(void parts.push(bytes)));
  return {
    pdf: Buffer.concat(parts),
    parts: parts.length,
    largest: Math.max(...parts.map(({ length }) => length)),
  };
}

const infoOf = (pdf: Buffer) => run("pdfinfo", ["a.pdf"], { "a.pdf": pdf }).said;
const pagesOf = (pdf: Buffer) => Number(/Pages:\s+(\d+)/.exec(infoOf(pdf))?.[1]);

describe("the follow-up book", function () {
  this.timeout(120_000);
  before(function () {
    if (!installed("pdftotext") || !installed("pdftoppm")) this.skip(); // apt-get install poppler-utils
  });

  it("has each dossier's line with all that the form asks for, on the long side of A4", async () => {
    const { pdf } = await bookOf(aBook(3));
    assert.match(infoOf(pdf), /Page size:\s+841\.8\d+ x 595\.2\d+ pts \(A4\)/);
    const text = textOf(pdf);
    assert.equal(text, text.normalize("NFC"));
    for (const part of [
      "Mẫu số 06 (ban hành kèm theo Thông tư số 01/2018/TT-VPCP)",
      "SỔ THEO DÕI HỒ SƠ",
      "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
      "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
      "Từ ngày 12 tháng 9 năm 2022 đến ngày 12 tháng 9 năm 2022",
      "Quyển số: 2022",
      "220912-0001",
      "Công nhận báo cáo",
      "Nguyễn Thị Thử",
      "0900000002",
      "Sở Tư pháp",
      "12/09/2022",
      "17/09/2022",
      "16/09/2022",
      "Ghi chú",
      "Ký nhận",
    ])
      assert.ok(text.includes(part), `${part} in ${text}`);
  });

  it("is a sound file for other programs", async function () {
    if (!installed("qpdf")) this.skip();
    const { pdf } = await bookOf(aBook(120));
    const checked = run("qpdf", ["--check", "a.pdf"], { "a.pdf": pdf });
    assert.equal(checked.status, 0, checked.said);
    assert.doesNotMatch(checked.said, /WARNING/);
  });

  it("numbers its pages, repeats its head on each, parts no line and keeps within its margins", async () => {
    const { pdf } = await bookOf(aBook(40));
    const pages = pagesOf(pdf);
    assert.ok(pages >= 5, `${pages} pages`);
    for (let page = 1; page <= pages; page++) {
      const text = run("pdftotext", ["-f", `${page}`, "-l", `${page}`, "-layout", "a.pdf", "-"], {
        "a.pdf": pdf,
      }).said;
      assert.match(text, /Mã hồ sơ/, `head of page ${page}`);
      const codes = [...text.matchAll(/000\.00\.13\.H30-/g)].length;
      const phones = [...text.matchAll(/09\d{8}/g)].length;
      assert.equal(codes, phones, `a line is parted on page ${page}`);
      const picture = pictureOf(pdf, page);
      assert.equal(picture.share([0, 196, 297, 13], dark), 0, `foot of page ${page}`);
      assert.equal(picture.share([0, 0, 14, 209], dark), 0, `left of page ${page}`);
      assert.equal(picture.share([283, 0, 13, 209], dark), 0, `right of page ${page}`);
    }
  });

  it("of a time in which the circular changed has a part for each", async () => {
    const { pdf } = await bookOf(aBook(24, new Date("2025-09-14T09:00:00+07:00")));
    const text = textOf(pdf);
    assert.match(text, /Mẫu số 06 \(ban hành kèm theo Thông tư số 01\/2018\/TT-VPCP\)/);
    assert.match(text, /Mẫu số 07 \(ban hành kèm theo Thông tư số 03\/2025\/TT-VPCP\)/);
    const [old = "", later = ""] = text.split("Mẫu số 07");
    assert.ok(old.includes("250914-0008") && !old.includes("250915-"));
    assert.ok(later.includes("250915-0009") && !later.includes("250914-"));
  });

  it("without a dossier says so", async () => {
    assert.match(textOf((await bookOf({ ...aBook(0), lines: [] })).pdf), /Không có hồ sơ nào/);
  });

  it("writes nothing when one name cannot be printed, and says whose it is", async () => {
    const book = aBook(30);
    const lines = book.lines.map((line, i) => (i === 28 ? { ...line, applicantName: "Nguyễn 李" } : line));
    let written = 0;
    await assert.rejects(
      writeFollowUpBook({ ...book, lines }, (bytes) => Promise.resolve(void (written += bytes.length))),
      (error: Error & { publicMessage?: string }) => {
        assert.match(error.publicMessage ?? "", /李.*hồ sơ 000\.00\.13\.H30-\d{6}-0029/);
        return true;
      },
    );
    assert.equal(written, 0);
  });

  it("of five thousand dossiers comes page by page, all of them", async () => {
    const { pdf, parts, largest } = await bookOf(aBook(5_000));
    const pages = pagesOf(pdf);
    assert.ok(pages > 500 && parts > pages, `${pages} pages in ${parts} parts`);
    assert.ok(largest < 400_000, `the largest part has ${largest} bytes`);
    const last = run("pdftotext", ["-f", `${pages}`, "-layout", "a.pdf", "-"], { "a.pdf": pdf }).said;
    assert.match(last, /^\s*5000 /m);
  });
});
