import type { Knex } from "knex";
import type { Caller, Deps } from "../dossier/deps.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { Invalid, Refused } from "../platform/errors.ts";

/** How somebody was told that a result waits for him. */
export const REMINDED_BY: Record<string, string> = {
  phone: "Gọi điện thoại",
  message: "Nhắn tin",
  letter: "Gửi thư, email",
  person: "Nhờ người báo",
};

/** So many days a result waits before its applicant is reminded, and again after each reminder. */
export const REMIND_AFTER_DAYS = 7;

const DAY_MS = 86_400_000;
const LONGEST_NOTE = 500;

export interface Reminder {
  at: Date;
  byName: string;
  how: string;
  note: string;
}

/** A finished result that nobody has come for. */
export interface Unclaimed {
  code: string;
  name: string;
  phone: string;
  procedureName: string;
  finishedAt: Date;
  method: string;
  reminders: number;
  remindedAt: Date | null;
}

/** Whether somebody has to be told (again) that his result is there. What goes by post needs no reminder. */
export function isToRemind({ finishedAt, remindedAt, method }: Unclaimed, now: Date): boolean {
  return (
    method === "counter" && now.getTime() - (remindedAt ?? finishedAt).getTime() >= REMIND_AFTER_DAYS * DAY_MS
  );
}

/** The finished results that wait at this unit's counter, the oldest first, at most `most`. */
export async function unclaimedOf(
  deps: Pick<Deps, "db" | "catalogue">,
  agency: string,
  most: number,
): Promise<Unclaimed[]> {
  const { rows } = await deps.db.raw<{
    rows: (Omit<Unclaimed, "procedureName" | "finishedAt"> & { procedure: number; finishedAt: string })[];
  }>(
    `select d.code, p.applicant ->> 'name' as name, p.applicant ->> 'phone' as phone,
        d.procedure_version_id as procedure, d.facts ->> 'finishedAt' as "finishedAt", d.return_method as method,
        r.reminders, r.reminded_at as "remindedAt"
       from dossiers d join dossier_people p on p.dossier_id = d.id
       cross join lateral (select count(*)::int as reminders, max(at) as reminded_at
          from result_reminders where dossier_id = d.id) r
      where d.intake_agency = ? and d.status = 9 and d.closed_at is null
      order by d.facts ->> 'finishedAt', d.id limit ?`,
    [agency, most],
  );
  return Promise.all(
    rows.map(async ({ procedure, finishedAt, ...row }) => {
      const { declaration } = await deps.catalogue.version(procedure);
      const name = declaration.shortName ?? declaration.displayName ?? declaration.name;
      return { ...row, procedureName: name, finishedAt: new Date(finishedAt) };
    }),
  );
}

/** All reminders of a dossier, the latest first. */
export async function remindersOf(db: Knex, dossierId: number): Promise<Reminder[]> {
  const { rows } = await db.raw<{ rows: Reminder[] }>(
    `select r.at, a.name as "byName", r.how, r.note from result_reminders r join accounts a on a.username = r.by_username
      where r.dossier_id = ? order by r.id desc`,
    [dossierId],
  );
  return rows;
}

/**
 * Writes down that the applicant was told of his result. Throws Invalid for a way that is none or a note that is too
 * long; Refused where no result waits at the caller's counter.
 */
export async function noteReminder(
  trx: Knex.Transaction,
  clock: Deps["clock"],
  caller: Caller,
  dossier: DossierRecord,
  given: { how: string; note: string },
): Promise<void> {
  const errors = [
    ...(REMINDED_BY[given.how] === undefined
      ? [{ path: "how", message: "Hãy chọn đã báo cho người nộp bằng cách nào." }]
      : []),
    ...(given.note.length > LONGEST_NOTE
      ? [{ path: "note", message: `Ghi chú không quá ${LONGEST_NOTE} ký tự.` }]
      : []),
  ];
  if (errors.length > 0) throw new Invalid(errors);
  if (dossier.status !== 9 || dossier.facts.places.intake !== caller.agency)
    throw new Refused("no-result-waits", "Hồ sơ này không có kết quả chờ trả ở đơn vị của bạn.");
  await trx("result_reminders").insert({
    dossier_id: dossier.id,
    at: clock.now(),
    by_username: caller.username,
    ...given,
  });
}
