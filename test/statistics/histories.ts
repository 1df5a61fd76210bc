import type { Knex } from "knex";
import { projectTime, type TimeProjection } from "../../server/dossier/time.ts";
import type { Catalogue } from "../../server/catalogue/catalogue.ts";
import type { Chance } from "../../tools/demo/chance.ts";
import { toVietnamIso, type Calendar } from "../../workflows/calendar.ts";
import { limitFor, type Channel, type Tier } from "../../workflows/declaration.ts";
import { allowedEvents, decide, type Dossier, type Request } from "../../workflows/decide.ts";
import type { EventType } from "../../workflows/events.ts";
import { factsAtFiling, type Facts } from "../../workflows/facts.ts";
import { STAFF, colleaguesOf, payloadsOf, person } from "../../workflows/possible-requests.ts";
import { standingOf, type ReadyMachine } from "../../workflows/standing.ts";
import type { Payload } from "../../workflows/rules.ts";

/** A kind of dossier that histories are made of. */
export interface Matter {
  procedure: string;
  tier: Tier;
  deciding: string;
  intake: string;
  superior: string | null;
}

/** An event of a made-up history, as it will stand in `events`. */
export interface MadeEvent {
  seq: number;
  type: string;
  at: Date;
  recordedAt: Date;
  fromState: string;
  toState: string;
  fromStatus: number | null;
  status: number;
  data: Record<string, unknown>;
}

/** A history carried by the real machine, with what the program itself would have kept after each event. */
export interface MadeHistory {
  matter: Matter;
  code: string;
  versionId: number;
  channel: Channel;
  caseCode: string | null;
  processing: string;
  events: MadeEvent[];
  /** After each event: the program's own projection of time, and whether the work was over. */
  kept: { at: number; projection: TimeProjection; accepted: boolean; over: boolean }[];
  /** Whether every event was recorded when it happened. */
  punctual: boolean;
}

/** The calendar as the program decides by it at a moment, and the version that comes in the middle. */
export interface Years {
  at(moment: number): Calendar;
  change: { at: number; year: number; version: number } | undefined;
}

const CHAIR = "000.00.00.H30";
const DAY = 86_400_000;
const ONWARD = new Set([
  ...["ACCEPT", "DIGITIZE", "TRANSFER", "ASSIGN", "CONSULT", "ANSWER", "RECORD_MINUTES", "SUPPLEMENT", "PAY"],
  ...["REJECT_WITHDRAWAL", "DRAFT_RESULT", "PROPOSE", "APPROVE", "SIGN", "SEAL", "RETURN"],
]);
const CLOSING = new Set(["REFUSE", "STOP", "CONFIRM_WITHDRAWAL"]);
/** Public parts of payloads that the figures read. */
const PUBLIC = ["limit", "feeCode", "amount", "dueAt", "year", "version", "source"];

/** Carries one dossier from a moment to another by what anybody may do, chosen at random; some of it is recorded late. */
export async function makeHistory(
  catalogue: Catalogue,
  years: Years,
  matter: Matter,
  code: string,
  from: number,
  to: number,
  chance: Chance,
): Promise<MadeHistory> {
  const version = catalogue.current(matter.procedure);
  if (version === undefined) throw new Error(`no procedure ${matter.procedure}`);
  const ready = await catalogue.machine(version.id, matter.tier);
  const { declaration } = version;
  const machine = ready.config.meta.declared;
  const channel = chance.pick<Channel>(["counter", "online", "postal"]);
  const caseCode = declaration.cases[0]?.code ?? null;
  const limit = limitFor(declaration, caseCode, channel);
  const isPunctual = chance.percent(40);
  const isStraight = chance.percent(50);
  let at = whole(from);
  let recorded = at;
  const facts = factsAtFiling({
    case: caseCode,
    channel,
    places: {
      intake: matter.intake,
      deciding: matter.deciding,
      processing: matter.intake,
      superior: matter.superior,
      chair: CHAIR,
    },
    received: Object.fromEntries(machine.papers.map((paper) => [paper.code, { originals: 1, copies: 0 }])),
    limit: limit === null ? null : { value: limit.value, unit: limit.unit },
    limitFrom: declaration.limitFrom,
    answerFrom: channel === "online" ? toVietnamIso(at) : null,
  });
  let dossier: Dossier = { state: ready.initial, facts, dueAt: null, nextSeq: 2 };
  const history: MadeHistory = {
    ...{ matter, code, versionId: version.id, channel, caseCode, processing: matter.intake },
    ...{ kept: [], punctual: true },
    events: [
      {
        ...{
          seq: 1,
          type: "FILE",
          at: new Date(at),
          recordedAt: new Date(at),
          fromState: "",
          toState: "filed",
        },
        ...{ fromStatus: null, status: 1, data: { channel, case: caseCode, agencyCode: matter.deciding } },
      },
    ],
  };
  keep(history, ready, dossier, years, at, at);

  for (let step = 0; step < 80; step++) {
    const gap = chance.percent(55)
      ? chance.below(6 * 3_600_000)
      : chance.percent(70)
        ? chance.below(3 * DAY)
        : chance.below(14 * DAY);
    const change = years.change;
    let next = whole(at + gap + 1_000);
    const isTold =
      change !== undefined &&
      at < change.at &&
      next >= change.at &&
      !history.events.some(({ type }) => type === "CALENDAR_CHANGED");
    if (isTold) next = whole(Math.max(at, change.at));
    if (next >= to) break;
    const request = isTold
      ? told(dossier, years, change, next)
      : chosen(ready, dossier, years, next, isStraight, chance);
    // Now and then somebody enters what happened before something that is there already.
    const before =
      !isTold && !isPunctual && chance.percent(3) ? Math.min(chance.below(3 * DAY), next - from) : 0;
    const happened = whole(next - before);
    if (request === undefined) {
      at = next;
      continue;
    }
    const now = toVietnamIso(happened);
    const decided = decide(ready, dossier, { ...request, now, calendar: years.at(happened) });
    if (!decided.ok) {
      at = next;
      continue;
    }
    const late = !isTold && !isPunctual && chance.percent(8) ? 3_600_000 + chance.below(6 * DAY) : 0;
    recorded = Math.max(recorded, next + late);
    if (recorded >= to) break;
    if (recorded - happened > 0) history.punctual = false;
    const standing = standingOf(ready, dossier.state);
    history.events.push({
      ...{ seq: dossier.nextSeq, type: request.type, at: new Date(happened), recordedAt: new Date(recorded) },
      ...{ fromState: standing.workState, toState: decided.workState },
      ...{ fromStatus: standing.status, status: decided.status },
      data: Object.fromEntries(Object.entries(request.payload).filter(([name]) => PUBLIC.includes(name))),
    });
    dossier = { ...dossier, state: decided.state, facts: decided.facts, nextSeq: dossier.nextSeq + 1 };
    history.processing = decided.facts.places.processing;
    at = next;
    dossier.dueAt = keep(history, ready, dossier, years, happened, recorded);
    if (decided.ended) break;
  }
  return history;
}

function keep(
  history: MadeHistory,
  ready: ReadyMachine,
  { state, facts }: Dossier,
  years: Years,
  at: number,
  recorded: number,
): string | null {
  const { status, workState } = standingOf(ready, state);
  const projection = projectTime(facts, ready.config.meta.declared, workState, years.at(recorded));
  const over = [3, 8, 9, 10].includes(status);
  history.kept.push({ at, projection, accepted: facts.clock.acceptedAt !== null, over });
  return projection.dueAt;
}

function told(
  dossier: Dossier,
  years: Years,
  change: { year: number; version: number },
  now: number,
): Request | undefined {
  if (dossier.facts.clock.acceptedAt === null) return undefined;
  return {
    type: "CALENDAR_CHANGED",
    actor: person("worker", null),
    payload: { year: change.year, version: change.version, source: "Thông báo thử nghiệm" },
    now: toVietnamIso(now),
    calendar: years.at(now),
  };
}

function chosen(
  ready: ReadyMachine,
  dossier: Dossier,
  years: Years,
  moment: number,
  isStraight: boolean,
  chance: Chance,
): Request | undefined {
  const { places } = dossier.facts;
  const machine = ready.config.meta.declared;
  const units = [
    ...new Set(
      [places.intake, places.deciding, places.processing, places.superior, places.chair].filter(
        (unit) => unit !== null,
      ),
    ),
    ...machine.consulted.map(({ agency }) => agency),
  ];
  const base = {
    now: toVietnamIso(moment),
    calendar: years.at(moment),
    colleagues: colleaguesOf(places.processing),
  };
  const possible = units
    .flatMap((unit) => STAFF.map((role) => person(role, unit)))
    .concat(person("citizen", null))
    .flatMap((actor) => allowedEvents(ready, dossier, { ...base, actor }).map((type) => ({ actor, type })));
  const weights: Record<string, number> = {};
  for (const { type } of possible) weights[type] = weightOf(type, dossier.facts, isStraight);
  if (Object.keys(weights).length === 0) return undefined;
  const type = chance.weighted(weights) as EventType;
  const { actor } = chance.pick(possible.filter((one) => one.type === type));
  return { ...base, actor, type, payload: payload(type, ready, dossier, moment, chance) };
}

/**
 * The course forward more often than sideways; ends by the way now and then. A straight history leaves its course
 * seldom, as most dossiers do: without such ones hardly any would come to its result.
 */
function weightOf(type: EventType, { assignee }: Facts, isStraight: boolean): number {
  if (type === "ASSIGN") return assignee === null ? 10 : 1;
  if (isStraight && !ONWARD.has(type)) return 0.2;
  if (["PAY", "CORRECT", "APOLOGISE", "RECORD_MINUTES", "DRAFT_RESULT"].includes(type)) return 2;
  if (type === "CONFIRM_WITHDRAWAL") return 4;
  if (type === "EXTEND") return 5;
  return ONWARD.has(type) ? 10 : CLOSING.has(type) ? 1 : 2;
}

function payload(
  type: EventType,
  ready: ReadyMachine,
  { facts, dueAt }: Dossier,
  moment: number,
  chance: Chance,
): Payload {
  const options = payloadsOf(type, ready.config.meta.declared, facts);
  const usual = options.length === 0 ? {} : chance.pick(options);
  switch (type) {
    case "ACCEPT":
    case "CORRECT":
      return facts.clock.limit === null && chance.percent(50)
        ? { ...usual, limit: { value: 5, unit: "working-day", ground: "Quy định thử nghiệm" } }
        : usual;
    case "EXTEND":
    case "APOLOGISE":
      return { ...usual, dueAt: toVietnamIso((dueAt === null ? moment : Date.parse(dueAt)) + 10 * DAY) };
    case "CONSULT":
      return { ...usual, dueAt: toVietnamIso(moment + 5 * DAY) };
    default:
      return usual;
  }
}

const whole = (moment: number) => Math.floor(moment / 1000) * 1000;

/** Puts histories into `dossiers` and `events` as they would stand there; without people, papers and hashes. */
export async function insertHistories(owner: Knex, histories: readonly MadeHistory[]): Promise<void> {
  for (const history of histories) {
    const { events, kept, matter } = history;
    const last = events.at(-1);
    const state = kept.at(-1);
    if (last === undefined || state === undefined) throw new Error("a history without events");
    const { rows } = await owner.raw<{ rows: { id: number }[] }>(
      `insert into dossiers (code, procedure_version_id, procedure_code, case_code, tier, agency, intake_agency,
         processing_agency, channel, return_method, status, state, work_state, facts, submitted_at, closed_at,
         secret_cipher, secret_hmac, head_seq, head_hash, updated_at)
       values (:code, :versionId, :procedure, :caseCode, :tier, :deciding, :intake, :processing, :channel, 'counter',
         :status, '{}', :toState, '{}', :submitted, :closed, '\\x00', '\\x00', :seq, '\\x00', :updated) returning id`,
      {
        ...{ code: history.code, versionId: history.versionId, caseCode: history.caseCode },
        ...{
          procedure: matter.procedure,
          tier: matter.tier,
          deciding: matter.deciding,
          intake: matter.intake,
        },
        ...{ processing: history.processing, channel: history.channel, status: last.status },
        ...{ toState: last.toState, submitted: events[0]?.at, seq: last.seq, updated: last.recordedAt },
        closed: [3, 8, 10].includes(last.status) ? last.at : null,
      },
    );
    const id = rows[0]?.id;
    await owner.raw(
      `insert into events (dossier_id, seq, type, at, recorded_at, actor, actor_role, from_state, to_state, from_status,
         status, data, previous_hash, hash)
       select :id, seq, type, at, recorded_at, 'thu', 'specialist', from_state, to_state, from_status, status, data,
              '\\x00', '\\x00'
         from jsonb_to_recordset(:events::jsonb) as e (seq int, type text, at timestamptz, recorded_at timestamptz,
           from_state text, to_state text, from_status smallint, status smallint, data jsonb)`,
      {
        id,
        events: JSON.stringify(
          events.map((event) => ({
            ...{ seq: event.seq, type: event.type, at: event.at, recorded_at: event.recordedAt },
            ...{ from_state: event.fromState, to_state: event.toState, from_status: event.fromStatus },
            ...{ status: event.status, data: event.data },
          })),
        ),
      },
    );
  }
}
