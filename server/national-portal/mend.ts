import type { Pool } from "pg";
import type { Difference } from "./reconcile.ts";
import { resend } from "./resend.ts";

/** Why the portal holds something else than we do, as far as the outbox tells. */
export type Cause = "under-way" | "refused" | "never-sent" | "lost" | "behind" | "differs" | "unreadable";

export const CAUSES: Readonly<Record<Cause, string>> = {
  "under-way": "Tin đang chờ gửi",
  refused: "Cổng đã từ chối tin gửi trước đó",
  "never-sent": "Chưa gửi tin nào của hồ sơ này",
  lost: "Cổng không còn hồ sơ đã nhận",
  behind: "Cổng giữ trạng thái hoặc tiến trình cũ",
  differs: "Cổng giữ thông tin khác",
  unreadable: "Cổng từ chối tra cứu",
};

export interface Mending {
  cause: Cause;
  /** What was done: nothing, waited for, failed messages again, these delivered ones again, or all of it for the first time. */
  by: "none" | "waiting" | "failed-again" | "sent-again" | "told-whole";
  /** Delivered messages that were put back; if the portal refuses them now they count as delivered again. */
  messages: string[];
}

/** A message as far as the portal's order of statuses goes. */
export interface Step {
  kind: "dossier" | "progress";
  status: number;
}

interface Told extends Step {
  id: string;
  state: string;
}

/**
 * Has messages made of a dossier from its beginning, those that `choose` picks, in the place of the messages `held` (their
 * ids, in order); answers how many, 0 where others are there by now.
 */
export type TellWhole = (
  dossierCode: string,
  held: readonly string[],
  choose: <T extends Step>(steps: readonly T[]) => readonly T[],
) => Promise<number>;

/**
 * Sends again what makes the portal hold what we hold of one dossier: failed messages as they are; of delivered ones
 * those after the state in which the portal stands, so that each may follow there. What the portal does not hold at all is
 * sent from the first message on, failed ones too; where the beginning is not among them, or none was ever made, it is
 * told whole. Nothing is sent again while a message of the dossier is still on its way.
 */
export async function mend(
  db: Pool,
  dossierCode: string,
  differences: readonly Difference[],
  tellWhole?: TellWhole,
): Promise<Mending> {
  const none = (cause: Cause): Mending => ({ cause, by: "none", messages: [] });
  if (differences.some(({ what }) => what === "unreadable")) return none("unreadable");
  const { rows } = await db.query<Told & { dossierId: string }>(
    `select o.id::text, o.dossier_id::text as "dossierId", o.kind, (o.payload ->> 'status')::int as status, o.state
       from outbox o join dossiers d on d.id = o.dossier_id where d.code = $1 order by o.id`,
    [dossierCode],
  );
  const dossierId = rows[0]?.dossierId;
  const whole = (held: readonly Told[]) =>
    tellWhole?.(
      dossierCode,
      held.map(({ id }) => id),
      (steps) => choose(steps, differences).again,
    ) ?? Promise.resolve(0);
  // What the portal refuses of what was told whole stays failed, with the reason, as it would have at first.
  if (dossierId === undefined)
    return (await whole([])) > 0
      ? { cause: "never-sent", by: "told-whole", messages: [] }
      : none("never-sent");
  const failed = rows.some(({ state }) => state === "failed");
  if (!failed && rows.some(({ state }) => state === "pending"))
    return { cause: "under-way", by: "waiting", messages: [] };
  const { cause, again } = choose(rows, differences);
  if (cause === "lost" && !beginsWhereThePortalDoes(rows) && (await whole(rows)) > 0)
    return { cause: failed ? "refused" : cause, by: "told-whole", messages: [] };
  const messages = again.filter(({ state }) => state === "delivered").map(({ id }) => id);
  if (failed) {
    if (cause === "lost") await putBack(db, dossierId, messages, true);
    await resend({ db }, { dossierId });
    return { cause: "refused", by: "failed-again", messages: cause === "lost" ? messages : [] };
  }
  return (await putBack(db, dossierId, messages, false)) > 0
    ? { cause, by: "sent-again", messages }
    : { cause: "under-way", by: "waiting", messages: [] };
}

/** The portal takes up a dossier as filed or, from the counter, as accepted; from nowhere else. */
function beginsWhereThePortalDoes([first]: readonly Step[]): boolean {
  return first?.kind === "dossier" && (first.status === 1 || first.status === 2);
}

/** Makes delivered messages pending, unless others of the dossier wait (`besideOthers`: all the same); answers how many. */
async function putBack(
  db: Pool,
  dossierId: string,
  messages: readonly string[],
  besideOthers: boolean,
): Promise<number> {
  const { rowCount } = await db.query(
    `with back as (
       update outbox set state = 'pending', attempts = 0, delivered_at = null, claimed_by = null, claimed_at = null
        where id = any ($1::bigint[]) and state = 'delivered'
          and ($3 or not exists (select from outbox o where o.dossier_id = $2 and o.state <> 'delivered')) returning id)
     select pg_notify('outbox', '') from back`,
    [messages, dossierId, besideOthers],
  );
  return rowCount ?? 0;
}

function choose<T extends Step>(
  told: readonly T[],
  differences: readonly Difference[],
): { cause: Cause; again: T[] } {
  const last = told.filter(({ kind }) => kind === "dossier").slice(-1);
  if (differences.some(({ what }) => what === "missing")) return { cause: "lost", again: [...told] };
  const status = differences.find(({ what }) => what === "TrangThaiHoSo");
  if (status !== undefined) {
    const at = told.findLastIndex((message) => String(message.status) === status.theirs);
    // A status that we never told it: the record as it is, if the portal takes it.
    return at < 0 ? { cause: "differs", again: last } : { cause: "behind", again: after(told, at, last) };
  }
  const present = told.at(-1)?.status;
  const ofPresent = told.slice(told.findLastIndex((message) => message.status !== present) + 1);
  if (differences.some(({ what }) => what === "SoLuongTienTrinh"))
    // Earlier steps may not follow the present status any more; those of the present one may.
    return { cause: "behind", again: ofPresent.length > 0 ? ofPresent : last };
  return { cause: "differs", again: last };
}

function after<T extends Step>(told: readonly T[], at: number, last: readonly T[]): T[] {
  const later = told.slice(at + 1);
  return later.some(({ kind }) => kind === "dossier") ? later : [...last, ...later];
}

/** Messages that were sent again and refused count as delivered, as they were: they must not hold the dossier's next ones. */
export async function giveUp(db: Pool, messages: readonly string[]): Promise<void> {
  if (messages.length === 0) return;
  await db.query(
    `update outbox set state = 'delivered', delivered_at = coalesce(delivered_at, created_at),
            last_error = 'gửi lại khi đối soát: ' || coalesce(last_error, '')
      where id = any ($1::bigint[]) and state = 'failed'`,
    [messages],
  );
  await db.query("select pg_notify('outbox', '')");
}
