import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "mocha";
import { openSessions } from "../../server/accounts/sessions.ts";
import { createApp, type AppParts } from "../../server/app.ts";
import { openFileStore } from "../../server/platform/files.ts";
import { openLog } from "../../server/platform/log.ts";
import { openMetrics } from "../../server/platform/metrics.ts";
import type { OpenedParts } from "../../server/open-deps.ts";
import { movableClock, type MovableClock } from "./clock.ts";
import { TEST_PASSWORD, withTestDatabase, type TestDatabase } from "./database.ts";

/** The program's own web application over a database of its own and a clock that the test moves. */
export interface TestApp {
  url: string;
  clock: MovableClock;
  database: TestDatabase;
  /** What worker rounds and use cases are handed, in the role `worker`. */
  parts: OpenedParts;
  inboundToken: string;
  /** A client that is logged in as this account; undefined: as nobody. */
  as(username?: string): Client;
}

export interface Reply<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}

export interface Client {
  get<T = Record<string, unknown>>(path: string, headers?: Record<string, string>): Promise<Reply<T>>;
  post<T = Record<string, unknown>>(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<T>>;
  upload<T = Record<string, unknown>>(
    path: string,
    fields: Record<string, string>,
    file: { bytes: Buffer; name: string; type: string } | undefined,
    headers?: Record<string, string>,
  ): Promise<Reply<T>>;
}

/** Monday morning, a working day. */
export const MONDAY = "2026-11-23T08:00:00+07:00";

/**
 * Gives the tests of this `describe` the running application (use it in hooks and tests). `settings` are asked for when
 * it starts, after the hooks that were entered before.
 */
export function withTestApp(
  startAt = MONDAY,
  settings: () => Partial<AppParts["config"]> = () => ({}),
): TestApp {
  const database = withTestDatabase();
  const clock = movableClock(startAt);
  const tokens = new Map<string, string>();
  const inboundToken = "ma-thu-nghiem-cua-cong-quoc-gia";
  let server: Server | undefined;
  let parts: OpenedParts | undefined;
  let directory = "";
  let url = "";

  before(async function () {
    this.timeout(60_000);
    directory = await mkdtemp(join(tmpdir(), "motcua-app-"));
    const secrets = {
      secretKey: Buffer.alloc(32, 1),
      secretHashKey: Buffer.alloc(32, 2),
      portalInboundToken: inboundToken,
    };
    const config = {
      dataDir: directory,
      publicUrl: "http://mot-cua.test",
      production: false,
      rateLimits: false,
      ...settings(),
    };
    const files = await openFileStore(join(directory, "files"));
    const log = openLog("test", process.env.LOG_LEVEL ?? "silent");
    const db = database.open("app");
    const forWorker = { db: database.open("worker"), lookUpDb: database.open("worker", { max: 2 }) };
    parts = { config, secrets, clock, log, files, ...forWorker };
    const app = await createApp({
      config,
      secrets,
      clock,
      log,
      files,
      db,
      lookUpDb: database.open("app", { max: 2 }),
      trackingDb: database.open("tracking"),
      sessions: openSessions({ db, clock }),
      metrics: openMetrics("test"),
      isStopping: () => false,
    });
    server = createServer(app);
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    await rm(directory, { recursive: true, force: true });
  });

  async function send<T>(
    username: string | undefined,
    method: string,
    path: string,
    init: RequestInit,
  ): Promise<Reply<T>> {
    const headers = new Headers(init.headers);
    if (username !== undefined) headers.set("Authorization", `Bearer ${await tokenOf(username)}`);
    const answer = await fetch(
      path.startsWith("/api") || path.startsWith("/health") ? url + path : `${url}/api/v1${path}`,
      { ...init, method, headers },
    );
    if (answer.status === 401 && username !== undefined && tokens.delete(username))
      // The test moved the clock past the session's end.
      return send(username, method, path, init);
    const isJson = answer.headers.get("content-type")?.includes("json") === true;
    const body: unknown = isJson ? await answer.json() : { bytes: Buffer.from(await answer.arrayBuffer()) };
    return { status: answer.status, body: body as T, headers: answer.headers };
  }

  async function tokenOf(username: string): Promise<string> {
    const known = tokens.get(username);
    if (known !== undefined) return known;
    const { status, body } = await send<{ token: string }>(undefined, "POST", "/sessions", {
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username, password: TEST_PASSWORD }),
    });
    if (status !== 201) throw new Error(`${username} cannot log in: ${status}`);
    tokens.set(username, body.token);
    return body.token;
  }

  return {
    get url() {
      return url;
    },
    get parts() {
      if (parts === undefined) throw new Error("the application is there only in hooks and tests");
      return parts;
    },
    clock,
    database,
    inboundToken,
    as: (username) => ({
      get: (path, headers = {}) => send(username, "GET", path, { headers }),
      post: (path, body, headers = {}) =>
        send(username, "POST", path, {
          headers: { "Content-Type": "application/json", ...headers },
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
      upload(path, fields, file, headers = {}) {
        const form = new FormData();
        for (const [name, value] of Object.entries(fields)) form.append(name, value);
        if (file !== undefined)
          form.append("file", new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name);
        return send(username, "POST", path, { headers, body: form });
      },
    }),
  };
}
