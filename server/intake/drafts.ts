import type { Deps } from "../dossier/deps.ts";
import type { Typed } from "./typed-application.ts";

/** A form of the front desk as it was typed, kept until it is sent or thrown away. */
export interface Draft {
  typed: Typed;
  updatedAt: Date;
}

const MOST_BYTES = 200_000;

/** Keeps what this account has typed, encrypted under the key outside the database; the last one wins. */
export async function saveDraft(deps: Deps, username: string, typed: Typed): Promise<Date> {
  const text = JSON.stringify(typed);
  const now = deps.clock.now();
  if (text.length > MOST_BYTES) return now;
  await deps
    .db("drafts")
    .insert({ username, content: deps.secrets.encrypt(text), updated_at: now })
    .onConflict("username")
    .merge(["content", "updated_at"]);
  return now;
}

/** The account's draft; undefined when there is none, or one that this key no longer opens. */
export async function findDraft(deps: Deps, username: string): Promise<Draft | undefined> {
  const row = await deps
    .db("drafts")
    .first<{ content: Buffer; updated_at: Date } | undefined>("content", "updated_at")
    .where({ username });
  if (row === undefined) return undefined;
  try {
    return { typed: JSON.parse(deps.secrets.decrypt(row.content)) as Typed, updatedAt: row.updated_at };
  } catch {
    return undefined;
  }
}

export async function discardDraft(deps: Deps, username: string): Promise<void> {
  await deps.db("drafts").where({ username }).delete();
}
