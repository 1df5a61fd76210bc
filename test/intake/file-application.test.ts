import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { acted, applicationFor, expectStatus, filed } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { applicant } from "../support/people.ts";

const COMMUNE = "000.15.32.H30";
const BIRTH = "1.001193";

describe("filing an application at the counter", () => {
  const app = withTestApp();

  it("gives it a number of the agency and day, a secret, and status 1", async () => {
    const dossier = await filed(app, "commune.frontdesk", BIRTH, COMMUNE);
    assert.match(dossier.code, /^000\.15\.32\.H30-261123-\d{4}$/);
    assert.match(dossier.secret, /^[2-9A-HJ-NP-Z]{8}$/);
    assert.equal(dossier.status, 1);
    assert.equal(dossier.receivedAt, null);
    assert.equal(dossier.dueAt, null);
  });

  it("accepts it in the same commit when asked to, and the clock starts", async () => {
    const dossier = await filed(app, "commune.frontdesk", BIRTH, COMMUNE, { accept: true });
    assert.equal(dossier.status, 2);
    assert.equal(dossier.receivedAt, "2026-11-23T08:00:00+07:00");
    assert.equal(dossier.dueAt, "2026-11-23T17:00:00+07:00");
    const { body } = await app
      .as("commune.frontdesk")
      .get<{ items: { type: string }[] }>(`/dossiers/${dossier.code}/events`);
    assert.deepEqual(
      body.items.map(({ type }) => type),
      ["FILE", "ACCEPT"],
    );
  });

  it("counts numbers without a gap", async () => {
    const codes = await Promise.all(
      Array.from({ length: 12 }, () =>
        filed(app, "commune.frontdesk", BIRTH, COMMUNE).then(({ code }) => code),
      ),
    );
    const numbers = codes.map((code) => Number(code.slice(-4))).sort((a, b) => a - b);
    assert.deepEqual(
      numbers,
      numbers.map((_, at) => (numbers[0] ?? 0) + at),
    );
  });

  it("answers a repeated request with the first dossier and secret", async () => {
    const body = await applicationFor(app, BIRTH, COMMUNE);
    const client = app.as("commune.frontdesk");
    const key = { "Idempotency-Key": "phieu-01" };
    const replies = await Promise.all(
      Array.from({ length: 10 }, () => client.post<DossierBody>("/dossiers", body, key)),
    );
    const first = expectStatus(replies[0]!, 201);
    for (const reply of replies)
      assert.deepEqual([reply.body.code, reply.body.secret], [first.code, first.secret]);
    const other = await client.post("/dossiers", { ...body, note: "khác" }, key);
    assert.equal(other.status, 409);
    assert.equal(other.body.code, "idempotency-key-reused");
  });

  it("lets the centre file for every department and nobody for another unit", async () => {
    const department = "000.00.06.H30";
    const byCentre = await filed(app, "centre.frontdesk", "1.000664", department);
    assert.ok(byCentre.code.startsWith(department));
    const strange = await app
      .as("commune.frontdesk")
      .post("/dossiers", await applicationFor(app, "1.000664", department));
    assert.equal(strange.status, 403);
  });

  it("refuses acceptance while a required paper is missing, and stores nothing", async () => {
    const before = await app.database.open().count<{ n: number }[]>("* as n").from("dossiers").first();
    const body = { ...(await applicationFor(app, BIRTH, COMMUNE)), documents: [], accept: true };
    const reply = await app.as("commune.frontdesk").post("/dossiers", body);
    assert.equal(reply.status, 409);
    assert.equal(reply.body.rule, "papers-received");
    const after = await app.database.open().count<{ n: number }[]>("* as n").from("dossiers").first();
    assert.deepEqual(after, before);
  });

  it("is found by name and phone, however many blanks were typed, and keeps the name with one", async () => {
    const person = { ...applicant(), name: "  Đặng   Thị  Khoảng ", phone: "0909 777 123" };
    const body = { ...(await applicationFor(app, BIRTH, COMMUNE)), applicant: person };
    const client = app.as("commune.frontdesk");
    const { code, applicant: kept } = expectStatus(await client.post<DossierBody>("/dossiers", body), 201);
    assert.equal((kept as { name: string }).name, "Đặng Thị Khoảng");
    for (const q of ["dang thi khoang", "khoảng  đặng", "0909777123", "0909.777.123", "+84 909 777 123"]) {
      const found = await client.get<{ items: { code: string }[] }>(`/dossiers?q=${encodeURIComponent(q)}`);
      assert.deepEqual(
        found.body.items.map((one) => one.code),
        [code],
        q,
      );
    }
  });

  it("composes what was typed in two characters", async () => {
    const dossier = await filed(app, "commune.frontdesk", BIRTH, COMMUNE, {
      applicant: applicant({ name: "Trần Văn Mẫu".normalize("NFD") }),
    });
    const { body } = await app
      .as("commune.frontdesk")
      .get<{ applicant: { name: string } }>(`/dossiers/${dossier.code}`);
    assert.equal(body.applicant.name, "Trần Văn Mẫu".normalize("NFC"));
  });

  describe("answers bad input clearly and stores nothing:", () => {
    const rows: [what: string, change: Record<string, unknown>, path: string, code?: string][] = [
      ["an unknown procedure", { procedureCode: "9.999999" }, "procedureCode", "unknown-procedure"],
      ["an unknown agency", { agencyCode: "000.99.99.H30" }, "agencyCode", "unknown-agency"],
      [
        "a procedure this agency does not handle",
        { agencyCode: "000.00.06.H30" },
        "agencyCode",
        "agency-not-competent",
      ],
      ["a channel not offered", { channel: "online" }, "channel", "channel-not-offered"],
      [
        "an identity number of 11 digits",
        { applicant: applicant({ identity: { type: "cccd", number: "12345678901" } }) },
        "applicant.identity.number",
      ],
      [
        "letters in an identity card",
        { applicant: applicant({ identity: { type: "cmnd", number: "12345678a" } }) },
        "applicant.identity.number",
      ],
      [
        "a wrong tax code",
        { applicant: applicant({ identity: { type: "taxCode", number: "0312345678-1" } }) },
        "applicant.identity.number",
      ],
      [
        "no commune",
        { applicant: applicant({ address: { province: "Hậu Giang" } }) },
        "applicant.address.commune",
      ],
      [
        "an owner without a commune",
        {
          owner: applicant({ address: { province: "Hậu Giang" } }),
          authorisation: "Giấy ủy quyền số 1",
        },
        "owner.address.commune",
      ],
      ["an authorisation by nobody", { authorisation: "Giấy ủy quyền số 1" }, "authorisation"],
      ["no phone", { applicant: applicant({ phone: undefined }) }, "applicant.phone"],
      [
        "a control character in a name",
        { applicant: applicant({ name: "Nguyễn\u0007 Thị Thử" }) },
        "applicant.name",
      ],
      ["a name that is blank", { applicant: applicant({ name: "   " }) }, "applicant.name"],
      ["a note of 10,000 characters", { note: "x".repeat(10_000) }, "note"],
      ["a wrong type", { documents: "tất cả" }, "documents"],
      ["a paper of another procedure", { documents: [{ code: "zz" }] }, "documents.0.code"],
      ["a paper twice", { documents: [{ code: "01" }, { code: "01" }] }, "documents.1.code"],
      [
        "a negative number of copies",
        { documents: [{ code: "01", originals: 1, copies: -1 }] },
        "documents.0.copies",
      ],
      ["a field that does not exist", { khong: 1 }, "khong"],
      ["a case the procedure does not have", { case: "7" }, "case"],
      ["an owner without authorisation", { owner: applicant() }, "authorisation"],
    ];
    for (const [what, change, path, code] of rows)
      it(what, async () => {
        const db = app.database.open();
        const before = await db.count<{ n: number }[]>("* as n").from("dossiers").first();
        const body = { ...(await applicationFor(app, BIRTH, COMMUNE)), ...change };
        const reply = await app
          .as("commune.frontdesk")
          .post<{ code: string; errors: { path: string; message: string }[] }>("/dossiers", body);
        assert.equal(reply.status, 422, JSON.stringify(reply.body));
        assert.equal(reply.headers.get("content-type")?.split(";")[0], "application/problem+json");
        assert.ok(
          reply.body.errors.some((error) => error.path === path),
          JSON.stringify(reply.body.errors),
        );
        if (code !== undefined) assert.equal(reply.body.code, code);
        assert.deepEqual(await db.count<{ n: number }[]>("* as n").from("dossiers").first(), before);
      });

    it("malformed JSON: 400", async () => {
      assert.equal((await app.as("commune.frontdesk").post("/dossiers", "{")).status, 400);
    });
    it("a list instead of an object: 400", async () => {
      assert.equal((await app.as("commune.frontdesk").post("/dossiers", "[]")).status, 400);
    });
    it("a body over the limit: 413", async () => {
      const body = JSON.stringify({ note: "x".repeat(1024 * 1024 + 1) });
      assert.equal((await app.as("commune.frontdesk").post("/dossiers", body)).status, 413);
    });
    it("another type of body: 415", async () => {
      const reply = await app
        .as("commune.frontdesk")
        .post("/dossiers", "a=1", { "Content-Type": "text/plain" });
      assert.equal(reply.status, 415);
    });
    it("nobody logged in: 401", async () => {
      assert.equal((await app.as().post("/dossiers", {})).status, 401);
    });
    it("somebody who is no front desk: 403", async () => {
      assert.equal((await app.as("commune.specialist").post("/dossiers", {})).status, 403);
    });
    it("an old version: 412 that says who changed what", async () => {
      const dossier = await filed(app, "commune.frontdesk", BIRTH, COMMUNE);
      await acted(app.as("commune.frontdesk"), dossier.code, { type: "ACCEPT" });
      const reply = await app
        .as("commune.frontdesk")
        .post(
          `/dossiers/${dossier.code}/events`,
          { type: "DIGITIZE" },
          { "If-Match": `"${dossier.version}"` },
        );
      assert.equal(reply.status, 412);
      assert.equal(reply.body.changedBy, "commune.frontdesk");
      assert.equal(reply.body.change, "ACCEPT");
    });
    it("another unit's dossier: 404", async () => {
      const dossier = await filed(app, "commune.frontdesk", BIRTH, COMMUNE);
      assert.equal((await app.as("district.specialist").get(`/dossiers/${dossier.code}`)).status, 404);
      assert.equal(
        (
          await app
            .as("district.leader")
            .post(`/dossiers/${dossier.code}/events`, { type: "STOP", reason: "x" })
        ).status,
        404,
      );
    });
  });
});
