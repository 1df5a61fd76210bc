import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { before, describe, it } from "mocha";
import type { Caller, Deps } from "../../server/dossier/deps.ts";
import { openDeps } from "../../server/open-deps.ts";
import { openCounts } from "../../server/processing/unit-counts.ts";
import { listOf } from "../../server/processing/work-lists.ts";
import { withTestApp } from "../support/app.ts";
import { filed } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";

const COMMUNE = "000.15.32.H30";

describe("the counts of a unit", function () {
  this.timeout(60_000);
  const app = withTestApp();
  const roles = ["frontdesk"];
  const caller: Caller = {
    kind: "staff",
    ...{ username: "commune.frontdesk", name: "Cán bộ Thử", roles, agency: COMMUNE },
  };
  let deps: Deps;
  let last: DossierBody;

  before(async () => {
    deps = await openDeps(app.parts);
    for (let n = 0; n < 3; n++)
      last = await filed(app, "commune.frontdesk", "1.001193", COMMUNE, { accept: true });
  });

  /** As another process would: nothing here hears of it. */
  const close = (closed: boolean) =>
    app.database
      .open()
      .raw(`update dossiers set closed_at = ${closed ? "submitted_at" : "null"} where code = ?`, [last.code]);

  it("are kept for a moment, serve once more while they are counted anew, and are never behind one's own move", async () => {
    const counts = openCounts(deps);
    const list = listOf("don-vi", roles);
    const now = async () => (await counts.counts(deps.db, caller, [list])).get("don-vi");
    assert.equal(await now(), 3);
    await close(true);
    assert.equal(await now(), 3, "kept");
    // The minute is part of what is kept: the clock of the tests stands still.
    await pause(3_100);
    assert.equal(await now(), 3, "nobody waits for the new count");
    let renewed = await now();
    for (let tries = 0; renewed !== 2 && tries < 40; tries++) {
      await pause(50);
      renewed = await now();
    }
    assert.equal(renewed, 2, "which is there soon");
    await close(false);
    assert.equal(await now(), 2, "kept again");
    deps.moves.note(last.code, [COMMUNE]);
    assert.equal(await now(), 3, "a move of this process shows at once");
  });
});
