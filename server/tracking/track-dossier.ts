import type { Knex } from "knex";
import type { EventType } from "../../workflows/events.ts";
import type { Facts } from "../../workflows/facts.ts";
import type { Tier } from "../../workflows/declaration.ts";
import { stateName } from "../../workflows/standing.ts";
import { allowedFor } from "../dossier/allowed.ts";
import type { Deps } from "../dossier/deps.ts";
import { findDossier } from "../dossier/record.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { CITIZEN } from "../dossier/request.ts";
import { iso, isoOrNull } from "../dossier/time.ts";
import { STATUS_NAMES, feeViews } from "../dossier/view.ts";
import { NotFound } from "../platform/errors.ts";

export interface Tracking {
  code: string;
  procedure: { code: string; name: string };
  agency: { code: string; name: string };
  /** The unit that has it now; never a person. */
  holder: { code: string; name: string };
  status: number;
  statusName: string;
  submittedAt: string;
  receivedAt: string | null;
  dueAt: string | null;
  lastDueAt: string | null;
  provisional: boolean;
  /** Why there is no date after acceptance, where no pause is the reason. */
  dueReason?: "no-limit" | "calendar-missing";
  pausedSince: string | null;
  /** The date promised with the last apology; the due date stays what it was. */
  promisedAt: string | null;
  /** The procedure's own step in which the work is; null before it, after it and during a wait. */
  step: string | null;
  returnMethod: "counter" | "postal" | "online";
  /** What moved the promised date: each pause, and the extension. */
  dateChanges: { from: string; to: string | null; dueAt?: string; text: string }[];
  timeline: { at: string; status: number; text: string }[];
}

export interface PublicRow {
  id: number;
  code: string;
  versionId: number;
  procedureCode: string;
  agency: string;
  status: number;
  facts: Facts;
  submittedAt: Date;
  receivedAt: Date | null;
  dueAt: Date | null;
  lastDueAt: Date | null;
  provisional: boolean;
  pausedSince: Date | null;
  tier: Tier;
  workState: string;
  returnMethod: Tracking["returnMethod"];
  timeline: { type: EventType; at: string; status: number }[];
}

/** What anybody may see of the dossiers of these codes, those there are, in any order. One read. */
export async function readPublicRows(db: Knex, codes: readonly string[]): Promise<PublicRow[]> {
  const { rows } = await db.raw<{ rows: PublicRow[] }>(SQL, [[...codes]]);
  return rows;
}

/** The dossier as anybody may see it: nothing that identifies a person. */
export async function trackingOf(deps: Deps, row: PublicRow): Promise<Tracking> {
  const { declaration } = await deps.catalogue.version(row.versionId);
  const holder = holderOf(row);
  return {
    code: row.code,
    procedure: { code: row.procedureCode, name: declaration.displayName ?? declaration.name },
    agency: { code: row.agency, name: deps.agencies.name(row.agency) },
    holder: { code: holder, name: deps.agencies.name(holder) },
    status: row.status,
    statusName: STATUS_NAMES[row.status] ?? "",
    submittedAt: iso(row.submittedAt),
    receivedAt: isoOrNull(row.receivedAt),
    dueAt: isoOrNull(row.dueAt),
    lastDueAt: isoOrNull(row.lastDueAt),
    provisional: row.provisional,
    ...dueReason(row),
    pausedSince: isoOrNull(row.pausedSince),
    promisedAt: row.facts.promisedAt,
    step: row.status === 4 ? await stepOf(deps, row) : null,
    returnMethod: row.returnMethod,
    dateChanges: dateChanges(row.facts),
    timeline: row.timeline.flatMap(({ type, at, status }) => {
      const text = TOLD[type];
      return text === undefined ? [] : [{ at: iso(at), status, text }];
    }),
  };
}

const SQL = `
  select d.id, d.code, d.procedure_version_id as "versionId", d.procedure_code as "procedureCode", d.agency, d.status,
    d.facts, d.submitted_at as "submittedAt", d.received_at as "receivedAt", d.due_at as "dueAt",
    d.last_due_at as "lastDueAt", d.provisional, d.paused_since as "pausedSince", d.tier,
    d.work_state as "workState", d.return_method as "returnMethod",
    (select json_agg(json_build_object('type', e.type, 'at', e.at, 'status', e.status) order by e.seq)
       from events e where e.dossier_id = d.id) as timeline
  from dossiers d where d.code = any(?)`;

/** Before the processing units and after them it is the front desk's unit that has the dossier. */
function holderOf({ status, facts }: PublicRow): string {
  return [1, 2, 3, 9, 10].includes(status) ? facts.places.intake : facts.places.processing;
}

function dueReason({ facts, dueAt, pausedSince }: PublicRow): Pick<Tracking, "dueReason"> {
  if (facts.clock.acceptedAt === null || dueAt !== null || pausedSince !== null) return {};
  return { dueReason: facts.clock.limit === null ? "no-limit" : "calendar-missing" };
}

async function stepOf(deps: Deps, { versionId, tier, workState }: PublicRow): Promise<string | null> {
  const { config } = await deps.catalogue.machine(versionId, tier);
  const declared = config.meta.declared.steps.some(({ state }) => state === workState);
  return declared ? stateName(config, workState) : null;
}

/** The pauses and the extension in order; each moved the date on (deadlines.md, 7 and 9). */
function dateChanges({ clock }: Facts): Tracking["dateChanges"] {
  const changes: Tracking["dateChanges"] = clock.pauses.map(({ from, to, reason }) => ({
    from,
    to,
    text: PAUSED_FOR[reason] ?? "Tạm dừng tính thời hạn.",
  }));
  if (clock.extension !== null) {
    const { at, dueAt } = clock.extension;
    changes.push({ from: at, to: null, dueAt, text: "Cơ quan gia hạn thời gian giải quyết." });
  }
  return changes.sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
}

const PAUSED_FOR: Record<string, string> = {
  supplement: "Tạm dừng tính thời hạn để chờ bổ sung hồ sơ.",
  withdrawal: "Tạm dừng tính thời hạn vì người nộp yêu cầu rút hồ sơ.",
  "financial-duty": "Tạm dừng tính thời hạn để chờ thực hiện nghĩa vụ tài chính.",
  consultation: "Tạm dừng tính thời hạn để chờ ý kiến cơ quan liên quan.",
};

/** What the citizen is told of each event, in plain words; the others are the offices' own affair. */
const TOLD: Partial<Record<EventType, string>> = {
  FILE: "Hồ sơ đã được nộp.",
  ACCEPT: "Hồ sơ đã được tiếp nhận.",
  REFUSE: "Hồ sơ không được tiếp nhận.",
  REQUEST_SUPPLEMENT: "Cơ quan yêu cầu bổ sung hồ sơ.",
  SUPPLEMENT: "Hồ sơ đã được bổ sung.",
  DIGITIZE: "Hồ sơ đã được số hóa.",
  TRANSFER: "Hồ sơ được chuyển đến đơn vị xử lý.",
  CONSULT: "Đang lấy ý kiến các cơ quan liên quan.",
  RECORD_MINUTES: "Đã kiểm tra, thẩm định hồ sơ.",
  REQUEST_PAYMENT: "Cơ quan yêu cầu thực hiện nghĩa vụ tài chính.",
  PAY: "Đã nộp phí, lệ phí hoặc nghĩa vụ tài chính.",
  SEAL: "Hồ sơ đã xử lý xong, kết quả đã có.",
  RETURN: "Đã trả kết quả.",
  EXTEND: "Cơ quan gia hạn thời gian giải quyết và xin lỗi.",
  APOLOGISE: "Cơ quan xin lỗi vì chậm trễ và hẹn lại ngày trả kết quả.",
  STOP: "Hồ sơ đã dừng xử lý.",
  REQUEST_WITHDRAWAL: "Người nộp yêu cầu rút hồ sơ.",
  CONFIRM_WITHDRAWAL: "Đã xác nhận cho rút hồ sơ.",
  REJECT_WITHDRAWAL: "Yêu cầu rút hồ sơ không được chấp nhận; hồ sơ được xử lý tiếp.",
  CALENDAR_CHANGED: "Ngày hẹn trả được tính lại theo lịch làm việc mới ban hành.",
};

export type TrackingWithSecret = Awaited<ReturnType<typeof trackWithSecret>>;

/**
 * What the citizen with the secret sees besides: what he must do, his fees, his result. `db` acts as `app`: the pool,
 * or the transaction in which the dossier was just moved. Throws NotFound.
 */
export async function trackWithSecret(deps: Deps, db: Knex, code: string) {
  const dossier = await findDossier(db, code);
  if (dossier === undefined) throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
  const [row] = await readPublicRows(db, [code]);
  if (row === undefined) throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
  return withSecret(deps, db, await trackingOf(deps, row), dossier);
}

async function withSecret(deps: Deps, db: Knex, tracking: Tracking, dossier: DossierRecord) {
  const { config } = await deps.catalogue.machine(dossier.versionId, dossier.tier);
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const names = new Map(declaration.fees.map(({ code, name }) => [code, name]));
  return {
    ...tracking,
    version: dossier.version,
    ...(dossier.facts.supplement === null ? {} : { supplement: await supplementAsked(deps, db, dossier) }),
    fees: feeViews(dossier, config.meta.declared, names),
    result: { available: dossier.facts.sealed },
    ...reusedPapers(dossier, new Map(declaration.documents.map(({ code, title }) => [code, title]))),
    allowedEvents: await allowedFor(deps, dossier, CITIZEN, deps.clock.now()),
  };
}

/** For which papers one of the person's store stands; nothing where there is none. */
function reusedPapers(
  { papers }: DossierRecord,
  titles: Map<string, string>,
): { reused?: { code: string; title: string }[] } {
  const codes = new Set(papers.filter(({ reused }) => reused != null).map(({ component }) => component));
  if (codes.size === 0) return {};
  return { reused: [...codes].map((code) => ({ code, title: titles.get(code) ?? code })) };
}

/** The request as it was written: reason and items, with the titles of the papers. */
async function supplementAsked(deps: Deps, db: Knex, dossier: DossierRecord) {
  const seq = dossier.facts.supplement?.seq ?? 0;
  const row = await db
    .first<
      | { data: { reason?: string; items?: { documentCode?: string; text?: string; note?: string }[] } }
      | undefined
    >("data")
    .from("event_personal")
    .where({ dossier_id: dossier.id, seq });
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const titles = new Map(declaration.documents.map(({ code, title }) => [code, title]));
  return {
    reason: row?.data.reason ?? "",
    items: (row?.data.items ?? []).map(({ documentCode, text, note }) => ({
      ...(documentCode === undefined
        ? {}
        : { documentCode, title: titles.get(documentCode) ?? documentCode }),
      ...(text === undefined ? {} : { text }),
      ...(note === undefined ? {} : { note }),
    })),
  };
}

/** A file that the citizen sent for a supplement. */
export interface SentPaper {
  component: string;
  fileName: string;
}

/** What the citizen has sent since the supplement was asked for; empty where none is asked for. */
export async function sentSinceAsked(db: Knex, code: string): Promise<SentPaper[]> {
  const { rows } = await db.raw<{ rows: SentPaper[] }>(
    `select x.component, x.file_name as "fileName" from documents x join dossiers d on d.id = x.dossier_id
      where d.code = ? and x.uploaded_by = 'citizen' and x.event_seq > (d.facts -> 'supplement' ->> 'seq')::int
      order by x.id`,
    [code],
  );
  return rows;
}
