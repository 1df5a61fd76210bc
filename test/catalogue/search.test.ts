import assert from "node:assert/strict";

import { before, describe, it } from "mocha";

import { readAgencySeeds } from "../../server/catalogue/agencies.ts";
import { readDeclarations } from "../../server/catalogue/read-declarations.ts";
import { buildSearch } from "../../server/catalogue/search.ts";
import type { ProcedureSearch, SearchFilter } from "../../server/catalogue/search.ts";
import { isSlipOf } from "../../server/catalogue/search-words.ts";
import type { Declaration } from "../../workflows/declaration.ts";

let declarations: Declaration[];
let searching: ProcedureSearch;
const codes = (query: string, filter: SearchFilter = {}, limit = 20) =>
  searching.search(query, filter, limit, 0).items.map(({ code }) => code);

before(() => {
  declarations = readDeclarations();
  searching = buildSearch(declarations, readAgencySeeds());
});

describe("the search finds first", () => {
  const first: [query: string, code: string][] = [
    ["khai sinh", "1.001193"],
    ["KHAI SINH", "1.001193"],
    ["đăng ký khai sinh", "1.001193"],
    ["dang ki khai sinh", "1.001193"],
    ["thủ tục đăng ký khai sinh", "1.001193"],
    ["khaisinh", "1.001193"],
    ["khia sinh", "1.001193"],
    ["đăng ký khai snih", "1.001193"],
    ["1.001193", "1.001193"],
    ["1.001193.000.00.00.H30", "1.001193"],
    ["khai tử", "1.000656"],
    ["kết hôn", "1.000894"],
    ["đăng kí kết hôn", "1.000894"],
    ["chứng thực bản sao", "2.000815"],
    ["chung thuc ban sao", "2.000815"],
    ["sao y bản chính", "2.000815"],
    ["chứng thực chữ ký", "2.000884"],
    ["giấy phép xây dựng", "1.013225"],
    ["sổ đỏ", "1.012753"],
    ["sang tên sổ đỏ", "1.013831"],
    ["thẻ bảo hiểm y tế", "1.014137"],
  ];
  for (const [query, code] of first) {
    it(`${code} for "${query}"`, () => assert.equal(codes(query)[0], code));
  }

  it("the same for old and new tone marks, and for NFD", () => {
    assert.deepEqual(codes("hoá chất"), codes("hóa chất"));
    assert.deepEqual(codes("khai sinh".normalize("NFD")), codes("khai sinh"));
    assert.ok(codes("hóa chất").length > 10);
  });

  it("every procedure by its code and by its whole name", () => {
    for (const { code, name, displayName } of declarations) {
      assert.deepEqual(codes(code), [code]);
      if (Number(code.slice(2)) % 25 === 0) assert.ok(codes(displayName ?? name).includes(code), code);
    }
  });

  it("what the province sees before what it has not", () => {
    const found = codes("đăng ký khai sinh có yếu tố nước ngoài");
    assert.ok(found.indexOf("2.000528") < found.indexOf("1.000110"));
    assert.ok(found.includes("1.000110"));
  });

  it("nothing for nonsense, and does not fall over marks", () => {
    assert.equal(searching.search("xyzzy qqq", {}, 20, 0).total, 0);
    assert.equal(searching.search("?!()*", {}, 20, 0).total, 0);
  });
});

describe("the list without a query", () => {
  it("has all procedures by name, without the prefix", () => {
    const { items, total } = searching.search(undefined, {}, 2000, 0);
    assert.equal(total, 1851);
    const keys = items.map(({ name, displayName }) =>
      (displayName ?? name).replace(/^thủ tục (hành chính )?/i, ""),
    );
    assert.deepEqual(keys, [...keys].sort(new Intl.Collator("vi").compare));
  });

  it("is filtered and goes on where the page before ended", () => {
    const filter: SearchFilter = { level: "commune", onlineLevel: 4 };
    const whole = codes("", filter, 2000);
    assert.ok(whole.length > 10);
    const pages = [0, 7].flatMap((offset) =>
      searching.search("", filter, 7, offset).items.map(({ code }) => code),
    );
    assert.deepEqual(pages, whole.slice(0, 14));
    assert.ok(
      searching
        .search("", filter, 2000, 0)
        .items.every((one) => one.levels.includes("commune") && one.onlineLevel === 4),
    );
  });

  it("of a field, with or without diacritics", () => {
    const { total, items } = searching.search("", { field: "Hộ tịch" }, 100, 0);
    assert.equal(total, declarations.filter(({ field }) => field === "Hộ tịch").length);
    assert.ok(items.every(({ field }) => field === "Hộ tịch"));
    assert.equal(searching.search("", { field: "ho tich" }, 100, 0).total, total);
  });

  it("of an agency has what it decides", () => {
    assert.ok(codes("khai sinh", { agency: "000.15.32.H30" }).includes("1.001193"));
    assert.ok(!codes("khai sinh", { agency: "000.00.32.H30" }).includes("1.001193"));
    assert.equal(searching.search("", { agency: "000.00.99.H30" }, 20, 0).total, 0);
  });
});

describe("a referral", () => {
  const referred: [query: string, where: RegExp][] = [
    ["hộ kinh doanh", /dangkykinhdoanh/],
    ["ho kinh doanh", /dangkykinhdoanh/],
    ["thành lập doanh nghiệp", /Đăng ký kinh doanh/],
    ["lý lịch tư pháp", /Công an/],
    ["li lich tu phap", /Công an/],
    ["đổi giấy phép lái xe", /Công an/],
    ["bằng lái", /Công an/],
    ["tạm trú", /Công an cấp xã/],
    ["dang ky thuong tru", /Công an cấp xã/],
    ["căn cước công dân", /Công an/],
    ["đăng ký xe máy", /Công an/],
    ["hộ chiếu", /xuất nhập cảnh/],
    ["pccc", /phòng cháy/i],
    ["chuyển trường", /Nhà trường/],
    ["tố cáo", /Tiếp công dân/],
    ["ly hôn", /Tòa án/],
  ];
  for (const [query, where] of referred) {
    it(`says where to go for "${query}"`, () => {
      const { referral } = searching.search(query, {}, 20, 0);
      assert.match(referral?.where ?? "", where);
      assert.ok(referral?.title && referral.text);
    });
  }

  it("comes with the hits that there are", () => {
    const { referral, items } = searching.search("hộ chiếu", {}, 20, 0);
    assert.ok(referral);
    assert.ok(items.some(({ code }) => code === "2.002352"));
  });

  it("is not given for what the province handles", () => {
    for (const query of [
      "khai sinh",
      "kết hôn",
      "chứng thực bản sao",
      "1.001193",
      "giấy phép xây dựng",
      "",
    ]) {
      assert.equal(searching.search(query, {}, 5, 0).referral, undefined, query);
    }
  });
});

describe("a slip", () => {
  const pairs: [string, string, boolean][] = [
    ["sinh", "sinh", true],
    ["sinh", "snih", true],
    ["sinh", "sin", true],
    ["sinh", "sinhh", true],
    ["sinh", "sanh", true],
    ["sinh", "tanh", false],
    ["tu", "to", false],
    ["hon", "hom", true],
    ["khai", "hkia", false],
  ];
  for (const [a, b, slip] of pairs) {
    it(`${a} ${slip ? "may be" : "is not"} ${b}`, () => assert.equal(isSlipOf(a, b), slip));
  }
});
