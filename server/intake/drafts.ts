import type { Deps } from "../dossier/deps.ts";
import type { Typed } from "./typed-application.ts";

/** A form of the front desk as it was typed, kept until it is sent or thrown away. */
export interface Draft {
  typed: Typed;
  updatedAt: Date;
}

/** What became of a draft: when it was saved, or why it was not, in words for the officer. */
export type DraftSaved = { savedAt: Date } | { unsaved: string };

/** How many drafts an account may have open. */
export const MOST_DRAFTS = 20;
const MOST_BYTES = 200_000;

/** Whose form it is and which: every form that is opened has a key of its own, `_lan`, in its address as `phieu`. */
export interface DraftKey {
  username: string;
  form: string;
}

/** The key of a form as an address or a posted form names it; undefined for what is none. */
export function formKey(text: string | undefined): string | undefined {
  return text !== undefined && /^[\x21-\x7e]{1,200}$/.test(text) ? text : undefined;
}

/**
 * Keeps what was typed in this form, encrypted under the key outside the database; of the same form the last one
 * wins. Never pushes out another draft: an account that has too many is told so.
 */
export async function saveDraft(deps: Deps, { username, form }: DraftKey, typed: Typed): Promise<DraftSaved> {
  const text = JSON.stringify(typed);
  if (text.length > MOST_BYTES) return { unsaved: "Nội dung quá dài, chưa lưu nháp được." };
  const savedAt = deps.clock.now();
  const { rows } = await deps.db.raw<{ rows: unknown[] }>(
    `insert into drafts (username, form, content, updated_at)
     select :username, :form, :content, :savedAt
      where (select count(*) from drafts where username = :username and form <> :form) < :most
     on conflict (username, form) do update set content = excluded.content, updated_at = excluded.updated_at
     returning form`,
    { username, form, content: deps.secrets.encrypt(text), savedAt, most: MOST_DRAFTS },
  );
  if (rows.length > 0) return { savedAt };
  return {
    unsaved: `Chưa lưu nháp: tài khoản đã có ${MOST_DRAFTS} nháp. Hãy nhận nốt hoặc bỏ bớt ở trang Tiếp nhận.`,
  };
}

/** The draft of this form; undefined when there is none, or one that this key no longer opens. */
export async function findDraft(deps: Deps, { username, form }: DraftKey): Promise<Draft | undefined> {
  const row = await deps
    .db("drafts")
    .first<DraftRow | undefined>("form", "content", "updated_at")
    .where({ username, form });
  return row === undefined ? undefined : opened(deps, row);
}

/** All that the account has not sent yet, the last touched first; `typed` is undefined where this key opens it no longer. */
export async function openDrafts(
  deps: Deps,
  username: string,
): Promise<{ form: string; typed: Typed | undefined; updatedAt: Date }[]> {
  const rows = await deps
    .db("drafts")
    .select<DraftRow[]>("form", "content", "updated_at")
    .where({ username })
    .orderBy([{ column: "updated_at", order: "desc" }, "form"]);
  return rows.map((row) => ({
    form: row.form,
    typed: opened(deps, row)?.typed,
    updatedAt: row.updated_at,
  }));
}

/** Throws this form's draft away, and no other. */
export async function discardDraft(deps: Deps, { username, form }: DraftKey): Promise<void> {
  await deps.db("drafts").where({ username, form }).delete();
}

interface DraftRow {
  form: string;
  content: Buffer;
  updated_at: Date;
}

function opened(deps: Deps, row: DraftRow): Draft | undefined {
  try {
    const typed = JSON.parse(deps.secrets.decrypt(row.content)) as Typed;
    return { typed: { ...typed, _lan: row.form }, updatedAt: row.updated_at };
  } catch {
    return undefined;
  }
}
