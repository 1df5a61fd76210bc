import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { before, describe, it } from "mocha";
import { checkHistory } from "../../server/dossier/check-history.ts";
import type { Deps } from "../../server/dossier/deps.ts";
import { openDeps } from "../../server/open-deps.ts";
import { withTestApp } from "../support/app.ts";
import { acted, expectStatus, filed, SCAN } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";

const COMMUNE = "000.15.32.H30";

describe("history", () => {
  const app = withTestApp();
  let deps: Deps;
  before(async () => {
    deps = await openDeps(app.parts);
  });

  /** A dossier with a past: accepted, a scan, a supplement asked for and given. */
  async function dossierWithPast(): Promise<DossierBody> {
    const client = app.as("commune.frontdesk");
    const dossier = await filed(app, "commune.frontdesk", "1.001776", COMMUNE, { accept: true });
    expectStatus(
      await client.upload(`/dossiers/${dossier.code}/documents`, { component: "other" }, SCAN),
      201,
    );
    app.clock.advance(3_600_000);
    await acted(client, dossier.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Thiếu giấy tờ.",
      items: [{ text: "Bản sao" }],
    });
    app.clock.advance(24 * 3_600_000);
    await acted(client, dossier.code, { type: "SUPPLEMENT", documents: [] });
    return dossier;
  }

  const findingsOf = async (code: string) =>
    (await checkHistory(deps)).findings.filter(({ dossierCode }) => dossierCode === code);

  /** Does what only the owner of the tables can: bypasses every grant. */
  const tamper = (sql: string, code: string, more: unknown[] = []) =>
    app.database.open().raw(sql, [code, ...more] as never);
  const OF = "dossier_id = (select id from dossiers where code = ?)";

  it("holds for what the program itself wrote", async () => {
    const { code } = await dossierWithPast();
    assert.deepEqual(await findingsOf(code), []);
  });

  const ROWS: [what: string, sql: string, kind: string][] = [
    [
      "a changed fact",
      `update events set data = data || '{"channel":"postal"}' where ${OF} and seq = 1`,
      "changed",
    ],
    ["a changed moment", `update events set at = at - interval '1 day' where ${OF} and seq = 2`, "changed"],
    [
      "a removed row in the middle",
      `with e as (select id from dossiers where code = ?), p as (delete from event_personal where dossier_id = (select id from e) and seq = 3) delete from events where dossier_id = (select id from e) and seq = 3`,
      "missing",
    ],
    [
      "a truncated end",
      `with e as (select id from dossiers where code = ?), p as (delete from event_personal where dossier_id = (select id from e) and seq = 5), q as (delete from person_store_queue where dossier_id = (select id from e) and seq = 5) delete from events where dossier_id = (select id from e) and seq = 5`,
      "truncated",
    ],
    [
      "a changed personal part",
      `update event_personal set data = data || '{"reason":"khác"}' where ${OF} and seq = 4`,
      "personal-changed",
    ],
    [
      "a stored due date that the events do not give",
      `update dossiers set due_at = due_at + interval '1 day' where code = ?`,
      "due-differs",
    ],
    [
      "a clock changed in the row",
      `update dossiers set facts = jsonb_set(facts, '{clock,pauses}', '[]') where code = ?`,
      "due-differs",
    ],
    [
      "a status that the last event did not give",
      `update dossiers set status = 9 where code = ?`,
      "state-differs",
    ],
  ];
  for (const [what, sql, kind] of ROWS)
    it(`finds and names ${what}`, async () => {
      const { code } = await dossierWithPast();
      await tamper(sql, code);
      const findings = await findingsOf(code);
      assert.ok(
        findings.some((finding) => finding.kind === kind),
        JSON.stringify(findings),
      );
    });

  it("finds two events that changed places", async () => {
    const { code } = await dossierWithPast();
    await tamper(
      `update events e set type = o.type, at = o.at, recorded_at = o.recorded_at, actor = o.actor, data = o.data,
          from_state = o.from_state, to_state = o.to_state, from_status = o.from_status, status = o.status,
          commitment = o.commitment, previous_hash = o.previous_hash, hash = o.hash
         from events o
        where e.dossier_id = (select id from dossiers where code = ?) and o.dossier_id = e.dossier_id
          and e.seq in (2, 3) and o.seq = 5 - e.seq`,
      code,
    );
    const findings = await findingsOf(code);
    assert.ok(
      findings.some(({ kind, seq }) => kind === "changed" && seq === 2),
      JSON.stringify(findings),
    );
  });

  it("finds a file whose content is no longer its hash, and one that is gone", async () => {
    const { code } = await dossierWithPast();
    const { body } = await app.as("commune.frontdesk").get<DossierBody>(`/dossiers/${code}`);
    const sha256 = body.documents[0]!.sha256;
    await writeFile(app.parts.files.path(sha256), "khác");
    const { findings } = await checkHistory(deps);
    assert.ok(findings.some(({ kind, detail }) => kind === "file-changed" && detail.includes(sha256)));
    await app.parts.files.put(SCAN.bytes);
    assert.ok((await checkHistory(deps)).findings.every(({ kind }) => kind !== "file-changed"));
  });

  describe("is append-only by permission:", () => {
    for (const role of ["app", "worker", "tracking", "statistics"] as const)
      for (const [what, sql] of [
        ["change", "update events set type = 'STOP'"],
        ["remove", "delete from events"],
        ["empty", "truncate events"],
      ] as const)
        it(`${role} may not ${what} it`, async () => {
          await assert.rejects(app.database.open(role).raw(sql), /permission denied/);
        });
    it("tracking may not read people", async () => {
      await assert.rejects(
        app.database.open("tracking").raw("select * from dossier_people"),
        /permission denied/,
      );
      await assert.rejects(
        app.database.open("tracking").raw("select * from event_personal"),
        /permission denied/,
      );
    });
  });
});
