import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import type pg from "pg";
import { claimMessages } from "../../server/national-portal/claim-messages.ts";
import { takeLease } from "../../server/national-portal/lease.ts";
import { openPortalPool } from "../../server/national-portal/open-pool.ts";
import { recordOutcomes } from "../../server/national-portal/record-outcomes.ts";
import { resend } from "../../server/national-portal/resend.ts";
import { portalSync } from "../../server/national-portal/status.ts";
import { withTestDatabase } from "../support/database.ts";

describe("delivery as the role worker, on the real tables", () => {
  const database = withTestDatabase();
  let db: pg.Pool;
  before(() => {
    db = openPortalPool(database.url, "worker");
  });
  after(() => db.end());

  it("may do all that it must", async () => {
    assert.deepEqual((await db.query("select current_user::text as role")).rows, [{ role: "worker" }]);
    const lease = await takeLease(db, () => undefined);
    assert.equal(await claimMessages(db, lease.worker, new Date()), undefined);
    assert.equal(await claimMessages(db, lease.worker, new Date(), true), undefined);
    assert.equal(await recordOutcomes(db, lease.worker, [], new Map(), new Date()), undefined);
    lease.release();
    assert.equal(await resend({ db }, { dossierId: 1 }), 0);
    const nothing = {
      pending: 0,
      failed: 0,
      oldestPendingAt: null,
      lastReconciledAt: null,
      differences: null,
    };
    assert.deepEqual(await portalSync(db), nothing);
    await db.query("insert into portal_sessions values ('a', 'b', now())");
    await db.query("update portal_sessions set session = 'c'");
  });

  it("may not change history", async () => {
    await assert.rejects(db.query("delete from events"), /permission denied/);
  });
});
