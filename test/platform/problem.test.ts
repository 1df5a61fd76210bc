import assert from "node:assert/strict";
import express from "express";
import { describe, it } from "mocha";
import request from "supertest";
import {
  Invalid,
  NotAllowed,
  NotFound,
  Refused,
  TooLarge,
  TooMany,
  Unauthenticated,
  Unreadable,
  UnsupportedMedia,
  VersionMismatch,
} from "../../server/platform/errors.ts";
import { jsonBody } from "../../server/platform/http.ts";
import { silentLog } from "../../server/platform/log.ts";
import { nothingHere, problemMapper } from "../../server/platform/problem.ts";

/** An application whose only address throws what it is given. */
function appThatThrows(thrown: unknown, limit = 100) {
  const app = express();
  app.get("/", () => {
    throw thrown;
  });
  app.post("/", jsonBody(limit), (req: express.Request, res: express.Response) => {
    res.json(req.body);
  });
  return app.use(nothingHere).use(problemMapper(silentLog));
}

describe("a problem's answer", () => {
  const cases: [unknown, number, string][] = [
    [new Unreadable(), 400, "unreadable"],
    [new Unauthenticated(), 401, "unauthenticated"],
    [new NotAllowed(), 403, "not-allowed"],
    [new NotFound(), 404, "not-found"],
    [new Refused("event-not-allowed", "Không được."), 409, "event-not-allowed"],
    [new VersionMismatch("Hồ sơ đã được sửa."), 412, "version-mismatch"],
    [new TooLarge(), 413, "too-large"],
    [new UnsupportedMedia(), 415, "unsupported-media"],
    [new Invalid([{ path: "note", message: "Quá dài." }]), 422, "invalid"],
    [new TooMany(30), 429, "too-many-requests"],
    [Object.assign(new Error("connect"), { code: "ECONNREFUSED" }), 503, "unavailable"],
    [Object.assign(new Error("shutdown"), { code: "57P01" }), 503, "unavailable"],
    [new Error("Connection terminated unexpectedly"), 503, "unavailable"],
    [new Error("select 1 where code = $1 - Connection terminated unexpectedly"), 503, "unavailable"],
    [new Error("Unable to acquire a connection"), 503, "unavailable"],
    [new TypeError("x is not a function"), 500, "internal"],
    ["a text", 500, "internal"],
    [{}, 500, "internal"],
  ];
  for (const [thrown, status, code] of cases)
    it(`is ${status} ${code} for ${thrown instanceof Error ? thrown.name : String(thrown)}`, async () => {
      const answer = await request(appThatThrows(thrown)).get("/");
      assert.equal(answer.status, status);
      assert.match(answer.headers["content-type"] ?? "", /^application\/problem\+json/);
      const body = answer.body as Record<string, unknown>;
      assert.equal(body.code, code);
      assert.equal(body.status, status);
      assert.equal(body.type, `urn:motcua:problem:${code}`);
      assert.ok(typeof body.title === "string" && typeof body.detail === "string");
    });

  it("names each wrong field", async () => {
    const errors = [{ path: "applicant.phone", message: "Hãy nhập số điện thoại." }];
    const answer = await request(appThatThrows(new Invalid(errors))).get("/");
    assert.deepEqual((answer.body as { errors: unknown }).errors, errors);
  });

  it("carries what helps to go on", async () => {
    const extras = { rule: "fees-paid", allowedEvents: ["PAY"] };
    const refused = await request(appThatThrows(new Refused("event-not-allowed", "…", { extras }))).get("/");
    assert.deepEqual((refused.body as { rule: unknown }).rule, "fees-paid");
    const late = await request(appThatThrows(new TooMany(2.5))).get("/");
    assert.equal(late.headers["retry-after"], "3");
    const unknown = await request(appThatThrows(new Unauthenticated())).get("/");
    assert.equal(unknown.headers["www-authenticate"], "Bearer");
  });

  it("tells nothing of an error inside", async () => {
    const answer = await request(appThatThrows(new Error("password=geheim at /srv/app.ts"))).get("/");
    assert.ok(!answer.text.includes("geheim"));
  });

  it("is 400 for malformed JSON, 413 over the limit, 415 for another type, 404 for no address", async () => {
    const app = appThatThrows(undefined);
    const post = (type: string, body: string) => request(app).post("/").set("Content-Type", type).send(body);
    assert.equal((await post("application/json", '{"a":')).status, 400);
    assert.equal((await post("application/json", JSON.stringify({ a: "x".repeat(200) }))).status, 413);
    assert.equal((await post("text/plain", "a")).status, 415);
    assert.equal((await post("application/json; charset=koi8", "{}")).status, 415);
    assert.equal((await post("text/plain", "a".repeat(200))).status, 413);
    const missing = await request(app).get("/nowhere");
    assert.equal(missing.status, 404);
    assert.equal((missing.body as { code: string }).code, "no-such-address");
  });

  it("is 400 for JSON that is nested too deep or is not UTF-8, and 415 for another encoding", async () => {
    const app = appThatThrows(undefined, 100_000);
    const post = (body: Buffer, charset = "utf-8") =>
      request(app)
        .post("/")
        .set("Content-Type", `application/json; charset=${charset}`)
        .serialize(() => body as unknown as string)
        .send(body);
    const nested = (depth: number, open: string, close: string) =>
      Buffer.from(`{"a":${open.repeat(depth)}1${close.repeat(depth)}}`);
    for (const [open, close] of [
      ['{"a":', "}"],
      ["[", "]"],
    ] as const) {
      assert.equal((await post(nested(99, open, close))).status, 200);
      const deep = await post(nested(5000, open, close));
      assert.deepEqual([deep.status, (deep.body as { code: string }).code], [400, "unreadable"]);
    }
    const name = (...bytes: number[]) =>
      Buffer.concat([Buffer.from('{"a":"'), Buffer.of(...bytes), Buffer.from('"}')]);
    assert.deepEqual((await post(name(0xe1, 0xbb, 0x99))).body, { a: "ộ" });
    for (const bytes of [[0xff], [0xe1, 0xbb], [0xed, 0xa0, 0x80]]) {
      const broken = await post(name(...bytes));
      assert.deepEqual([broken.status, (broken.body as { code: string }).code], [400, "unreadable"]);
    }
    assert.equal((await post(Buffer.from('{"a":1}', "utf16le"), "utf-16")).status, 415);
  });
});
