import type { Caller, Deps } from "../dossier/deps.ts";
import { dossiersById } from "../dossier/record.ts";
import { searchPatterns } from "../dossier/search-text.ts";
import { summaryView } from "../dossier/view.ts";
import { Unreadable } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";

export interface WorkListFilter {
  status?: string | undefined;
  state?: string | undefined;
  /** today, overdue, soon (two working days) or none. */
  due?: string | undefined;
  q?: string | undefined;
  assignee?: string | undefined;
  limit: number;
  cursor?: number | undefined;
}

/**
 * The caller's work list: the open dossiers that concern his unit, the most urgent first where nothing else is
 * asked; with a status of an end, also the closed ones. Throws Unreadable for a filter that is none.
 */
export async function listDossiers(deps: Deps, caller: Caller, filter: WorkListFilter): Promise<Answer> {
  const where: string[] = [
    "(d.processing_agency = :unit or d.intake_agency = :unit or d.agency = :unit or d.consulted_agencies @> array[:unit]::text[])",
  ];
  const bindings: Record<string, string | number | number[] | Date> = { unit: caller.agency ?? "" };
  const statuses = readStatuses(filter.status);
  if (statuses !== undefined) {
    where.push("d.status = any(:statuses)");
    bindings.statuses = statuses;
  }
  if (statuses?.some((status) => [3, 8, 10].includes(status)) !== true && filter.q === undefined)
    where.push("d.closed_at is null");
  if (filter.state !== undefined) {
    where.push("d.work_state = :state");
    bindings.state = filter.state;
  }
  if (filter.assignee !== undefined) {
    where.push(filter.assignee === "none" ? "d.assignee is null" : "d.assignee = :assignee");
    bindings.assignee = filter.assignee === "me" ? caller.username : filter.assignee;
  }
  if (filter.due !== undefined) {
    where.push(dueCondition(filter.due));
    bindings.now = deps.clock.now();
  }
  if (filter.q !== undefined) {
    const patterns = searchPatterns(filter.q);
    where.push(
      `((${patterns.map((_, at) => `p.search like :word${at}`).join(" and ") || "true"}) or d.portal_code = :exact)`,
    );
    for (const [at, pattern] of patterns.entries()) bindings[`word${at}`] = pattern;
    bindings.exact = filter.q;
  }
  if (filter.cursor !== undefined) {
    where.push("d.id < :cursor");
    bindings.cursor = filter.cursor;
  }
  const { rows } = await deps.db.raw<{ rows: { id: number }[] }>(
    `select d.id from dossiers d join dossier_people p on p.dossier_id = d.id
      where ${where.join(" and ")} order by d.id desc limit :most`,
    { ...bindings, most: filter.limit + 1 },
  );
  const ids = rows.slice(0, filter.limit).map(({ id }) => id);
  const dossiers = await dossiersById(deps.db, ids);
  return {
    status: 200,
    body: {
      items: dossiers.map(summaryView),
      nextCursor: rows.length > filter.limit ? String(ids.at(-1)) : null,
    },
  };
}

function readStatuses(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  const statuses = text.split(",").map(Number);
  if (statuses.some((status) => !Number.isInteger(status) || status < 1 || status > 10))
    throw new Unreadable(
      "bad-status",
      "Tham số status là một hay nhiều số từ 1 đến 10, cách nhau bằng dấu phẩy.",
    );
  return statuses;
}

function dueCondition(due: string): string {
  switch (due) {
    case "overdue":
      return "d.due_at < :now";
    case "today":
      return "(d.due_at at time zone 'Asia/Ho_Chi_Minh')::date = (:now::timestamptz at time zone 'Asia/Ho_Chi_Minh')::date";
    case "soon":
      return "d.due_at between :now and :now::timestamptz + interval '2 days'";
    case "none":
      return "d.due_at is null";
    default:
      throw new Unreadable("bad-due", "Tham số due là overdue, today, soon hoặc none.");
  }
}
