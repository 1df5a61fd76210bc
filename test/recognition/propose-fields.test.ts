import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { proposeFields } from "../../server/recognition/propose-fields.ts";
import { wordsOf } from "../../server/recognition/recognise-page.ts";
import { EXTRACT } from "./papers.ts";

describe("proposing fields from the text of a paper", () => {
  it("finds name, number, birth, and the paper's own number and date in an extract", () => {
    assert.deepEqual(proposeFields(EXTRACT.join("\n")), {
      name: "Nguyễn Thị Thử",
      identity: "093190001234",
      birth: "1990-09-05",
      number: "123/TLKS-BS",
      date: "2022-09-20",
    });
  });

  const rows: [what: string, text: string, expected: ReturnType<typeof proposeFields>][] = [
    [
      "an identity card",
      "CĂN CƯỚC CÔNG DÂN\nSố / No.: 093190001234\nHọ và tên / Full name:\nNGUYỄN THỊ THỬ\nNgày sinh / Date of birth: 05/09/1990\nGiới tính / Sex: Nữ",
      { name: "Nguyễn Thị Thử", identity: "093190001234", birth: "1990-09-05" },
    ],
    [
      "a form that somebody filled in",
      "Tôi tên là: Trần Văn Mẫu   Sinh ngày: 1/2/1985\nCMND/CCCD: 363 456 789 do Công an cấp",
      { name: "Trần Văn Mẫu", identity: "363456789", birth: "1985-02-01" },
    ],
    [
      "dots between the word and what was filled in",
      "Họ và tên: ........ Lê Thị Ví Dụ ........\nNgày sinh: ...... 30/12/1979",
      { name: "Lê Thị Ví Dụ", birth: "1979-12-30" },
    ],
    ["decomposed letters", "Họ và tên: Nguyễn Thị Thử".normalize("NFD"), { name: "Nguyễn Thị Thử" }],
    ["birth in words", "Sinh ngày 05 tháng 09 năm 1990", { birth: "1990-09-05" }],
    ["no such day", "Ngày sinh: 31/02/1990", {}],
    ["a telephone and an account are no identity numbers", "ĐT: 0912345678, TK 9704361234567890", {}],
    ["a number of no province", "CCCD: 999190001234", {}],
    ["two people's numbers, unnamed", "093190001234 và 093190005678", {}],
    ["one number, unnamed", "mang 093190001234 theo", { identity: "093190001234" }],
    ["nothing", "Kính gửi: Ủy ban nhân dân xã", {}],
    ["noise", "~~ §§ ,,, 12 / // \u0000", {}],
  ];
  for (const [what, text, expected] of rows) it(what, () => assert.deepEqual(proposeFields(text), expected));

  it("takes no longer over a long line without sense", () => {
    const started = performance.now();
    proposeFields("Họ và tên: ".repeat(20_000) + "1 ".repeat(100_000) + "A ".repeat(100_000));
    assert.ok(performance.now() - started < 3_000, `${Math.round(performance.now() - started)} ms`);
  });

  it("reads the boxes of words from tesseract's table", () => {
    const table =
      "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n" +
      "1\t1\t0\t0\t0\t0\t0\t0\t1000\t2000\t-1\t\n" +
      "5\t1\t1\t1\t1\t1\t100\t200\t50\t20\t96.4\tThử\n" +
      "5\t1\t1\t1\t1\t2\t160\t200\t50\t20\t12\t \n";
    assert.deepEqual(wordsOf(table), [{ text: "Thử", x: 100, y: 100, width: 50, height: 10, sure: 96 }]);
  });
});
