import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { spoken, unexpected, type Asking, type Caller, type Reply, type Who } from "../demo/caller.ts";
import type { Measures } from "../demo/measures.ts";
import type { Answers } from "./answers.ts";
import type { Gate } from "./gate.ts";

export interface PatienceDeps {
  url: string;
  password: string;
  answers: Answers;
  measures: Measures;
  gate: Gate;
}

/** How long a client goes on asking, in milliseconds, before it gives up: longer than anything here lasts. */
const PATIENCE = 900_000;

/** No answer yet: the signing goes on (202), the asker comes too often, or something is away. */
const isLater = (status: number) => status === 202 || status === 429 || status >= 500;

/**
 * Calls the API as a careful client does: whatever has no answer, or one that says "later" (202, 429, 5xx), is sent again
 * under the same key until there is one. Every 2xx to a change is written down.
 */
export function openPatientCaller({ url, password, answers, measures, gate }: PatienceDeps): Caller {
  const tokens = new Map<string, Promise<string>>();

  async function ask(who: Who, asking: Asking): Promise<Reply> {
    return gate.through(() => insist(who, asking));
  }

  async function insist(who: Who, asking: Asking): Promise<Reply> {
    const key = randomUUID();
    const begun = performance.now();
    for (let attempt = 1; ; attempt += 1) {
      const reply = await send(who, asking, key).catch((cause: unknown) => String(cause));
      if (typeof reply !== "string" && !isLater(reply.status)) {
        if (reply.status === 401 && typeof who === "object" && "username" in who && attempt < 20) {
          tokens.delete(who.username);
          continue;
        }
        measures.add(asking.step, performance.now() - begun);
        note(who, asking, key, reply);
        return reply;
      }
      measures.count("connections lost");
      if (performance.now() - begun > PATIENCE) {
        if (asking.method === "POST") answers.leaveOpen(`${asking.path} ${key}`);
        const said = typeof reply === "string" ? reply : spoken(reply.body);
        throw unexpected(who, asking, typeof reply === "string" ? 0 : reply.status, said);
      }
      await pause(Math.min(1_000, 100 * attempt));
    }
  }

  async function send(who: Who, { method, path, body, ifVersion }: Asking, key: string): Promise<Reply> {
    const headers: Record<string, string> = {};
    if (typeof who === "object" && "username" in who)
      headers.authorization = `Bearer ${await logIn(who.username)}`;
    if (typeof who === "object" && "secret" in who) headers["x-dossier-secret"] = who.secret;
    if (method === "POST") headers["idempotency-key"] = key;
    if (ifVersion !== undefined) headers["if-match"] = `"${ifVersion}"`;
    if (body !== undefined && !(body instanceof FormData)) headers["content-type"] = "application/json";
    measures.count("requests");
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    // The connection may break in the middle of an answer: then there was none.
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isJson = /[/+]json/.test(answer.headers.get("content-type") ?? "");
    const read: unknown = isJson ? JSON.parse(bytes.toString("utf8")) : undefined;
    return { status: answer.status, body: read, bytes: bytes.length };
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
    const token = insist("anybody", asking).then(({ status, body }) => {
      if (status !== 201) throw unexpected("anybody", asking, status, spoken(body));
      return (body as { token: string }).token;
    });
    tokens.set(username, token);
    token.catch(() => tokens.delete(username));
    return token;
  }

  function note(who: Who, { method, path, body }: Asking, key: string, { status, body: reply }: Reply): void {
    const [, root, code, what] = path.split("/");
    if (method !== "POST" || status >= 300 || root !== "dossiers") return;
    const said = reply as { code?: string; version: number };
    const sent = body instanceof FormData || body === undefined ? {} : body;
    answers.add({
      key,
      who: typeof who === "object" && "username" in who ? who.username : "citizen",
      code: code ?? said.code ?? "",
      type: code === undefined ? "FILE" : what === "documents" ? "ADD_DOCUMENT" : String(sent.type),
      version: said.version,
    });
  }

  return {
    ask,
    async get<T>(who: Who, asking: Asking): Promise<T> {
      const reply = await ask(who, asking);
      if (reply.status >= 400) throw unexpected(who, asking, reply.status, spoken(reply.body));
      return reply.body as T;
    },
  };
}
