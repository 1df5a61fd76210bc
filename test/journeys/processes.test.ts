import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { withTestApp } from "../support/app.ts";
import { acted, expectStatus, filed } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";

describe("every process from start to each of its ends, over HTTP", function () {
  this.timeout(120_000);
  const app = withTestApp();

  for (const sample of SAMPLES) {
    const { process, procedure, frontdesk, units } = sample;
    describe(`(${process}) ${procedure}`, () => {
      it("is granted, signed, sealed and returned", async () => {
        const { dossier, trail } = await walk(app, sample);
        assert.equal(dossier.status, 10, trail.join(" "));
        const result = await app.as(frontdesk).get<{ bytes: Buffer }>(`/dossiers/${dossier.code}/result.pdf`);
        if (process === "j") assert.equal(result.status, 404);
        else {
          assert.equal(result.status, 200);
          assert.equal(result.body.bytes.subarray(0, 5).toString(), "%PDF-");
          assert.equal(result.body.bytes.toString("latin1").match(/\/Type \/Sig\b/g)?.length, 2);
        }
      });

      it("is denied by a signed and sealed decision, which is returned", async () => {
        const { dossier, trail } = await walk(app, sample, { outcome: "deny" });
        assert.equal(dossier.status, 10, trail.join(" "));
        assert.equal(
          expectStatus(await app.as(frontdesk).get(`/dossiers/${dossier.code}/result.pdf`), 200).bytes !==
            undefined,
          true,
        );
      });

      it("is refused at intake", async () => {
        const dossier = await filed(app, frontdesk, procedure, sample.agency);
        const after = await acted(app.as(frontdesk), dossier.code, {
          type: "REFUSE",
          reason: "Không thuộc thẩm quyền.",
        });
        assert.equal(after.status, 3);
        assert.deepEqual(after.allowedEvents, []);
      });

      it("is stopped by the leader before the last approval", async () => {
        const { dossier } = await walk(app, sample, { until: ({ status }) => status === 4 });
        const after = await acted(app.as(`${units[0]!}.leader`), dossier.code, {
          type: "STOP",
          reason: "Theo đề nghị dừng.",
        });
        assert.equal(after.status, 8);
      });

      it("is withdrawn: asked for, confirmed", async () => {
        const dossier = await received(app, sample);
        const secret = { "X-Dossier-Secret": dossier.secret };
        const asked = expectStatus(
          await app
            .as()
            .post<DossierBody>(
              `/dossiers/${dossier.code}/events`,
              { type: "REQUEST_WITHDRAWAL", reason: "Không còn nhu cầu." },
              secret,
            ),
          200,
        );
        assert.equal(asked.status, 7);
        assert.equal(asked.applicant, undefined, "a citizen's answer is the tracking view");
        const after = await acted(app.as(frontdesk), dossier.code, { type: "CONFIRM_WITHDRAWAL" });
        assert.equal(after.status, 8);
      });
    });
  }

  it("waits nest and lead back exactly where the work was", async () => {
    const sample = SAMPLES.find(({ process }) => process === "e")!;
    const from = await received(app, sample);
    const { dossier } = await walk(app, sample, { from, until: ({ state }) => state === "consulting" });
    const specialist = app.as("district.specialist");
    const asked = await acted(specialist, dossier.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Thiếu bản vẽ.",
      items: [{ text: "Bản vẽ mặt bằng" }],
    });
    assert.equal(asked.status, 5);
    assert.equal(asked.dueAt, null);
    assert.ok(asked.lastDueAt);
    const withdrawn = expectStatus(
      await app
        .as()
        .post<DossierBody>(
          `/dossiers/${dossier.code}/events`,
          { type: "REQUEST_WITHDRAWAL", reason: "Cân nhắc lại." },
          { "X-Dossier-Secret": from.secret },
        ),
      200,
    );
    assert.equal(withdrawn.status, 7);
    const kept = await acted(specialist, dossier.code, {
      type: "REJECT_WITHDRAWAL",
      reason: "Đã lấy ý kiến.",
    });
    assert.equal(kept.status, 5);
    const answered = await acted(app.as("sxd.specialist"), dossier.code, {
      type: "ANSWER",
      opinion: "Đồng ý.",
    });
    assert.equal(answered.status, 5);
    const back = await acted(app.as("district.frontdesk"), dossier.code, {
      type: "SUPPLEMENT",
      documents: [],
    });
    assert.deepEqual([back.status, back.state], [4, "consulting"]);
    const { dossier: done } = await walk(app, sample, { from: back });
    assert.equal(done.status, 10);
  });
});
