import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { after, before, describe, it } from "mocha";
import { freePort } from "../../server/platform/ports.ts";
import { startChaos, type Chaos } from "../../tools/chaos/chaos.ts";
import type { Part } from "../../tools/chaos/system.ts";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";

/**
 * Everything dies once under load. `npm run test:long` does the same for longer, and with outages of hours
 * (docs/reliability.md).
 */
describe("things die", function () {
  this.timeout(180_000);
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000));
  let chaos: Chaos;
  let folder: string;

  before(async () => {
    folder = makeTemporaryFolder("chaos");
    const [port, stubPort] = [await freePort(), await freePort()];
    chaos = await startChaos({ dataDir: join(folder, "data"), port, stubPort }, { seed, clients: 3 });
    await pause(4_000);
  });
  after(async () => {
    await chaos.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** The program promises 30 s; a machine that is busy with other things as well gets three times that. */
  const LONGEST = 90;

  const PARTS: [Part, string][] = [
    ["web", "the web process"],
    ["worker", "the worker"],
    ["stub", "the portal's stub"],
    ["database", "the database"],
    ["backend", "one of the database's processes"],
  ];
  for (const [part, name] of PARTS)
    it(`kill -9 of ${name}: back to normal by itself (seed ${seed})`, async () => {
      await pause(500 + chaos.chance.below(1_500));
      const others = (["web", "worker", "stub"] as const).filter((other) => other !== part);
      const pids = () => Promise.all(others.map((other) => chaos.system.pidOf(other, chaos.chance)));
      const before = await pids();
      const since = performance.now();
      await chaos.kill(part);
      const seconds = await chaos.backToNormal(since);
      assert.ok(seconds < LONGEST, `${seconds.toFixed(1)} s`);
      // Whoever only used what died has survived it.
      assert.deepEqual(await pids(), before);
    });

  it("the portal goes for a second, then loses acknowledgements and answers garbage", async () => {
    await chaos.portal.setFaults({ down: true });
    await pause(1_000);
    const unreliable = { dropAckRate: 0.25, garbageRate: 0.25, errorRate: 0.1, codeZeroFailureRate: 0.1 };
    await chaos.portal.setFaults(unreliable);
    await pause(5_000);
    await chaos.portal.setFaults({});
    const seconds = await chaos.backToNormal(performance.now());
    assert.ok(seconds < LONGEST, `${seconds.toFixed(1)} s`);
  });

  it("and every answer is stored once, the portal has heard all in order, history and files are whole", async () => {
    const found = await chaos.audit();
    assert.ok(found.answers > 50, `only ${found.answers} answers: there was no load`);
    assert.ok(found.files > 0);
    const { lost, doubled, differences, undelivered, outOfOrder, findings } = found;
    const wrong = { lost, doubled, differences, undelivered, outOfOrder, findings };
    assert.deepEqual(wrong, {
      lost: [],
      doubled: [],
      differences: [],
      undelivered: 0,
      outOfOrder: 0,
      findings: [],
    });
    assert.deepEqual(chaos.answers.open, []);
    // Nobody got an answer that he could not expect.
    assert.deepEqual(chaos.measures.faults, []);
  });
});
