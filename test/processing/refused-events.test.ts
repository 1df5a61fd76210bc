import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { acted } from "../support/dossiers.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";

interface Problem {
  code: string;
  year?: number;
  errors?: { path: string; message: string }[];
}

describe("an event that is refused", function () {
  this.timeout(60_000);
  const app = withTestApp();
  const sample = SAMPLES.find(({ process }) => process === "b")!;
  let code = "";
  const refused = async (who: string, event: unknown, headers: Record<string, string> = {}) => {
    const { status, body } = await app.as(who).post<Problem>(`/dossiers/${code}/events`, event, headers);
    return { status, code: body.code, paths: body.errors?.map(({ path }) => path), body };
  };

  before(async () => {
    const { dossier } = await walk(app, sample, {
      from: await received(app, sample),
      until: ({ status }) => status === 4,
    });
    code = dossier.code;
  });

  it("EXTEND: to a year that the calendar lacks, and to an hour that does not exist", async () => {
    const extend = (dueAt: string) => refused("commune.leader", { type: "EXTEND", dueAt, reason: "Chờ." });
    const late = await extend("9999-12-31T17:00:00+07:00");
    assert.deepEqual(
      [late.status, late.code, late.body.year, late.paths],
      [422, "calendar-missing", 9999, ["dueAt"]],
    );
    const unreal = await extend("2026-12-15T24:00:00+07:00");
    assert.deepEqual([unreal.status, unreal.code, unreal.paths], [422, "invalid", ["dueAt"]]);
  });

  it("of a kind that does not exist: only after the dossier and its version, in the order of refusals", async () => {
    const unknown = { type: "TELEPORT" };
    const at = async (who: string, address: string, headers: Record<string, string> = {}) =>
      (await app.as(who).post(`/dossiers/${address}/events`, unknown, headers)).status;
    assert.equal(await at("commune.frontdesk", "000.15.32.H30-261123-9999"), 404);
    assert.equal(await at("stp.frontdesk", code), 404);
    assert.equal(await at("commune.frontdesk", code, { "If-Match": "none" }), 400);
    assert.equal(await at("commune.frontdesk", code, { "If-Match": '"1"' }), 412);
    const known = await refused("commune.frontdesk", unknown);
    assert.deepEqual([known.status, known.code, known.paths], [422, "unknown-event", ["type"]]);
  });

  it("RETURN: to somebody with a number that no paper has", async () => {
    const { dossier } = await walk(app, sample, { until: ({ status }) => status === 9 });
    const returned = (identity: unknown) =>
      app.as("commune.frontdesk").post<Problem>(`/dossiers/${dossier.code}/events`, {
        type: "RETURN",
        recipient: { name: "Nguyễn Thị Thử", identity, method: "counter" },
      });
    const wrong = async (identity: unknown) => {
      const { status, body } = await returned(identity);
      return [status, body.errors?.[0]?.path, body.errors?.[0]?.message];
    };
    const number = "recipient.identity.number";
    const cccd = "Số định danh cá nhân (CCCD) gồm đúng 12 chữ số.";
    assert.deepEqual(await wrong({ type: "cccd", number: "12" }), [422, number, cccd]);
    assert.deepEqual(await wrong("x"), [422, "recipient.identity", "Cần ít nhất 6 ký tự."]);
    assert.equal((await returned({ type: "passport", number: "C1234567" })).status, 200);
  });

  it("CORRECT: that takes away the commune; a record from before it was asked for is corrected all the same", async () => {
    const commune = { path: "applicant.address.commune", before: "Xã Đại Thành", after: null };
    const without = await refused("commune.frontdesk", {
      type: "CORRECT",
      fields: [commune],
      reason: "Sai.",
    });
    assert.deepEqual([without.status, without.paths], [422, ["fields.0.after"]]);
    const { code: old } = await received(app, sample);
    await app.database.open().raw(
      `update dossier_people set applicant = applicant #- '{address,commune}'
        where dossier_id = (select id from dossiers where code = ?)`,
      old,
    );
    const phone = { path: "applicant.phone", before: "0900000001", after: "0900000002" };
    const event = { type: "CORRECT", fields: [phone], reason: "Nhập nhầm." };
    await acted(app.as("commune.frontdesk"), old, event);
  });

  it("CORRECT: that changes nothing at all", async () => {
    const same = (path: string, value: string) => ({ path, before: value, after: value });
    const phone = same("applicant.phone", "0900000001");
    const nothing = await refused("commune.frontdesk", { type: "CORRECT", fields: [phone], reason: "Sai." });
    assert.deepEqual([nothing.status, nothing.paths], [422, ["fields"]]);
    assert.equal(nothing.body.errors?.[0]?.message, "Nội dung sau không khác nội dung trước.");
    const fields = [phone, { path: "applicant.name", before: "Nguyễn Thị Thử", after: "Nguyễn Thị Mẫu" }];
    await acted(app.as("commune.frontdesk"), code, { type: "CORRECT", fields, reason: "Nhập nhầm." });
  });
});
