import { spawn, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { databaseUrl } from "../../server/platform/migrate.ts";
import type { Client, Reply, TestApp } from "./app.ts";

/** The whole program as `npm start` runs it, on a folder and ports of its own. */
export interface Program {
  stop(): Promise<void>;
  /** Enough of a test application to walk dossiers through it over HTTP. */
  app: Pick<TestApp, "as">;
}

export interface Ran {
  code: number | null;
  output: string;
  errors: string;
}

/** The settings of programs and commands of one test, without an outside database. */
export function settingsOf(settings: Record<string, string>): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: undefined,
    DATABASE_OWNER_URL: undefined,
    LOG_LEVEL: "fatal",
    ...settings,
  };
}

/** Runs a command of tools/ to its end; `watch` is told what it has said so far. */
export async function runTool(
  tool: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  watch: (output: string, child: ChildProcess) => void = () => undefined,
): Promise<Ran> {
  return run(process.execPath, ["--import", "tsx", `tools/${tool}.ts`, ...args], env, watch);
}

export async function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  watch: (output: string, child: ChildProcess) => void = () => undefined,
): Promise<Ran> {
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors] = ["", ""];
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
    watch(output, child);
  });
  child.stderr.on("data", (chunk) => (errors += String(chunk)));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output, errors };
}

/** Starts it; throws with what it said when it ends before it is ready. */
export async function startProgramProcess(env: NodeJS.ProcessEnv): Promise<Program> {
  const main = spawn(process.execPath, ["server/main.js"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<void>((resolve) => main.once("exit", () => resolve()));
  let said = "";
  main.stderr.on("data", (chunk) => (said += String(chunk)));
  await new Promise<void>((resolve, reject) => {
    main.stdout.on("data", (chunk) => {
      said += String(chunk);
      if (/^ready http/m.test(said)) resolve();
    });
    main.once("close", () => reject(new Error(said)));
  });
  return {
    app: { as: clientsOf(`http://localhost:${env.PORT ?? ""}`, env.DEMO_PASSWORD ?? "") },
    async stop() {
      main.kill("SIGTERM");
      await ended;
    },
  };
}

/** The address of an embedded database that runs, as its owner. */
export async function ownerUrlOf(dataDir: string): Promise<string> {
  const kept = async (name: string) => (await readFile(join(dataDir, "postgres", name), "utf8")).trim();
  const url = `postgres://localhost:${await kept("port")}/motcua`;
  return databaseUrl(url.replace("localhost", "127.0.0.1"), {
    user: "motcua_owner",
    password: await kept("owner-password"),
  });
}

function clientsOf(url: string, password: string): (username?: string) => Client {
  const tokens = new Map<string, string>();
  async function send<T>(username: string | undefined, path: string, init: RequestInit): Promise<Reply<T>> {
    const headers = new Headers(init.headers);
    if (username !== undefined) headers.set("Authorization", `Bearer ${await tokenOf(username)}`);
    const answer = await fetch(`${url}/api/v1${path}`, { ...init, headers });
    const isJson = answer.headers.get("content-type")?.includes("json") === true;
    const body: unknown = isJson ? await answer.json() : { bytes: Buffer.from(await answer.arrayBuffer()) };
    return { status: answer.status, body: body as T, headers: answer.headers };
  }
  async function tokenOf(username: string): Promise<string> {
    const known = tokens.get(username);
    if (known !== undefined) return known;
    const { body } = await send<{ token: string }>(undefined, "/sessions", json({ username, password }));
    tokens.set(username, body.token);
    return body.token;
  }
  const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return (username) => ({
    get: (path, headers = {}) => send(username, path, { headers }),
    post: (path, body, headers) => send(username, path, json(body, headers)),
    upload(path, fields, file, headers = {}) {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      if (file !== undefined)
        form.append("file", new Blob([new Uint8Array(file.bytes)], { type: file.type }), file.name);
      return send(username, path, { method: "POST", headers, body: form });
    },
  });
}
