import type { Knex } from "knex";
import { closingOf, nextWorkingDay, type Calendar } from "../../workflows/calendar.ts";
import type { BehindDossier } from "./dossiers-behind.ts";
import { dayOf, endOf, startOf } from "./vietnam-days.ts";

/** What stands now, as the record has it and not as the night left it. */
export type LiveKey = "received" | "handled" | "open" | "overdue" | "today" | "soon" | "paused" | "risk";

export const LIVE_NAMES: Readonly<Record<LiveKey, string>> = {
  received: "Tiếp nhận hôm nay",
  handled: "Giải quyết xong hôm nay",
  open: "Đang giải quyết",
  overdue: "Đang quá hạn",
  today: "Đến hạn hôm nay",
  soon: "Đến hạn trong 2 ngày làm việc",
  paused: "Đang tạm dừng tính thời hạn",
  risk: "Có nguy cơ trễ",
};

export interface LiveRow extends Record<LiveKey, number> {
  unit: string;
  procedureCode: string;
}

export interface LiveMoment {
  now: Date;
  /** The closing of the second working day after today. */
  soon: Date;
}

/** Now, and until when "soon" reaches by this calendar. Throws CalendarMissing. */
export function liveMoment(now: Date, calendar: Calendar): LiveMoment {
  const second = nextWorkingDay(nextWorkingDay(dayOf(now.getTime()), calendar), calendar);
  return { now, soon: new Date(closingOf(second, calendar)) };
}

export interface LiveFilter {
  /** Deciding agencies; undefined: all. */
  units?: readonly string[];
  fields?: readonly string[];
}

/** Accepted, and its work not done: partly an index of open dossiers, never a walk through the archive. */
const OPEN = "d.closed_at is null and d.received_at is not null and d.status in (2, 4, 5, 6, 7)";
const RISK = `exists (select from late_risks r where r.dossier_id = d.id and r.head_seq = d.head_seq
  and r.due_at = d.due_at and r.shown_from <= :now and d.due_at > :now)`;
const STANDING: Readonly<Record<Exclude<LiveKey, "received" | "handled">, string>> = {
  open: "true",
  overdue: "d.due_at <= :now",
  today: "d.due_at > :now and d.due_at < :midnight",
  soon: "d.due_at > :now and d.due_at <= :soon",
  paused: "d.paused_since is not null",
  risk: RISK,
};
/** Found by the day's events. A dossier is received and done once; sealed after a supplement or not. */
const TODAY = {
  received: "e.type = 'ACCEPT'",
  handled: "e.status in (3, 8, 9, 10) and e.from_status in (2, 4, 5, 6, 7)",
};

/** As the nights list them; what no night has listed yet, as it is in force. Only of those is the declaration read. */
const OF_FIELDS = `select code from statistic_procedures where field = any(:fields)
  union all select n.code from (
    select distinct on (v.code) v.code, v.declaration from procedure_versions v
     where not exists (select from statistic_procedures p where p.code = v.code)
     order by v.code, v.version desc offset 0) n
  where n.declaration ->> 'field' = any(:fields)`;

function conditions({ units, fields }: LiveFilter, values: Record<string, unknown>): string {
  const parts: string[] = [];
  if (units !== undefined) {
    parts.push("and d.agency = any(:units)");
    values.units = [...units];
  }
  if (fields !== undefined) {
    parts.push(`and d.procedure_code in (${OF_FIELDS})`);
    values.fields = [...fields];
  }
  return parts.join(" ");
}

function moments({ now, soon }: LiveMoment): Record<string, unknown> {
  const today = dayOf(now.getTime());
  return { now, soon, midnight: new Date(endOf(today)), morning: new Date(startOf(today)) };
}

/** The counts of this moment, a line a unit and procedure. */
export async function liveCounts(db: Knex, moment: LiveMoment, filter: LiveFilter): Promise<LiveRow[]> {
  const values = moments(moment);
  const where = conditions(filter, values);
  const standing = Object.entries(STANDING).map(
    ([key, condition]) => `(count(*) filter (where ${condition}))::int as ${key}`,
  );
  const { rows: open } = await db.raw<{ rows: Partial<LiveRow>[] }>(
    `select d.agency as unit, d.procedure_code as "procedureCode", ${standing.join(", ")}
       from dossiers d where ${OPEN} ${where} group by 1, 2`,
    values,
  );
  const { rows: today } = await db.raw<{ rows: Partial<LiveRow>[] }>(
    `select d.agency as unit, d.procedure_code as "procedureCode",
            (count(distinct d.id) filter (where ${TODAY.received}))::int as received,
            (count(distinct d.id) filter (where ${TODAY.handled}))::int as handled
       from events e join dossiers d on d.id = e.dossier_id
      where e.recorded_at >= :morning and e.recorded_at <= :now and (${TODAY.received} or ${TODAY.handled}) ${where}
      group by 1, 2`,
    values,
  );
  return [...open, ...today].map((row) => ({ ...NONE, ...row }));
}

const NONE: LiveRow = {
  ...{ unit: "", procedureCode: "", received: 0, handled: 0, open: 0, overdue: 0, today: 0, soon: 0 },
  ...{ paused: 0, risk: 0 },
};

/** Sums of the lines by a key, in the order in which the keys come up. */
export function sumLive(
  rows: readonly LiveRow[],
  keyOf: (row: LiveRow) => string,
): Map<string, Record<LiveKey, number>> {
  const sums = new Map<string, Record<LiveKey, number>>();
  for (const row of rows) {
    const key = keyOf(row);
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = { ...NONE }));
    for (const name of Object.keys(LIVE_NAMES) as LiveKey[]) sum[name] += row[name];
  }
  return sums;
}

/** The dossiers of one of these counts, the next `limit` after a code. */
export async function liveDossiers(
  db: Knex,
  key: LiveKey,
  moment: LiveMoment,
  filter: LiveFilter,
  page: { after?: string; limit: number },
): Promise<{ items: BehindDossier[]; nextCursor: string | null }> {
  const values = { ...moments(moment), after: page.after ?? "", limit: page.limit + 1 };
  const where = conditions(filter, values);
  const { rows } = await db.raw<{ rows: BehindDossier[] }>(
    `select ${SHOWN} ${fromOf(key)} ${where} and d.code > :after order by d.code limit :limit`,
    values,
  );
  const items = rows.slice(0, page.limit);
  return { items, nextCursor: rows.length > page.limit ? (items.at(-1)?.code ?? null) : null };
}

/** All of them, to be read by a cursor. */
export function liveQuery(
  key: LiveKey,
  moment: LiveMoment,
  filter: LiveFilter,
): { sql: string; values: Record<string, unknown> } {
  const values = moments(moment);
  const where = conditions(filter, values);
  return { sql: `select ${SHOWN} ${fromOf(key)} ${where} order by d.code`, values };
}

/** How many they are. */
export async function countLive(
  db: Knex,
  key: LiveKey,
  moment: LiveMoment,
  filter: LiveFilter,
): Promise<number> {
  const values = moments(moment);
  const where = conditions(filter, values);
  const { rows } = await db.raw<{ rows: { count: number }[] }>(
    `select count(*)::int as count ${fromOf(key)} ${where}`,
    values,
  );
  return rows[0]?.count ?? 0;
}

function fromOf(key: LiveKey): string {
  if (key !== "received" && key !== "handled") return `from dossiers d where ${OPEN} and ${STANDING[key]}`;
  return `from dossiers d where d.id in (select e.dossier_id from events e
    where e.recorded_at >= :morning and e.recorded_at <= :now and ${TODAY[key]})`;
}

const SHOWN = `d.code, d.agency as unit, d.procedure_code as "procedureCode", d.tier, d.channel,
  d.received_at as "receivedAt", coalesce(d.due_at, d.last_due_at) as "dueAt", d.closed_at as "endedAt",
  null as outcome, null as "overdueCause"`;

/** What is open in a tier: all of it, overdue, and told to be at risk. */
export interface TierNow {
  tier: string;
  open: number;
  overdue: number;
  "at-risk": number;
}

const TIERS = ["province", "district", "commune"];

/** The same of the whole province by tier, for the monitoring centre; a tier with nothing open is there with 0. */
export async function openByTier(db: Knex, now: Date): Promise<TierNow[]> {
  const { rows } = await db.raw<{ rows: TierNow[] }>(
    `select d.tier, count(*)::int as open, (count(*) filter (where ${STANDING.overdue}))::int as overdue,
            (count(*) filter (where ${RISK}))::int as "at-risk"
       from dossiers d where ${OPEN} group by d.tier`,
    { now },
  );
  return TIERS.map(
    (tier) => rows.find((row) => row.tier === tier) ?? { tier, open: 0, overdue: 0, "at-risk": 0 },
  );
}
