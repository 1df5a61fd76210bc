import type { Pool } from "pg";
import type { Clock } from "../platform/clock.ts";
import { judgeLogin, judgePush, judgeQuery, type PortalRow, type PushVerdict } from "./judge-reply.ts";
import { PortalRefused, PortalUnavailable, SessionExpired } from "./portal-errors.ts";
import { postToPortal, type PortalSettings } from "./send.ts";

export interface ClientDeps {
  db: Pool;
  portal: PortalSettings;
  clock: Clock;
}

export type PushKind = "add" | "update" | "progress" | "statistics";

const SERVICES: Readonly<Record<PushKind, string>> = {
  add: "DongBoHoSoMC",
  update: "DongBoHoSoMC",
  progress: "CapNhatTienDoHoSoMC",
  statistics: "DongBoThongKeHoSo",
};
const UPDATING: Readonly<Partial<Record<PushKind, string>>> = { add: "False", update: "True" };

/**
 * The portal as the rest of the program sees it. Each call logs in when it must and renews an expired session;
 * all throw PortalUnavailable, queries throw PortalRefused too.
 */
export interface Portal {
  /** What the portal did with each record, or "singly" when it refused a batch without saying which one. */
  push(kind: PushKind, records: readonly PortalRow[]): Promise<PushVerdict[] | "singly">;
  /** The rows of a query such as TraCuuHoSo. */
  query(service: string, params: PortalRow): Promise<PortalRow[]>;
}

/** Opens the portal with a session that all processes share through `portal_sessions`; `signal` ends every call. */
export function openPortal(deps: ClientDeps, signal?: AbortSignal): Portal {
  const { portal } = deps;
  let session: string | undefined;
  let renewing: Promise<string> | undefined;

  async function withSession<T>(call: (session: string) => Promise<T>): Promise<T> {
    for (let attempt = 0; attempt < 3; attempt++) {
      const used = (session ??= await renew(undefined));
      try {
        return await call(used);
      } catch (error) {
        if (!(error instanceof SessionExpired)) throw error;
        if (session === used) session = await renew(used);
      }
    }
    throw new PortalUnavailable("each new session is refused at once", false);
  }

  /** One login at a time in this process, however many calls found the session expired. */
  async function renew(expired: string | undefined): Promise<string> {
    renewing ??= findSession(deps, expired, signal).finally(() => (renewing = undefined));
    return renewing;
  }

  const call = (service: string, params: PortalRow) => (used: string) =>
    postToPortal(portal, "/mapi/g", { session: used, madonvi: portal.unit, service, ...params }, signal);

  return {
    push: (kind, records) =>
      withSession(async (used) => {
        const updating = UPDATING[kind];
        const isUpdating = updating === undefined ? {} : { isUpdating: updating };
        const reply = await call(SERVICES[kind], { ...isUpdating, data: records })(used);
        return judgePush(
          reply,
          records.map((record) => String(kind === "statistics" ? record.Madonvi : record.MaHoSo)),
        );
      }),
    query: (service, params) => withSession(async (used) => judgeQuery(await call(service, params)(used))),
  };
}

/** The session another process obtained meanwhile, or a new one. */
async function findSession(
  deps: ClientDeps,
  expired: string | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const { db, portal, clock } = deps;
  const { rows } = await db.query<{ session: string }>(
    `select session from portal_sessions where username = $1 and session is distinct from $2`,
    [portal.username, expired ?? null],
  );
  if (rows[0]) return rows[0].session;
  const session = await logIn(portal, signal);
  await db.query(
    `insert into portal_sessions (username, session, obtained_at) values ($1, $2, $3)
     on conflict (username) do update set session = excluded.session, obtained_at = excluded.obtained_at`,
    [portal.username, session, clock.now()],
  );
  return session;
}

/** Throws PortalUnavailable, also for a refused password: no message is at fault, and it may be put right. */
export async function logIn(portal: PortalSettings, signal?: AbortSignal): Promise<string> {
  const { username, password } = portal;
  try {
    return judgeLogin(await postToPortal(portal, "/mapi/login", { username, password }, signal));
  } catch (error) {
    if (error instanceof PortalRefused || error instanceof SessionExpired) {
      throw new PortalUnavailable(`login refused: ${error.message}`, false, { cause: error });
    }
    throw new PortalUnavailable(`login failed: ${(error as Error).message}`, false, { cause: error });
  }
}
