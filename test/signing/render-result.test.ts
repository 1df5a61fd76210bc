import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { NotPrintable } from "../../server/forms/typeface.ts";
import { resultTemplate } from "../../server/forms/result-template.ts";
import { renderResult } from "../../server/signing/render-result.ts";
import { aResult, dark, installed, pictureOf, run, textOf } from "./papers.ts";

describe("a result on paper", () => {
  before(function () {
    if (!installed("pdftotext") || !installed("pdftoppm")) this.skip(); // apt-get install poppler-utils
  });

  it("says what was decided, with every diacritic composed", async () => {
    const text = textOf(await renderResult(aResult()));
    assert.equal(text, text.normalize("NFC"));
    for (const part of [
      "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
      "Độc lập - Tự do - Hạnh phúc",
      "ỦY BAN NHÂN DÂN",
      "SỞ TƯ PHÁP",
      "Số: 125/QĐ-STP",
      "Hậu Giang, ngày 20 tháng 9 năm 2022",
      "Về việc công nhận báo cáo viên pháp luật",
      "GIÁM ĐỐC SỞ TƯ PHÁP",
      "Nghị định số 61/2018/NĐ-CP",
      "Chấp thuận đề nghị của Nguyễn Thị Thử",
      "000.00.13.H30-220916-0007",
      "Lĩnh vực: Tư pháp, hộ tịch.",
      "Nơi nhận:",
      "Trần Văn Mẫu",
    ])
      assert.ok(text.includes(part), part);
  });

  it("cites the decree in force on its day", async () => {
    const text = textOf(await renderResult(aResult({ date: new Date("2025-07-01T00:00:00+07:00") })));
    assert.match(text, /118\/2025\/NĐ-CP/);
    assert.match(text, /ngày 01 tháng 7 năm 2025/);
    const dayBefore = textOf(await renderResult(aResult({ date: new Date("2025-06-30T23:59:59+07:00") })));
    assert.match(dayBefore, /61\/2018\/NĐ-CP/);
  });

  it("denies by a decision with its reason and the way to complain, whatever the paper would have been", async () => {
    const denial = aResult({
      outcome: "deny",
      reason: "Chưa đủ điều kiện",
      resultTitle: "Giấy phép xây dựng",
    });
    const text = textOf(await renderResult(denial));
    assert.match(
      text,
      /QUYẾT ĐỊNH Về việc không chấp thuận giải quyết thủ tục công nhận báo cáo viên pháp luật/,
    );
    assert.match(text, /Không chấp thuận đề nghị của Nguyễn Thị Thử/);
    assert.match(text, /Lý do: Chưa đủ điều kiện\./);
    assert.match(text, /quyền khiếu nại hoặc khởi kiện/);
    assert.doesNotMatch(text, /GIẤY PHÉP XÂY DỰNG/);
  });

  it("titles a certificate by its name and no decision", async () => {
    const text = textOf(await renderResult(aResult({ resultTitle: "Giấy phép xây dựng" })));
    assert.match(text, /GIẤY PHÉP XÂY DỰNG/);
    assert.doesNotMatch(text, /QUYẾT ĐỊNH/);
  });

  it("names the laws of its kind and the grounds of the draft, and prints these as nothing else", async () => {
    const birth = textOf(
      await renderResult(
        aResult({
          resultTitle: "Giấy khai sinh",
          procedureName: "Đăng ký khai sinh",
          fields: [
            { label: "Họ, chữ đệm, tên", value: "Nguyễn Thị Mẫu" },
            { label: "Căn cứ", value: "Giấy chứng sinh số 12;\ncăn cứ Tờ khai đăng ký khai sinh." },
          ],
        }),
      ),
    );
    assert.match(birth, /Căn cứ Luật Hộ tịch số 60\/2014\/QH13 ngày 20 tháng 11 năm 2014;/);
    assert.match(birth, /Căn cứ Giấy chứng sinh số 12; Căn cứ Tờ khai đăng ký khai sinh;/);
    assert.match(birth, /Họ, chữ đệm, tên: Nguyễn Thị Mẫu\./);
    assert.doesNotMatch(birth, /Căn cứ:/);
    const other = textOf(await renderResult(aResult()));
    assert.doesNotMatch(other, /Luật Hộ tịch/);
    const denied = textOf(
      await renderResult(
        aResult({ resultTitle: "Giấy khai sinh", outcome: "deny", reason: "Thiếu", fields: [] }),
      ),
    );
    assert.doesNotMatch(denied, /Luật Hộ tịch/);
  });

  it("has a template for certificates, licences and extracts, and a plain one for everything else", () => {
    for (const [title, field] of [
      ["Giấy khai sinh", "Số định danh cá nhân"],
      ["Giấy phép xây dựng", "Điều kiện kèm theo"],
      ["Giấy chứng nhận đăng ký hộ kinh doanh", "Nội dung chứng nhận"],
      ["Trích lục đăng ký khai tử", "Nội dung trích lục"],
      ["Quyết định phê duyệt", "Nội dung giải quyết"],
    ] as const)
      assert.ok(resultTemplate(title).fields.includes(field), title);
  });

  it("shows its letters on the page and not only in the text layer", async () => {
    const page = pictureOf(await renderResult(aResult()));
    assert.deepEqual([page.width, page.height], [827, 1170]);
    const places: [string, [number, number, number, number]][] = [
      ["motto", [110, 21, 80, 10]],
      ["agency", [40, 21, 40, 14]],
      ["title", [85, 46, 40, 12]],
      ["body", [40, 72, 140, 40]],
      ["QR code", [30, 195, 25, 20]],
    ];
    for (const [what, box] of places) assert.ok(page.share(box, dark) > 0.03, what);
    assert.equal(page.share([0, 0, 29, 297], dark), 0, "left margin");
    assert.equal(page.share([191, 0, 18, 297], dark), 0, "right margin");
  });

  it("goes on over further pages, numbered from the second", async () => {
    const long = "Nội dung thẩm định rất dài, cần nhiều trang để trình bày đầy đủ. ".repeat(120);
    const pdf = await renderResult(aResult({ outcome: "deny", reason: `${long}HẾT` }));
    const pages = Number(/Pages:\s+(\d+)/.exec(run("pdfinfo", ["a.pdf"], { "a.pdf": pdf }).said)?.[1]);
    assert.ok(pages >= 3, `${pages} pages`);
    const second = run("pdftotext", ["-f", "2", "-l", "2", "a.pdf", "-"], { "a.pdf": pdf }).stdout.toString();
    assert.match(second, /^2\s/);
    assert.match(textOf(pdf), /HẾT\./);
    const first = pictureOf(pdf, 1);
    assert.equal(first.share([95, 8, 20, 8], dark), 0, "no number on the first page");
    assert.ok(pictureOf(pdf, 2).share([95, 8, 20, 8], dark) > 0);
    assert.equal(first.share([0, 279, 210, 17], dark), 0, "bottom margin");
  });

  it("breaks a word that is longer than a line", async () => {
    const word = "x".repeat(10_000);
    const pdf = await renderResult(aResult({ fields: [{ label: "Ghi chú", value: word }] }));
    assert.ok(textOf(pdf).replaceAll(" ", "").includes("x".repeat(200)));
    assert.equal(pictureOf(pdf).share([191, 0, 18, 297], dark), 0);
  });

  it("prints foreign names, and refuses a character that it has no letter for", async () => {
    const name = "Łukasz Ñandú Þór Ødegård Čapek – Иван Ψ";
    assert.ok(textOf(await renderResult(aResult({ applicantName: name }))).includes(name));
    await assert.rejects(renderResult(aResult({ applicantName: "王小明" })), (error: NotPrintable) => {
      assert.ok(error instanceof NotPrintable);
      assert.equal(error.code, "character-not-printable");
      assert.equal(error.character, "王");
      return true;
    });
    await assert.rejects(renderResult(aResult({ applicantName: "Bell\u0007" })), NotPrintable);
  });

  it("gives every paper its whole text, whatever was printed before it", async () => {
    // Letters first met as parts of others ("w" in "ẁ") once had no text in the papers after.
    const all = (text: string) => aResult({ applicantName: text, signerTitle: text, number: text });
    await renderResult(all("Ẁ ẁ Ẑ ẑ Ẋ ẋ Ḱ ḱ"));
    const text = textOf(await renderResult(all("WwZzXxKk")));
    assert.ok([...text.matchAll(/WwZzXxKk/g)].length >= 4, text);
  });

  it("makes the same bytes of the same result, decomposed letters or not", async () => {
    const one = await renderResult(aResult());
    assert.ok(one.equals(await renderResult(aResult())));
    assert.ok(one.equals(await renderResult(aResult({ applicantName: "Nguyễn Thị Thử".normalize("NFD") }))));
    assert.ok(!one.equals(await renderResult(aResult({ applicantName: "Nguyễn Thị Thứ" }))));
  });

  it("embeds its typeface and passes qpdf", async function () {
    if (!installed("qpdf")) this.skip();
    const pdf = await renderResult(aResult());
    const fonts = run("pdffonts", ["a.pdf"], { "a.pdf": pdf }).said.trim().split("\n").slice(2);
    assert.equal(fonts.length, 4);
    for (const font of fonts) assert.match(font, /Tinos.*Identity-H\s+yes yes yes/);
    assert.equal(run("qpdf", ["--check", "a.pdf"], { "a.pdf": pdf }).status, 0);
  });
});
