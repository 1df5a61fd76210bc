import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { acted, applicationFor, expectStatus, filed, SCAN } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { withTestPortal } from "../support/portal.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";

interface Answer {
  error_code: number;
  message: string;
  code: string | null;
  secret: string | null;
  MaHoSo: string;
}

describe("the national portal hears of every step, in order", function () {
  this.timeout(90_000);
  const app = withTestApp();
  const portal = withTestPortal(app);
  const sample = SAMPLES.find(({ process }) => process === "d")!;

  it("a dossier accepted at the counter is first sent as 2, and ends as 10", async () => {
    const { dossier } = await walk(app, sample);
    await portal.settled();
    const held = await portal.received(dossier.code);
    assert.equal(held.dossier.TrangThaiHoSo, "10");
    const statuses = held.progress.map(({ TrangThai }) => TrangThai);
    assert.equal(statuses[0], "2");
    assert.deepEqual(
      statuses.filter((status, at) => status !== statuses[at - 1]),
      ["2", "4", "9", "10"],
    );
    const { body } = await app
      .as(sample.frontdesk)
      .get<{ items: { type: string }[] }>(`/dossiers/${dossier.code}/events`);
    // All events but FILE, which ACCEPT of the same commit tells.
    assert.equal(held.progress.length, body.items.length - 1);
  });

  it("statuses 5, 6, 7 and 8 are sent as they are", async () => {
    const dossier = await received(app, sample);
    const desk = app.as(sample.frontdesk);
    await acted(desk, dossier.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Thiếu.",
      items: [{ text: "Bản sao" }],
    });
    await acted(desk, dossier.code, { type: "SUPPLEMENT", documents: [] });
    await acted(desk, dossier.code, {
      type: "REQUEST_PAYMENT",
      feeCode: "other",
      amount: 50_000,
      ground: "Thông báo",
    });
    await acted(desk, dossier.code, {
      type: "PAY",
      feeCode: "other",
      amount: 50_000,
      method: "cash",
      reference: "BL-1",
    });
    await acted(desk, dossier.code, { type: "REQUEST_WITHDRAWAL", reason: "Thôi." });
    await acted(desk, dossier.code, { type: "CONFIRM_WITHDRAWAL" });
    await portal.settled();
    const held = await portal.received(dossier.code);
    const statuses = held.progress.map(({ TrangThai }) => TrangThai);
    assert.deepEqual(
      statuses.filter((status, at) => status !== statuses[at - 1]),
      ["2", "5", "2", "6", "2", "7", "8"],
    );
    assert.equal(held.dossier.TrangThaiHoSo, "8");
  });

  it("a dossier filed at the portal comes in, is supplemented by the citizen, decided, and told under the portal's number", async () => {
    const body = await applicationFor(app, sample.procedure, sample.agency);
    const application = { ...body, channel: undefined };
    const TaiLieuNop = [
      {
        MaThanhPhanHoSo: body.documents[0]!.code,
        TenTepDinhKem: "đơn.png",
        Base64: SCAN.bytes.toString("base64"),
      },
    ];
    const filing = { ...application, MaHoSo: "G22.99-261123-000777", TaiLieuNop };
    const first = await portal.post<Answer>("/_file", filing);
    assert.equal(first.error_code, 0, first.message);
    const again = await portal.post<Answer>("/_file", filing);
    assert.deepEqual([again.error_code, again.code, again.secret], [1, first.code, first.secret]);

    const code = first.code!;
    const secret = { "X-Dossier-Secret": first.secret! };
    const desk = app.as(sample.frontdesk);
    const opened = expectStatus(
      await desk.get<DossierBody & { portalCode: string; answerBy: string }>(`/dossiers/${code}`),
      200,
    );
    assert.equal(opened.status, 1);
    assert.equal(opened.portalCode, filing.MaHoSo);
    // 8 office hours on from a few minutes past eight; 24 November is a day off.
    assert.match(opened.answerBy, /^2026-11-25T08:0\d:\d\d\+07:00$/);
    assert.equal(opened.documents.length, 1);

    await acted(desk, code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Thiếu bản chính.",
      items: [{ text: "Bản chính" }],
    });
    const seen = expectStatus(
      await app.as().get<{ supplement: { reason: string } }>(`/tracking/${code}`, secret),
      200,
    );
    assert.equal(seen.supplement.reason, "Thiếu bản chính.");
    expectStatus(
      await app.as().upload(`/dossiers/${code}/documents`, { component: "other" }, SCAN, secret),
      201,
    );
    const supplied = expectStatus(
      await app
        .as()
        .post<DossierBody>(`/dossiers/${code}/events`, { type: "SUPPLEMENT", documents: [] }, secret),
      200,
    );
    assert.equal(supplied.status, 1);

    const accepted = await acted(desk, code, { type: "ACCEPT" });
    assert.equal(accepted.status, 2);
    for (const component of body.documents.slice(1).map((paper) => paper.code))
      await app.as(sample.frontdesk).upload(`/dossiers/${code}/documents`, { component }, SCAN);
    const { dossier } = await walk(app, sample, { from: accepted });
    assert.equal(dossier.status, 10);
    await portal.settled();
    for (const name of [code, filing.MaHoSo]) {
      const held = await portal.received(name);
      assert.equal(held.dossier.MaHoSo, filing.MaHoSo);
      assert.equal(held.dossier.TrangThaiHoSo, "10");
      assert.equal(held.dossier.KenhThucHien, "2");
    }
  });

  it("refuses a level-2 procedure online, with the reason, and stores nothing", async () => {
    const body = await applicationFor(app, "1.001193", "000.15.32.H30");
    const application = { ...body, channel: undefined };
    const answer = await portal.post<Answer>("/_file", { ...application, MaHoSo: "G22.99-261123-000778" });
    assert.equal(answer.error_code, -1);
    assert.match(answer.message, /mức độ 2/);
    assert.equal(answer.code, null);
  });

  it("loses and doubles nothing while the portal misbehaves", async () => {
    await portal.faults({ errorRate: 0.3, dropAckRate: 0.3, latencyMs: 5, expireSessions: true });
    const dossiers = await Promise.all(
      Array.from({ length: 6 }, () =>
        filed(app, "commune.frontdesk", "1.001193", "000.15.32.H30", { accept: true }),
      ),
    );
    for (const { code } of dossiers)
      expectStatus(
        await app.as("commune.frontdesk").upload(`/dossiers/${code}/documents`, { component: "other" }, SCAN),
        201,
      );
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await portal.faults({});
    await portal.settled(40);
    for (const { code } of dossiers) {
      const held = await portal.received(code);
      assert.equal(held.progress.length, 2);
      assert.equal(held.dossier.TrangThaiHoSo, "2");
    }
    assert.equal((await portal.get<{ outOfOrder: number }>("/_summary")).outOfOrder, 0);
  });
});
