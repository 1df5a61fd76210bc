import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Fault, Measures } from "./measures.ts";

/** Who asks: an officer by his account, a citizen by the dossier's secret, or anybody. */
export type Who = { username: string } | { secret: string } | "anybody";

export interface Asking {
  method: "GET" | "POST";
  /** Under /api/v1. */
  path: string;
  body?: Record<string, unknown> | FormData;
  /** The dossier's version that the asker has seen. */
  ifVersion?: number;
  /** Under which name its time is kept. */
  step: string;
}

export interface Reply {
  status: number;
  /** Undefined for what is no JSON. */
  body: unknown;
  bytes: number;
}

/** Thrown for an answer that nobody expected. */
export class Unexpected extends Error {
  constructor(readonly fault: Fault) {
    super(`${fault.who}: ${fault.what} was answered ${fault.status}: ${fault.said}`);
  }
}

export interface Caller {
  /** Asks and answers what came back, whatever its status; only 401, 429 and a lost connection are seen to. */
  ask(who: Who, asking: Asking): Promise<Reply>;
  /** The same for what must succeed. Throws Unexpected. */
  get<T>(who: Who, asking: Asking): Promise<T>;
}

const ATTEMPTS = 4;

/**
 * Calls the API as a browser of each account would: logs in at the first call and again when the session has ended,
 * sends each POST under a key of its own so that it may be repeated, and waits when asked to come slower.
 */
export function openCaller(url: string, password: string, measures: Measures): Caller {
  const tokens = new Map<string, Promise<string>>();

  async function ask(who: Who, asking: Asking): Promise<Reply> {
    const key = randomUUID();
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const begun = performance.now();
      const answer = await send(who, asking, key).catch((cause: unknown) => {
        if (attempt >= ATTEMPTS) throw unexpected(who, asking, 0, String(cause));
        return undefined;
      });
      if (answer === undefined) {
        measures.count("connections lost");
        await pause(200 * attempt);
      } else if (answer.status === 429 && attempt < 20) {
        await answer.arrayBuffer();
        measures.count("slowed");
        await pause(Math.min(60, Number(answer.headers.get("retry-after") ?? 1)) * 1_000);
      } else if (answer.status === 202 && attempt < 60) {
        // A signing that takes long: asked under the same key until it is done.
        await answer.arrayBuffer();
        measures.count("signings waited for");
        await pause(1_000);
      } else if (answer.status === 401 && typeof who === "object" && "username" in who && !renewed) {
        await answer.arrayBuffer();
        renewed = true;
        measures.count("logins renewed");
        tokens.delete(who.username);
      } else {
        const bytes = Buffer.from(await answer.arrayBuffer());
        measures.add(asking.step, performance.now() - begun);
        const isJson = /[/+]json/.test(answer.headers.get("content-type") ?? "");
        const body: unknown = isJson ? JSON.parse(bytes.toString("utf8")) : undefined;
        return { status: answer.status, body, bytes: bytes.length };
      }
    }
  }

  async function send(who: Who, { method, path, body, ifVersion }: Asking, key: string): Promise<Response> {
    const headers: Record<string, string> = {};
    if (typeof who === "object" && "username" in who)
      headers.authorization = `Bearer ${await logIn(who.username)}`;
    if (typeof who === "object" && "secret" in who) headers["x-dossier-secret"] = who.secret;
    if (method === "POST") headers["idempotency-key"] = key;
    if (ifVersion !== undefined) headers["if-match"] = `"${ifVersion}"`;
    if (body !== undefined && !(body instanceof FormData)) headers["content-type"] = "application/json";
    measures.count("requests");
    return fetch(`${url}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(60_000),
    });
  }

  function logIn(username: string): Promise<string> {
    const known = tokens.get(username);
    if (known !== undefined) return known;
    const asking: Asking = {
      method: "POST",
      path: "/sessions",
      body: { username, password },
      step: "log in",
    };
    const token = get<{ token: string }>("anybody", asking).then((session) => session.token);
    tokens.set(username, token);
    token.catch(() => tokens.delete(username));
    return token;
  }

  async function get<T>(who: Who, asking: Asking): Promise<T> {
    const reply = await ask(who, asking);
    if (reply.status >= 400) throw unexpected(who, asking, reply.status, spoken(reply.body));
    return reply.body as T;
  }
  return { ask, get };
}

/** What to blame for an answer that should not have come. */
export function unexpected(who: Who, asking: Asking, status: number, said: string): Unexpected {
  const type = asking.body instanceof FormData ? undefined : asking.body?.type;
  const what = `${asking.method} ${asking.path}${typeof type === "string" ? ` ${type}` : ""}`;
  return new Unexpected({ who: nameOf(who), what, status, said });
}

/** The words of a problem document, in one line. */
export function spoken(body: unknown): string {
  const { code, rule, detail, errors } = (body ?? {}) as Record<string, unknown>;
  const fields = (Array.isArray(errors) ? (errors as { path?: string; message?: string }[]) : []).map(
    ({ path, message }) => `${path}: ${message}`,
  );
  return [code, rule, detail, ...fields].filter((part) => typeof part === "string").join(" · ");
}

function nameOf(who: Who): string {
  if (who === "anybody") return "anybody";
  return "username" in who ? who.username : "the citizen";
}
