import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { acted, filed } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";

const COMMUNE = "000.15.32.H30";

/** The text layer of a PDF; undefined where pdftotext is not installed (Debian: poppler-utils). */
function textOf(pdf: Buffer): string | undefined {
  try {
    return execFileSync("pdftotext", ["-layout", "-", "-"], { input: pdf }).toString("utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

describe("the legal forms of a dossier", function () {
  this.timeout(60_000);
  const app = withTestApp();
  const form = (who: string | undefined, code: string, kind: string, headers = {}) =>
    app.as(who).get<{ bytes: Buffer; code?: string }>(`/dossiers/${code}/forms/${kind}.pdf`, headers);

  it("the receipt carries code, secret and due date, for the desk and for the citizen", async function () {
    const dossier = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
    const desk = await form("commune.frontdesk", dossier.code, "receipt");
    assert.equal(desk.status, 200);
    const citizen = await form(undefined, dossier.code, "receipt", { "X-Dossier-Secret": dossier.secret });
    assert.equal(citizen.status, 200);
    const text = textOf(desk.body.bytes);
    if (text === undefined) return this.skip();
    assert.equal(text, text.normalize("NFC"));
    for (const part of [
      dossier.code,
      dossier.secret,
      "Nguyễn Thị Thử",
      "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
      "23 tháng 11 năm 2026",
    ])
      assert.ok(text.includes(part), `${part} is not in:\n${text}`);
  });

  it("a wrong secret and an unknown code look alike", async () => {
    const dossier = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
    const wrong = await form(undefined, dossier.code, "receipt", { "X-Dossier-Secret": "AAAAAAAA" });
    const unknown = await form(undefined, "000.15.32.H30-261123-9999", "receipt", {
      "X-Dossier-Secret": "AAAAAAAA",
    });
    assert.equal(wrong.status, 404);
    assert.deepEqual(wrong.body, unknown.body);
  });

  it("the control slip is the offices' own: the citizen is told of the others alone", async () => {
    const dossier = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
    const path = `/dossiers/${dossier.code}/forms/control.pdf`;
    const { status, body } = await app
      .as()
      .get<{ code: string; detail: string }>(path, { "X-Dossier-Secret": dossier.secret });
    assert.deepEqual([status, body.code], [404, "no-such-form"]);
    assert.match(body.detail, /chỉ có: receipt, supplement, refusal, apology, stop\.$/);
  });

  it("supplement, refusal, apology, stop and control are there once what they tell has happened", async () => {
    const dossier = await filed(app, "commune.frontdesk", "1.001776", COMMUNE);
    assert.equal((await form("commune.frontdesk", dossier.code, "supplement")).status, 404);
    await acted(app.as("commune.frontdesk"), dossier.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Thiếu bản sao.",
      items: [{ documentCode: "01", note: "bản mới" }, { text: "Bản sao giấy xác nhận" }],
    });
    assert.equal((await form("commune.frontdesk", dossier.code, "supplement")).status, 200);
    await acted(app.as("commune.frontdesk"), dossier.code, {
      type: "REFUSE",
      reason: "Không thuộc thẩm quyền.",
    });
    assert.equal((await form("commune.frontdesk", dossier.code, "refusal")).status, 200);

    const sample = SAMPLES.find(({ process }) => process === "b")!;
    const { dossier: open } = await walk(app, sample, {
      from: await received(app, sample),
      until: ({ status }) => status === 4,
    });
    const extended = await acted(app.as("commune.leader"), open.code, {
      type: "EXTEND",
      dueAt: "2026-12-18T17:00:00+07:00",
      reason: "Chờ xác minh.",
    });
    assert.equal(extended.dueAt, "2026-12-18T17:00:00+07:00");
    assert.equal((await form("commune.frontdesk", open.code, "apology")).status, 200);
    await acted(app.as("commune.leader"), open.code, { type: "STOP", reason: "Không đủ cơ sở." });
    assert.equal((await form("commune.frontdesk", open.code, "stop")).status, 200);
    const control = await form("commune.clerk", open.code, "control");
    assert.equal(control.status, 200);
    // Everything was done on the day of receiving, weeks before its limit.
    const said = textOf(control.body.bytes);
    if (said !== undefined) assert.match(said, /Trước hạn/);
    const stopped = textOf((await form("commune.frontdesk", open.code, "stop")).body.bytes);
    if (stopped !== undefined) assert.match(stopped.replace(/\s+/g, " "), /Chưa phát sinh khoản phí, lệ phí/);
  });

  it("a day whose circular has no such form answers form-not-in-force", async () => {
    app.clock.moveTo("2025-08-11T08:00:00+07:00");
    const dossier: DossierBody = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
    await acted(app.as("commune.leader"), dossier.code, { type: "STOP", reason: "Theo đề nghị." });
    const reply = await form("commune.frontdesk", dossier.code, "stop");
    assert.equal(reply.status, 409);
    assert.equal(reply.body.code, "form-not-in-force");
  });
});
