import type { Caller, Deps } from "../dossier/deps.ts";

/** The code of the dossier that this very form has made already; undefined while it has made none. */
export async function sentBefore(
  deps: Deps,
  caller: Caller,
  form: string | undefined,
): Promise<string | undefined> {
  if (form === undefined) return undefined;
  const row = await deps.db
    .first<{ response: Buffer } | undefined>("response")
    .from("idempotency_keys")
    .where({ caller: caller.username, method: "POST", path: "/tiep-nhan", key: form });
  if (row === undefined) return undefined;
  return (JSON.parse(deps.secrets.decrypt(row.response)) as { body: { code: string } }).body.code;
}
