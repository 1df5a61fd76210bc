import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { judgeLogin, judgePush, judgeQuery } from "../../server/national-portal/judge-reply.ts";

const reply = (body: unknown, status = 200) => ({
  status,
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const kinds = (verdicts: ReturnType<typeof judgePush>) =>
  verdicts === "singly" ? verdicts : verdicts.map(({ kind }) => kind);

describe("a reply that is no answer of the portal", () => {
  const unreadable: [string, string, number][] = [
    ["an empty body", "", 200],
    ["blanks", " \n", 200],
    ["a page of HTML", "<html><body>502 Bad Gateway</body></html>", 200],
    ["truncated JSON", '{"error_code":"0","message":"Đồng bộ hồ sơ thà', 200],
    ["null", "null", 200],
    ["a list", '["0"]', 200],
    ["a text", '"0"', 200],
    ["a number", "0", 200],
    ["no error_code", '{"message":"thành công"}', 200],
    ["an error_code of null", '{"error_code":null,"message":"thành công"}', 200],
    ["an error_code that is an object", '{"error_code":{},"message":7}', 200],
    ["an error_code that is true", '{"error_code":true}', 200],
    ["an empty error_code", '{"error_code":""}', 200],
    ["a fraction as error_code", '{"error_code":0.5}', 200],
    ["HTTP 500 with an answer inside", '{"error_code":"0","message":"thành công"}', 500],
    ["HTTP 502", "Bad Gateway", 502],
    ["HTTP 503", "", 503],
    ["HTTP 429", '{"error_code":"-1"}', 429],
    ["HTTP 404 of a gateway", "<h1>not found</h1>", 404],
    ["a redirect", "", 302],
    ["HTTP 204", "", 204],
  ];
  for (const [what, body, status] of unreadable) {
    it(`is one to send again: ${what}`, () => {
      for (const judge of [judgeLogin, judgeQuery, (r: typeof given) => judgePush(r, ["a"])]) {
        assert.throws(() => judge(given), { code: "portal-unavailable" });
      }
    });
    const given = reply(body, status);
  }

  it("says whether the portal may have read what was sent", () => {
    const reached = (status: number) => {
      try {
        judgeQuery(reply("x", status));
      } catch (error) {
        return (error as { reached: boolean }).reached;
      }
      return undefined;
    };
    assert.equal(reached(200), true);
    assert.equal(reached(500), true);
    assert.equal(reached(502), false);
    assert.equal(reached(503), false);
    assert.equal(reached(404), false);
  });
});

describe("the answer to a login", () => {
  it("gives the session, whichever way code 0 is written", () => {
    for (const code of ["0", 0, "00", undefined]) {
      assert.equal(judgeLogin(reply({ session: "s", error_code: code })), "s");
    }
  });
  it("is refused with its reason", () => {
    const refused = reply({ error_code: "-1", message: "Sai mật khẩu" });
    assert.throws(() => judgeLogin(refused), {
      code: "portal-refused",
      reason: "Sai mật khẩu",
      portalCode: -1,
    });
  });
  it("is unreadable without a session, or with one of the wrong type", () => {
    for (const session of [undefined, "", 7, null]) {
      assert.throws(() => judgeLogin(reply({ session, error_code: "0" })), { code: "portal-unavailable" });
    }
  });
});

describe("the answer to a query", () => {
  it("gives the rows", () => {
    assert.deepEqual(judgeQuery(reply({ error_code: "0", result: [{ a: 1 }] })), [{ a: 1 }]);
    assert.deepEqual(judgeQuery(reply({ error_code: 0, result: null })), []);
    assert.deepEqual(judgeQuery(reply(`\uFEFF{"error_code":"00"}`)), []);
  });
  it("is unreadable when its result is no list of objects", () => {
    for (const result of [{}, "x", [1], [null], [["a"]]]) {
      assert.throws(() => judgeQuery(reply({ error_code: "0", result })), { code: "portal-unavailable" });
    }
  });
  it("says that the session has expired", () => {
    const expired = { code: "portal-session-expired" };
    assert.throws(
      () => judgeQuery(reply({ error_code: "401", message: "Phiên làm việc đã hết hạn" })),
      expired,
    );
    assert.throws(
      () => judgeQuery(reply({ error_code: -5, message: "Invalid session: session invalid" })),
      expired,
    );
    assert.throws(() => judgeQuery(reply("", 401)), expired);
    assert.throws(() => judgePush(reply("", 403), ["a"]), expired);
  });
  it("does not take a wrong version for an expired session", () => {
    const version = reply({ error_code: -1, message: "Phiên bản tài liệu không hợp lệ" });
    assert.throws(() => judgeQuery(version), { code: "portal-refused" });
  });
});

describe("the answer to a push", () => {
  const one = (error_code: unknown, message?: unknown) =>
    kinds(judgePush(reply({ error_code, message }), ["a"]));

  it("is a success when the code is 0 and the text says so", () => {
    for (const code of ["0", 0, "00"]) assert.deepEqual(one(code, "Đồng bộ hồ sơ thành công"), ["accepted"]);
    assert.deepEqual(one("0", "THÀNH CÔNG, không có lỗi"), ["accepted"]);
    // Composed of base letters and marks, as some systems write it.
    assert.deepEqual(one("0", "Thành công".normalize("NFD")), ["accepted"]);
  });
  it("is no success when code 0 stands beside a failure, or beside nothing", () => {
    const texts = [
      "Lỗi hệ thống: không lưu được dữ liệu",
      "Cập nhật không thành công",
      "Thất bại",
      "",
      undefined,
      7,
    ];
    for (const text of [...texts, "OK", "Đồng bộ chưa được thành công", "Thành công 0 hồ sơ, 1 hồ sơ lỗi"]) {
      assert.deepEqual(one("0", text), ["doubtful"], String(text));
    }
    assert.deepEqual(one(0, "SoDienThoai là trường bắt buộc"), ["refused"]);
  });
  it("knows what exists already, by code or by text", () => {
    for (const [code, text] of [
      ["3", "x"],
      ["-3", "x"],
      [3, "x"],
      [-3, undefined],
      ["-1", "Hồ sơ H đã tồn tại"],
      ["0", "Hồ sơ H đã tồn tại"],
    ]) {
      assert.deepEqual(one(code, text), ["exists"], String(text));
    }
  });
  it("knows an unknown dossier, but not an unknown procedure", () => {
    assert.deepEqual(one("4", "Hồ sơ 000.00.03.H30-231124-0001 chưa tồn tại"), ["unknown"]);
    assert.deepEqual(one("-1", "Không tìm thấy hồ sơ"), ["unknown"]);
    assert.deepEqual(one("-1", "MaTTHC không tồn tại"), ["refused"]);
  });
  it("refuses with the reason, or the code where there is none", () => {
    const verdicts = judgePush(reply({ error_code: "-1", message: "NgayHenTra không đúng" }), ["a"]);
    assert.deepEqual(verdicts, [{ kind: "refused", reason: "NgayHenTra không đúng" }]);
    assert.deepEqual(judgePush(reply({ error_code: 17 }), ["a"]), [{ kind: "refused", reason: "mã lỗi 17" }]);
    assert.deepEqual(judgePush(reply("too large", 413), ["a"]), [{ kind: "refused", reason: "HTTP 413" }]);
    assert.deepEqual(judgePush(reply("bad", 400), ["a"]), [{ kind: "refused", reason: "HTTP 400" }]);
    assert.deepEqual(kinds(judgePush(reply({ error_code: 3 }, 400), ["a"])), ["exists"]);
  });
  it("may pass when the portal is busy", () => {
    assert.deepEqual(one("-1", "Hệ thống đang bận, vui lòng thử lại sau"), ["doubtful"]);
  });

  const batch = (whole: object, lines?: unknown) =>
    kinds(judgePush(reply({ ...whole, result: lines }), ["a", "b"]));
  const ok = { error_code: "0", message: "Đồng bộ thành công" };
  const failed = { error_code: "1", message: "1/2 bản ghi không được chấp nhận" };

  it("accepts a batch as a whole", () => {
    assert.deepEqual(batch(ok), ["accepted", "accepted"]);
  });
  it("reads a line for each record", () => {
    const lines = [
      { MaHoSo: "a", ...ok },
      { MaHoSo: "b", error_code: "2", message: "Bản ghi trước của hồ sơ b không được chấp nhận" },
    ];
    assert.deepEqual(batch(failed, lines), ["accepted", "heldBack"]);
    // Also when the whole claims success.
    assert.deepEqual(batch(ok, [lines[0], { MaHoSo: "b", error_code: "-1", message: "sai" }]), [
      "accepted",
      "refused",
    ]);
  });
  it("goes singly when the portal does not say which record it means", () => {
    const line = { MaHoSo: "a", ...ok };
    for (const lines of [undefined, [], [line], [line, line], [line, null], [line, { MaHoSo: "b" }], "x"]) {
      assert.equal(batch(failed, lines), "singly", JSON.stringify(lines));
    }
    assert.equal(judgePush(reply("too large", 413), ["a", "b"]), "singly");
  });
  it("doubts all records when it doubts the whole", () => {
    assert.deepEqual(batch({ error_code: "0", message: "Lỗi hệ thống" }), ["doubtful", "doubtful"]);
  });
});
