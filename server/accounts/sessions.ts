import { createHash, randomBytes } from "node:crypto";
import type { Knex } from "knex";
import type { Database } from "../platform/database.ts";
import type { Clock } from "../platform/clock.ts";
import { Unauthenticated } from "../platform/errors.ts";
import { ACCOUNT_COLUMNS, type Account } from "./account.ts";
import { checkNobody, isPassword } from "./passwords.ts";

/** How long a session lasts, in milliseconds: a working day, never renewed. */
export const SESSION_LENGTH = 12 * 3_600_000;

/** How long a process trusts what it read about a session, in milliseconds: a log-out elsewhere works within it. */
const CACHE_LENGTH = 1_500;
const CACHE_SIZE = 5_000;

export interface Session {
  /** 43 characters; only its hash is stored. */
  token: string;
  account: Account;
  expiresAt: Date;
}

/**
 * Opens a session for whoever knows the password. Throws Unauthenticated with the same words for an unknown name, a
 * wrong password and a disabled account, after the same time.
 */
export async function logIn(
  { db, clock }: { db: Database; clock: Clock },
  { username, password }: { username: string; password: string },
): Promise<Session> {
  const found = await db("accounts as a")
    .select(...ACCOUNT_COLUMNS, "a.active", "a.password_hash")
    .where("a.username", username.normalize("NFC"))
    .first<(Account & { active: boolean; password_hash: string }) | undefined>();
  const known = found ? await isPassword(password, found.password_hash) : await checkNobody(password);
  if (!found || !known || !found.active)
    throw new Unauthenticated("wrong-credentials", "Tên đăng nhập hoặc mật khẩu không đúng.");

  const token = randomBytes(32).toString("base64url");
  const now = clock.now();
  const expiresAt = new Date(now.getTime() + SESSION_LENGTH);
  await db("sessions").insert({
    token_hash: hashToken(token),
    account_id: found.id,
    created_at: now,
    expires_at: expiresAt,
  });
  const { id, name, agency, roles, passwordOnce } = found;
  return { token, account: { id, username: found.username, name, agency, roles, passwordOnce }, expiresAt };
}

/** Ends the session, here at once and in other processes within two seconds. A token that is none is no error. */
export async function logOut(sessions: Sessions, { db }: { db: Database }, token: string): Promise<void> {
  await db("sessions").where("token_hash", hashToken(token)).delete();
  sessions.forget(token);
}

/** Removes the sessions that have expired. Answers how many. */
export function removeExpiredSessions(db: Knex, clock: Clock): Promise<number> {
  return db("sessions").where("expires_at", "<=", clock.now()).delete();
}

export interface Sessions {
  /** Whose session this is; undefined when it is unknown, expired, ended, or its account disabled. */
  find(token: string): Promise<Account | undefined>;
  forget(token: string): void;
}

/**
 * Looks up sessions, remembering each for a moment so that a busy desk costs no query a request. What is not known is
 * not remembered. `db` is a pool with the role `app`.
 */
export function openSessions(
  { db, clock }: { db: Database; clock: Clock },
  monotonic: () => number = () => performance.now(),
): Sessions {
  const cache = new Map<string, { account: Account; expiresAt: Date; until: number }>();

  async function read(key: string, token: string) {
    const found = await db("sessions as s")
      .join("accounts as a", "a.id", "s.account_id")
      .select(...ACCOUNT_COLUMNS, "s.expires_at as expiresAt")
      .where({ "s.token_hash": hashToken(token), "a.active": true })
      .first<(Account & { expiresAt: Date }) | undefined>();
    if (!found) return undefined;
    const { expiresAt, ...account } = found;
    const entry = { account, expiresAt, until: monotonic() + CACHE_LENGTH };
    // The oldest entry goes first: a map keeps the order in which its keys came.
    cache.delete(key);
    const oldest = cache.size >= CACHE_SIZE ? cache.keys().next().value : undefined;
    if (oldest !== undefined) cache.delete(oldest);
    cache.set(key, entry);
    return entry;
  }

  return {
    async find(token) {
      if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
      const key = cacheKey(token);
      const kept = cache.get(key);
      const entry = kept && kept.until > monotonic() ? kept : await read(key, token);
      if (!entry || entry.expiresAt <= clock.now()) {
        cache.delete(key);
        return undefined;
      }
      return entry.account;
    },
    forget: (token) => cache.delete(cacheKey(token)),
  };
}

/** The form in which a session is stored. */
export function hashToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** The hash here too, so that no memory dump holds tokens. */
function cacheKey(token: string): string {
  return hashToken(token).toString("base64");
}
