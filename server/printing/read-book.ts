import type { Channel } from "../../workflows/declaration.ts";
import { matterOf } from "../../workflows/declaration.ts";
import type { Deps } from "../dossier/deps.ts";
import type { Person } from "../dossier/record.ts";
import type { BookLine, FollowUpBook } from "../forms/follow-up-book.ts";
import { Invalid, Unreadable } from "../platform/errors.ts";
import { isDate } from "../../workflows/vietnam-time.ts";

/** More dossiers than this are no book: a shorter period is asked for. */
export const MOST_LINES = 5_000;

export interface Period {
  /** First and last day, "2026-11-23". */
  from: string;
  to: string;
}

interface Row {
  code: string;
  versionId: number;
  status: number;
  channel: Channel;
  agency: string;
  applicant: Person;
  receivedAt: Date;
  dueAt: Date | null;
  closedAt: Date | null;
  returnMethod: string;
  handedOver: { method?: string } | null;
  recipient: string | null;
}

/** The period as asked for; without one, this month until today. Throws Unreadable `bad-period`. */
export function periodOf(from: string | undefined, to: string | undefined, today: string): Period {
  const period = { to: to ?? today, from: from ?? `${(to ?? today).slice(0, 8)}01` };
  if (!isDate(period.from) || !isDate(period.to) || period.from > period.to)
    throw new Unreadable("bad-period", "Kỳ của sổ gồm ngày đầu và ngày cuối, ngày đầu không sau ngày cuối.");
  return period;
}

/** How many dossiers the unit's front desk received in the period. */
export async function countBook(deps: Deps, unit: string, period: Period): Promise<number> {
  const { rows } = await deps.db.raw<{ rows: { n: number }[] }>(
    `select count(*)::int as n from dossiers d where ${RECEIVED}`,
    bindingsOf(unit, period),
  );
  return rows[0]?.n ?? 0;
}

/**
 * The follow-up book of a unit's front desk: the dossiers that it received in the period, in the order of receiving.
 * `most` lines at most are read. Throws Invalid `book-too-long` when there are more than a book takes.
 */
export async function readBook(
  deps: Deps,
  unit: string,
  period: Period,
  most = MOST_LINES,
): Promise<FollowUpBook> {
  const total = await countBook(deps, unit, period);
  if (total > most && most === MOST_LINES)
    throw new Invalid(
      [{ path: "from", message: `Kỳ này có ${total} hồ sơ, nhiều hơn ${MOST_LINES}. Hãy chọn kỳ ngắn hơn.` }],
      `Kỳ này có ${total} hồ sơ; một sổ in được nhiều nhất ${MOST_LINES} hồ sơ. Hãy chọn kỳ ngắn hơn.`,
      "book-too-long",
      { extras: { total, most: MOST_LINES } },
    );
  const { rows } = await deps.db.raw<{ rows: Row[] }>(`${LINES} limit :most`, {
    ...bindingsOf(unit, period),
    most,
  });
  const agency = deps.agencies.get(unit);
  const parent = agency?.parent == null ? undefined : deps.agencies.get(agency.parent);
  const lines: BookLine[] = [];
  for (const row of rows) lines.push(await lineOf(deps, row));
  return {
    unitName: agency?.name ?? unit,
    parentUnitName: parent?.name,
    place: "Hậu Giang",
    from: dayStart(period.from),
    to: dayStart(period.to),
    printedAt: deps.clock.now(),
    lines,
  };
}

const METHODS: Record<string, string> = {
  counter: "Tại quầy",
  postal: "Bưu chính công ích",
  online: "Trực tuyến",
};
const CHANNELS: Partial<Record<Channel, string>> = {
  online: "Nộp trực tuyến",
  postal: "Nộp qua bưu chính",
};
const STANDINGS: Record<number, string> = {
  5: "Chờ bổ sung",
  6: "Chờ nghĩa vụ tài chính",
  7: "Công dân yêu cầu rút",
  8: "Dừng xử lý",
  9: "Đã có kết quả, chờ trả",
};

async function lineOf(deps: Deps, row: Row): Promise<BookLine> {
  const { declaration } = await deps.catalogue.version(row.versionId);
  const { street, commune, district, province } = row.applicant.address;
  const returned = row.status === 10 ? row.closedAt : null;
  const isLate = row.dueAt !== null && returned !== null && returned > row.dueAt;
  const notes = [CHANNELS[row.channel], STANDINGS[row.status], isLate ? "Trả quá hẹn" : undefined];
  return {
    code: row.code,
    procedureName: matterOf(declaration),
    sets: 1,
    applicantName: row.applicant.name,
    address: [street, commune, district, province].filter((part) => part !== undefined).join(", "),
    phone: row.applicant.phone,
    agencyName: deps.agencies.name(row.agency),
    receivedAt: row.receivedAt,
    dueAt: row.dueAt,
    returnedAt: returned,
    returnMethod: METHODS[row.handedOver?.method ?? row.returnMethod] ?? "",
    recipient: returned === null ? null : row.recipient,
    note: notes.filter((note) => note !== undefined).join("; "),
  };
}

const dayStart = (day: string) => new Date(`${day}T00:00:00+07:00`);

function bindingsOf(unit: string, { from, to }: Period) {
  return { unit, from: dayStart(from), until: new Date(dayStart(to).getTime() + 24 * 3_600_000) };
}

const RECEIVED = "d.intake_agency = :unit and d.received_at >= :from and d.received_at < :until";

const LINES = `
  select d.code, d.procedure_version_id as "versionId", d.status, d.channel, d.agency, p.applicant,
      d.received_at as "receivedAt", coalesce(d.due_at, d.last_due_at) as "dueAt", d.closed_at as "closedAt",
      d.return_method as "returnMethod", r.data as "handedOver", q.data #>> '{recipient,name}' as recipient
    from dossiers d join dossier_people p on p.dossier_id = d.id
    left join lateral (select e.seq, e.data from events e where e.dossier_id = d.id and e.type = 'RETURN'
      order by e.seq desc limit 1) r on d.status = 10
    left join event_personal q on q.dossier_id = d.id and q.seq = r.seq
   where ${RECEIVED} order by d.received_at, d.id`;
