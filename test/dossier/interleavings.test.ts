import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "mocha";
import { checkHistory } from "../../server/dossier/check-history.ts";
import { openDeps } from "../../server/open-deps.ts";
import { openChance, type Chance } from "../../tools/demo/chance.ts";
import { EVENTS, eventDefinition, type EventType } from "../../workflows/events.ts";
import { withTestApp } from "../support/app.ts";
import type { Client } from "../support/app.ts";
import { filed, papersOf, SCAN } from "../support/dossiers.ts";
import type { DossierBody } from "../support/dossiers.ts";
import { applicant } from "../support/people.ts";
import { withTestPortal } from "../support/portal.ts";
import { SAMPLES, type Sample } from "../support/walk.ts";

/** Which status may follow which (contract.md); the same may always follow itself. */
const FOLLOWS: Record<number, number[]> = {
  1: [2, 3, 5, 7],
  2: [4, 5, 6, 7, 8],
  4: [5, 6, 7, 8, 9],
  5: [1, 2, 3, 4, 6, 7, 8],
  6: [2, 4, 5, 7, 8],
  7: [1, 2, 4, 5, 6, 8],
  9: [10],
};
const ENDS = [3, 8, 10];
const STEP = ["ACCEPT", "DIGITIZE", "TRANSFER", "ASSIGN", "PROPOSE", "APPROVE", "SIGN", "SEAL", "RETURN"];
const ENDING = ["REFUSE", "STOP", "CONFIRM_WITHDRAWAL"];
const POSTED = (Object.keys(EVENTS) as EventType[]).filter((type) => eventDefinition(type).internal !== true);
const STAFF = ["specialist", "head", "leader", "clerk"];

/** What there is to choose from where a field is a choice. */
type Options = (field: string) => string[];

interface Tally {
  done: { code: string; version: number; type: string }[];
  refused: number;
}

/** Everybody does anything at the same time: whatever was let through must fit, and the portal must have heard it so. */
describe("random interleavings over HTTP", function () {
  this.timeout(120_000);
  const app = withTestApp();
  const portal = withTestPortal(app);
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000));
  const SECONDS = 12;
  /** On a machine that is busy with other things, so many events all the same. */
  const LEAST = 25;
  // One counter, consulted agencies, a financial duty in the middle: with few people, who meet often.
  const samples = SAMPLES.filter(({ process }) => ["b", "e", "g"].includes(process));

  it(`of all events by all roles break no promise (seed ${seed})`, async () => {
    const chance = openChance(seed);
    const tally: Tally = { done: [], refused: 0 };
    const codes: string[] = [];
    const everyone = samples.flatMap((sample) => peopleOf(sample, "").map(({ name }) => name));
    for (const name of new Set(everyone)) if (name !== "citizen") await app.as(name).get("/dossiers?limit=1");
    const end = performance.now() + SECONDS * 1_000;
    while (performance.now() < end || tally.done.length < LEAST || tally.refused < LEAST) {
      const sample = chance.pick(samples);
      const accept = chance.percent(60);
      const dossier = await filed(app, sample.frontdesk, sample.procedure, sample.agency, { accept });
      codes.push(dossier.code);
      const people = peopleOf(sample, dossier.secret);
      await Promise.all(Array.from({ length: 5 }, () => everybody(dossier, people, chance.branch(), tally)));
    }
    assert.deepEqual((await checkHistory(await openDeps(app.parts))).findings, []);
    await portal.settled(60);
    for (const code of codes) await holds(code, tally);
    assert.equal((await portal.get<{ outOfOrder: number }>("/_summary")).outOfOrder, 0);
  });

  function peopleOf(sample: Sample, secret: string): { name: string; client: Client }[] {
    const units = [...sample.units, ...(sample.consulted ?? [])];
    const names = [sample.frontdesk, ...units.flatMap((unit) => STAFF.map((role) => `${unit}.${role}`))];
    // One whom no sample concerns.
    const staff = [...names, "sldtbxh.clerk"].map((name) => ({ name, client: app.as(name) }));
    return [...staff, { name: "citizen", client: withSecret(app.as(), secret) }];
  }

  /** Somebody else at every step: looks, does something, mostly what is offered to him and now and then anything. */
  async function everybody(
    { code, procedureCode }: DossierBody,
    people: { name: string; client: Client }[],
    chance: Chance,
    tally: Tally,
  ): Promise<void> {
    const papers = (await papersOf(app, String(procedureCode))).toScan;
    for (let step = 0; step < 20; step++) {
      const { name, client } = chance.pick(people);
      const look = await client.get<DossierBody>(
        name === "citizen" ? `/tracking/${code}` : `/dossiers/${code}`,
      );
      assert.ok([200, 404].includes(look.status), `${name} looks: ${look.status}`);
      if (look.status === 200 && ENDS.includes(look.body.status)) return;
      const { allowedEvents = [], version } = look.status === 200 ? look.body : {};
      const headers = {
        ...(chance.percent(50) && version !== undefined ? { "If-Match": `"${version}"` } : {}),
        ...(chance.percent(50) ? { "Idempotency-Key": randomUUID() } : {}),
      };
      if (chance.percent(20)) {
        const component = chance.pick(["other", "minutes", "result", ...papers]);
        const reply = await client.upload<{ version: number }>(
          `/dossiers/${code}/documents`,
          { component },
          SCAN,
          headers,
        );
        note(name, "ADD_DOCUMENT", reply, code, tally);
        continue;
      }
      const offered = allowedEvents.map(({ type }) => type);
      const type = chance.percent(20) ? chance.pick(POSTED) : prefer(offered, chance);
      if (type === undefined) continue;
      const needs = allowedEvents.find((event) => event.type === type)?.needs ?? [];
      const options: Options = (field) => needs.find((need) => need.field === field)?.options ?? [];
      const event = { type, ...payloadOf(type, options, look.body, chance) };
      note(
        name,
        type,
        await client.post<DossierBody>(`/dossiers/${code}/events`, event, headers),
        code,
        tally,
      );
    }
  }

  function note(
    name: string,
    type: string,
    { status, body }: { status: number; body: { version?: number } },
    code: string,
    tally: Tally,
  ): void {
    if (status === 200 || status === 201) tally.done.push({ code, type, version: Number(body.version) });
    else {
      // A refusal that can be understood, never a failure.
      assert.ok(
        [401, 403, 404, 409, 412, 422].includes(status),
        `${name} ${type}: ${status} ${JSON.stringify(body)}`,
      );
      tally.refused += 1;
    }
  }

  /** History against the answers, the allowed order of statuses, and the portal. */
  async function holds(code: string, { done }: Tally): Promise<void> {
    const { rows: events } = await app.database.open("app").raw<{
      rows: { seq: number; type: string; status: number; from: number | null; told: boolean }[];
    }>(
      `select e.seq, e.type, e.status, e.from_status as "from",
              exists (select from outbox o where o.dossier_id = e.dossier_id and o.seq = e.seq and o.kind = 'progress') as told
         from events e join dossiers d on d.id = e.dossier_id where d.code = ? order by e.seq`,
      [code],
    );
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, at) => at + 1),
    );
    for (const { seq, type, from, status } of events)
      assert.ok(
        from === null || from === status || FOLLOWS[from]?.includes(status) === true,
        `${code} ${seq} ${type}: ${from} → ${status}`,
      );
    // Each event after filing has exactly one answer, and each answer its event.
    const first = events.findIndex(({ type }) => !["FILE", "ACCEPT"].includes(type));
    const answered = done.filter((one) => one.code === code).sort((a, b) => a.version - b.version);
    const expected = events.filter(({ seq }) => answered.some(({ version }) => version === seq));
    assert.deepEqual(
      answered.map(({ version, type }) => [version, type]),
      expected.map(({ seq, type }) => [seq, type]),
      code,
    );
    const unanswered = events.slice(Math.max(0, first)).length;
    assert.ok(first < 0 || answered.length >= unanswered, `${code}: an event that nobody was told of`);

    const held = await portal.received(code);
    const told = events.filter((event) => event.told).map(({ status }) => String(status));
    assert.deepEqual(
      held.progress.map(({ TrangThai }) => TrangThai),
      told,
      code,
    );
    assert.equal(held.dossier.TrangThaiHoSo, String(events.at(-1)?.status), code);
  }
});

/** The course forward more often than sideways, an end only now and then. */
function prefer(offered: string[], chance: Chance): string | undefined {
  const open = offered.filter((type) => !ENDING.includes(type) || chance.percent(10));
  const forward = open.filter((type) => STEP.includes(type));
  if (forward.length > 0 && chance.percent(40)) return chance.pick(forward);
  return open.length > 0 ? chance.pick(open) : undefined;
}

function payloadOf(
  type: string,
  options: Options,
  { dueAt, applicant: person }: { dueAt?: string | null; applicant?: unknown },
  chance: Chance,
): Record<string, unknown> {
  const reason = "Lý do thử nghiệm.";
  const pick = (field: string, otherwise: string) => {
    const values = options(field);
    return values.length > 0 ? chance.pick(values) : otherwise;
  };
  const promised = dueAt ? new Date(Date.parse(dueAt) + 7 * 86_400_000) : new Date("2026-12-30T10:00:00Z");
  switch (type) {
    case "REQUEST_SUPPLEMENT": {
      const username = options("leaderConsent")[0];
      return {
        reason,
        items: [{ text: "Bản sao" }],
        ...(username === undefined ? {} : { leaderConsent: { username, reason } }),
      };
    }
    case "SUPPLEMENT":
      return { documents: [] };
    case "TRANSFER":
      return { agency: pick("agency", "000.00.06.H30") };
    case "ASSIGN":
      return { assignee: pick("assignee", "sct.specialist") };
    case "CONSULT":
      return { agencies: options("agencies").length > 0 ? options("agencies") : ["000.00.06.H30"] };
    case "ANSWER":
      return { opinion: "Thống nhất." };
    case "RECORD_MINUTES":
      return { finding: "Đủ điều kiện." };
    case "REQUEST_PAYMENT":
      return { feeCode: "other", amount: 1_000, ground: reason };
    case "PAY":
      return {
        feeCode: pick("feeCode", "other"),
        amount: 1_000,
        method: "cash",
        reference: "BL-01",
        ground: reason,
      };
    case "DRAFT_RESULT":
      return { fields: { "Nội dung": "Theo đề nghị." } };
    case "PROPOSE":
      return chance.percent(70) ? { outcome: "grant" } : { outcome: "deny", reason };
    case "RETURN": {
      const { name, identity } = applicant();
      return { recipient: { name, identity, method: "counter" } };
    }
    case "EXTEND":
    case "APOLOGISE":
      return { dueAt: promised.toISOString(), reason };
    case "CORRECT": {
      const phone = (person as { phone?: string } | undefined)?.phone ?? "0900000001";
      const after = `09000${String(chance.below(100_000)).padStart(5, "0")}`;
      return { fields: [{ path: "applicant.phone", before: phone, after }], reason };
    }
    case "REFUSE":
    case "SEND_BACK":
    case "STOP":
    case "REQUEST_WITHDRAWAL":
    case "REJECT_WITHDRAWAL":
      return { reason };
    default:
      return {};
  }
}

/** A client that shows the dossier's secret with each request. */
function withSecret(client: Client, secret: string): Client {
  const mine = { "X-Dossier-Secret": secret };
  return {
    get: (path, headers = {}) => client.get(path, { ...mine, ...headers }),
    post: (path, body, headers = {}) => client.post(path, body, { ...mine, ...headers }),
    upload: (path, fields, file, headers = {}) => client.upload(path, fields, file, { ...mine, ...headers }),
  };
}
