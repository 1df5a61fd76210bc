import type { Knex } from "knex";
import type { Caller, Deps } from "../dossier/deps.ts";
import { searchPatterns } from "../dossier/search-text.ts";
import { Unreadable } from "../platform/errors.ts";
import type { KeptCounts } from "./unit-counts.ts";
import type { WorkList } from "./work-lists.ts";

export const ROWS = 50;
export type Order = "han" | "nop" | "ma";

/** What narrows a list, as it stands in the address. */
export interface ListFilter {
  status?: number | undefined;
  /** Codes of procedures; undefined: of any. */
  procedures?: string[] | undefined;
  /** Due from and before these moments. */
  dueFrom?: Date | undefined;
  dueBefore?: Date | undefined;
  /** A user name, or "none" for what nobody handles. */
  assignee?: string | undefined;
  q?: string | undefined;
  order: Order;
  /** Where the page before ended. */
  after?: string | undefined;
}

export interface ListRow {
  id: number;
  code: string;
  versionId: number;
  tier: "province" | "district" | "commune";
  applicant: string;
  channel: string;
  processing: string;
  intake: string;
  assignee: string | null;
  assigneeName: string | null;
  status: number;
  workState: string;
  submittedAt: Date;
  receivedAt: Date | null;
  closedAt: Date | null;
  answerBy: Date | null;
  dueAt: Date | null;
  lastDueAt: Date | null;
  provisional: boolean;
  pausedSince: Date | null;
  calendarMissing: boolean;
  portal: "failed" | "pending" | "sent" | null;
  /** Whether it will be late if its steps take as long as half of them do here, or as nine in ten do; null elsewhere. */
  risk: "likely" | "possible" | null;
  /** From the working day before the due day on: the day that an apology may promise instead. */
  promise: Date | null;
}

export interface ListPage {
  rows: ListRow[];
  /** For the next page; null on the last. */
  next: string | null;
}

export type Bindings = Record<string, string | number | string[] | Date>;

/**
 * The parts of which a list consists: each read by an index of its own and in its order, and no dossier in two of them
 * (migrations/0002_work_lists.ts).
 */
export const PARTS: Record<WorkList["among"], readonly string[]> = {
  mine: ["d.assignee = :me and d.processing_agency = :unit"],
  processing: ["d.processing_agency = :unit"],
  intake: ["d.intake_agency = :unit"],
  concerned: [
    "d.processing_agency = :unit",
    "d.intake_agency = :unit and d.intake_agency <> d.processing_agency",
    "d.agency = :unit and d.agency <> d.processing_agency and d.agency <> d.intake_agency",
    `d.consulted_agencies <> '{}' and d.consulted_agencies @> array[:unit]::text[] and d.processing_agency <> :unit
       and d.intake_agency <> :unit and d.agency <> :unit`,
  ],
};

const ORDERS: Record<Order, { by: string; key: string; after: string }> = {
  han: {
    by: "urgency, id",
    key: "d.urgency",
    after: "(d.urgency, d.id) > (cast(:afterKey as timestamptz), :afterId)",
  },
  nop: { by: "id desc", key: "null::text", after: "d.id < :afterId" },
  ma: { by: "code", key: "null::text", after: "d.code > :afterKey" },
};

/** What the parts and conditions of a list refer to. */
export function bindingsOf(caller: Caller, now: Date): Bindings {
  const day = 86_400_000;
  const offset = 7 * 3_600_000;
  const midnight = new Date((Math.floor((now.getTime() + offset) / day) + 1) * day - offset);
  return { unit: caller.agency ?? "", me: caller.username, now, midnight };
}

/**
 * One page of a list, at most 50 dossiers, with what a row shows, and the counts of these lists. Throws Unreadable for
 * a cursor that is none.
 */
export async function readLists(
  deps: Deps,
  caller: Caller,
  asked: { list: WorkList; filter: ListFilter; counted: readonly WorkList[] },
  kept: KeptCounts,
): Promise<{ page: ListPage; counts: Map<string, number> }> {
  // In one transaction all travel together, and what is asked all day is planned once a connection.
  return deps.db.transaction(async (trx) => {
    const [page, counts] = await Promise.all([
      readWorkList(trx, deps, caller, asked.list, asked.filter),
      kept.counts(trx, caller, asked.counted),
    ]);
    return { page, counts };
  });
}

async function readWorkList(
  db: Knex,
  deps: Pick<Deps, "clock">,
  caller: Caller,
  list: WorkList,
  filter: ListFilter,
): Promise<ListPage> {
  // Closed ones press no more: they are read in the order of their filing.
  const order = ORDERS[list.all === true && filter.order === "han" ? "nop" : filter.order];
  const bindings = bindingsOf(caller, deps.clock.now());
  const conditions = conditionsOf(list, filter, bindings);
  if (filter.after !== undefined) {
    conditions.push(order.after);
    const [, key, id] = /^([^~]{1,60})~(\d{1,15})$/.exec(filter.after) ?? [];
    if (
      key === undefined ||
      (order.key === "d.urgency" && key !== "infinity" && Number.isNaN(Date.parse(key)))
    )
      throw new Unreadable("bad-cursor", "Địa chỉ của trang tiếp theo không đúng.");
    bindings.afterKey = key;
    bindings.afterId = Number(id);
  }
  const people = filter.q === undefined ? "" : "join dossier_people p on p.dossier_id = d.id";
  // Of the open ones a unit has few: they are found by the unit and sorted, never by walking through all codes or ids.
  const sorted =
    list.all === true ? order.by : order.by.replace("id desc", "id + 0 desc").replace("code", "code || ''");
  const part = (where: string) =>
    `(select d.id, d.code, ${order.key} as urgency from dossiers d ${people}
       where ${[where, ...conditions].join(" and ")} order by ${sorted.replace(/\b(urgency|id|code)\b/g, "d.$1")} limit :most)`;
  const { rows } = await db.raw<{ rows: (ListRow & { key: string })[] }>(
    `with found as (select * from (${PARTS[list.among].map(part).join(" union all ")}) parts
       order by ${order.by} limit :most)
     select d.id, d.code, d.procedure_version_id as "versionId", d.tier, p.applicant ->> 'name' as applicant, d.channel,
       d.processing_agency as processing, d.intake_agency as intake, d.assignee, a.name as "assigneeName", d.status, d.work_state as "workState",
       d.submitted_at as "submittedAt", d.received_at as "receivedAt", d.closed_at as "closedAt",
       d.answer_by as "answerBy", d.due_at as "dueAt", d.last_due_at as "lastDueAt", d.provisional,
       d.paused_since as "pausedSince", d.calendar_missing as "calendarMissing", ${KEY} as key, ${PORTAL} as portal,
       case when r.likely_from <= :now then 'likely' when r.shown_from <= :now then 'possible' end as risk,
       case when r.prepare_from <= :now then r.suggested_due end as promise
      from found f join dossiers d on d.id = f.id join dossier_people p on p.dossier_id = d.id
      left join accounts a on a.username = d.assignee
      left join late_risks r on r.dossier_id = d.id and r.head_seq = d.head_seq and r.due_at = d.due_at
       and r.shown_from <= :now and d.due_at > :now and d.status in (2, 4)
      order by ${order.by.replace(/\b(urgency|id|code)\b/g, "f.$1")}`,
    { ...bindings, most: ROWS + 1 },
  );
  const shown = rows.slice(0, ROWS);
  const last = shown.at(-1);
  const end = last === undefined ? "" : `${order.key === "d.urgency" ? last.key : last.code}~${last.id}`;
  return { rows: shown, next: rows.length > ROWS ? end : null };
}

/** To the microsecond, as the index has it. */
const KEY = `case when d.urgency = 'infinity' then 'infinity'
  else to_char(d.urgency at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') end`;

/** How far the national portal has the dossier. */
const PORTAL = `coalesce(
  (select case when bool_or(o.state = 'failed') then 'failed' when count(*) > 0 then 'pending' end
     from outbox o where o.dossier_id = d.id and o.state <> 'delivered'),
  (select 'sent' from outbox o where o.dossier_id = d.id limit 1))`;

function conditionsOf(list: WorkList, filter: ListFilter, bindings: Bindings): string[] {
  const conditions = [
    ...(list.all === true ? [] : ["d.closed_at is null"]),
    ...(list.where === undefined ? [] : [list.where]),
  ];
  const add = (condition: string, name: string, value: string | number | string[] | Date | undefined) => {
    if (value === undefined) return;
    conditions.push(condition);
    bindings[name] = value;
  };
  add("d.status = :status", "status", filter.status);
  add("d.procedure_code = any(:procedures)", "procedures", filter.procedures);
  add("d.due_at >= :dueFrom", "dueFrom", filter.dueFrom);
  add("d.due_at < :dueBefore", "dueBefore", filter.dueBefore);
  if (filter.assignee === "none") conditions.push("d.assignee is null");
  else add("d.assignee = :assignee", "assignee", filter.assignee);
  searchPatterns(filter.q ?? "").forEach((word, at) => {
    // A name is shared by too many in the province: among open dossiers the unit's own are looked through instead of
    // the index of all names. Figures are rare enough for it.
    const indexed = list.all === true || /\d.*\d.*\d.*\d/.test(word);
    add(`p.search ${indexed ? "" : "|| '' "}like :word${at}`, `word${at}`, word);
  });
  return conditions;
}
