import { randomBytes } from "node:crypto";
import type { PoolClient } from "pg";
import { CODES, refuse, type Refusal } from "./answer.ts";
import type { PortalRecord } from "./judge-fields.ts";

const SESSION_MINUTES = 30;

/** POST /mapi/login: a session of 30 minutes for the right name and password. */
export async function logIn(
  trx: PoolClient,
  body: PortalRecord,
  account: { username: string; password: string },
  now: Date,
): Promise<{ session: string; error_code: string } | Refusal> {
  if (body.username !== account.username || body.password !== account.password) {
    return refuse(CODES.invalid, "Sai tên đăng nhập hoặc mật khẩu");
  }
  const session = randomBytes(24).toString("base64url");
  await trx.query(`delete from sessions where expires_at < $1`, [now]);
  await trx.query(`insert into sessions (session, username, expires_at) values ($1, $2, $3)`, [
    session,
    account.username,
    new Date(now.getTime() + SESSION_MINUTES * 60_000),
  ]);
  return { session, error_code: CODES.ok };
}

/** A refusal when the session is unknown or its time is up. */
export async function judgeSession(
  trx: PoolClient,
  session: unknown,
  now: Date,
): Promise<Refusal | undefined> {
  const { rowCount } = await trx.query(`select from sessions where session = $1 and expires_at > $2`, [
    typeof session === "string" ? session : "",
    now,
  ]);
  if (rowCount) return undefined;
  return refuse(CODES.session, "Phiên làm việc không hợp lệ hoặc đã hết hạn");
}
