import type { Request } from "express";
import { NotFound, Unauthenticated, Unreadable } from "../platform/errors.ts";
import type { Database } from "../platform/database.ts";
import type { Caller } from "./deps.ts";
import { bodyHash } from "./once.ts";
import type { OnceKey } from "./once.ts";
import type { DossierSecrets } from "./secrets.ts";

declare module "express-serve-static-core" {
  interface Request {
    /** Set by the accounts' middleware when the request carries a valid session. */
    caller?: Caller;
  }
}

/** The member of staff who asks. Throws Unauthenticated. */
export function staff(req: Request): Caller {
  if (req.caller === undefined) throw new Unauthenticated();
  return req.caller;
}

/** The secret of a dossier as sent in a header or a form; never in an address. */
export function secretOf(req: Request): string | undefined {
  const header = req.get("x-dossier-secret");
  if (header !== undefined && header !== "") return header;
  const field = (req.body as Record<string, unknown> | undefined)?.secret;
  return typeof field === "string" && field !== "" ? field : undefined;
}

export const CITIZEN: Caller = {
  kind: "citizen",
  username: "citizen",
  name: "Người nộp hồ sơ",
  roles: ["citizen"],
  agency: null,
};

/**
 * Who asks about one dossier: staff by their session, else a citizen whose secret is the dossier's.
 * Throws Unauthenticated without either; NotFound alike for a wrong secret and an unknown code.
 */
export async function callerFor(
  db: Database,
  secrets: DossierSecrets,
  req: Request,
  code: string,
): Promise<Caller> {
  if (req.caller !== undefined) return req.caller;
  if (req.get("authorization") !== undefined) throw new Unauthenticated();
  const secret = secretOf(req);
  if (secret === undefined) throw new Unauthenticated();
  await assertSecret(db, secrets, code, secret);
  return CITIZEN;
}

/** Throws NotFound unless the secret is that of the dossier. */
export async function assertSecret(
  db: Database,
  secrets: DossierSecrets,
  code: string,
  secret: string,
): Promise<void> {
  const row = await db
    .first<{ secret_hmac: Buffer } | undefined>("secret_hmac")
    .from("dossiers")
    .where({ code: plainCode(code) });
  // Compared in both cases, so that an unknown code takes no other time than a wrong secret.
  const matches = secrets.matches(secret, row?.secret_hmac ?? secrets.digest("")) && row !== undefined;
  if (!matches) throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
}

/** A dossier's code as printed, in any spacing or case. */
export function plainCode(code: string): string {
  return code.replace(/[\s\p{C}]/gu, "").toUpperCase();
}

/** The Idempotency-Key of a request. Throws 400 when it is no key. */
export function onceOf(req: Request, caller: string, body: unknown = req.body): OnceKey | undefined {
  const key = req.get("idempotency-key");
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,200}$/.test(key))
    throw new Unreadable(
      "bad-idempotency-key",
      "Idempotency-Key gồm 1 đến 200 ký tự ASCII không có khoảng trắng.",
    );
  return { caller, method: req.method, path: req.baseUrl + req.path, key, bodyHash: bodyHash(body) };
}

/**
 * The key of a page's form, from its field `_lan`: the same form sent twice, by a double click or after a lost line,
 * is done once. The fields that belong to the page and not to what was entered do not count.
 */
export function onceOfForm(req: Request, caller: string): OnceKey | undefined {
  const body = (req.body ?? {}) as Record<string, unknown>;
  const key = body._lan;
  if (typeof key !== "string" || !/^[\x21-\x7e]{1,200}$/.test(key)) return undefined;
  // Nor does a signing key's PIN, whose hash could be tried until it is found.
  const entered = Object.fromEntries(
    Object.entries(body).filter(([name]) => !name.startsWith("_") && name !== "pin"),
  );
  return { caller, method: req.method, path: req.baseUrl + req.path, key, bodyHash: bodyHash(entered) };
}

/** The version of If-Match; undefined without one. Throws 400 when it is no entity tag of ours. */
export function ifMatchOf(req: Request): number | undefined {
  const tag = req.get("if-match");
  if (tag === undefined || tag === "*") return undefined;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(tag.trim())?.[1];
  if (version === undefined)
    throw new Unreadable("bad-if-match", 'If-Match có dạng "<phiên bản>", như ETag đã trả về.');
  return Number(version);
}
