import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import type { Express } from "express";
import { before, describe, it } from "mocha";
import request from "supertest";
import { openSessions } from "../../server/accounts/sessions.ts";
import { createApp } from "../../server/app.ts";
import { PROBLEMS } from "../../server/openapi/problems.ts";
import { openMetrics } from "../../server/platform/metrics.ts";
import { withTestApp } from "../support/app.ts";
import type { Client, Reply } from "../support/app.ts";
import { acted, filed, type DossierBody } from "../support/dossiers.ts";
import { received, SAMPLES, walk } from "../support/walk.ts";

type Json = Record<string, unknown>;
interface Operation {
  operationId: string;
  tags: string[];
  parameters: ({ name: string; in: string; required?: boolean } | { $ref: string })[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { description: string; content: Record<string, { schema?: Json }> }>;
  security: Record<string, string[]>[];
}
interface Description {
  openapi: string;
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json>; securitySchemes: Json };
}

describe("the description of the interface", () => {
  const app = withTestApp();
  let description: Description;
  const operations = () =>
    Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
    );

  before(async () => {
    const { body } = await app.as().get<Description & Json>("/openapi.json");
    description = body;
  });

  it("is served without a login, as OpenAPI 3.1", () => {
    assert.match(description.openapi, /^3\.1\./);
    assert.ok(operations().length >= 20);
  });

  it("refers to nothing that is not there", () => {
    const refs = [...JSON.stringify(description).matchAll(/"\$ref":"#([^"]+)"/g)].map(([, at = ""]) => at);
    assert.ok(refs.length > 100);
    for (const at of refs) assert.notEqual(resolve(description, at), undefined, at);
    const mapped = [...JSON.stringify(description).matchAll(/"#(\/components\/schemas\/[^"]+)"/g)];
    for (const [, at = ""] of mapped) assert.notEqual(resolve(description, at), undefined, at);
  });

  it("declares every part of a path, names every operation once, and knows its tags and ways of saying who", () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    assert.equal(new Set(ids).size, ids.length);
    const tags = new Set(description.tags.map(({ name }) => name));
    for (const { path, operation } of operations()) {
      const declared = operation.parameters.filter(
        (parameter) => "in" in parameter && parameter.in === "path",
      );
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      assert.deepEqual(
        declared.map((parameter) => "name" in parameter && parameter.name),
        inPath,
        path,
      );
      for (const parameter of declared) assert.ok("required" in parameter && parameter.required, path);
      for (const tag of operation.tags) assert.ok(tags.has(tag), tag);
      for (const way of operation.security.flatMap(Object.keys))
        assert.ok(way in description.components.securitySchemes, way);
      for (const { description: said, content } of Object.values(operation.responses))
        assert.ok(said.length > 0 && Object.keys(content).length > 0, path);
    }
  });

  it("carries only schemas that a checker of JSON Schema 2020-12 takes", () => {
    const ajv = checker(description);
    for (const name of Object.keys(description.components.schemas))
      assert.ok(ajv.compile({ $ref: `api#/components/schemas/${name}` }), name);
  });

  it("names every call that the program answers, and no other", async () => {
    const { parts, database } = app;
    const whole = await createApp({
      ...parts,
      config: { ...parts.config, production: false, rateLimits: false },
      secrets: { ...parts.secrets, portalInboundToken: "x" },
      trackingDb: database.open("tracking"),
      sessions: openSessions(parts),
      metrics: openMetrics("openapi"),
      isStopping: () => false,
    });
    const answered = routesOf(whole)
      .filter((route) => route.includes(" /api/v1/"))
      .map((route) => route.replace("/api/v1", "").replace(/:(\w+)/g, "{$1}"));
    const described = operations().map(({ path, method }) => `${method} ${path}`);
    assert.deepEqual(described.sort(), answered.sort());
  });

  it("knows every stable code of a problem that the sources name", () => {
    const known = new Set(Object.keys(PROBLEMS));
    const found = problemCodesOfSources();
    assert.ok(found.size > 30, `only ${found.size} codes were found`);
    assert.deepEqual(
      [...found].filter((code) => !known.has(code)),
      [],
    );
  });

  it("tells the truth: answers are what it says, member by member", async function () {
    this.timeout(120_000);
    const ajv = checker(closed(description));
    const seen = new Set<string>();
    const fits = ({ status, body }: Reply<unknown>, method: string, path: string) => {
      const type = status < 400 ? "application/json" : "application/problem+json";
      const at = [path, method, "responses", String(status), "content", type, "schema"];
      const pointer = at.map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/");
      const validate = ajv.compile({ $ref: `api#/paths/${encodeURI(pointer)}` });
      assert.ok(
        validate(body),
        `${method} ${path} ${status}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(body).slice(0, 500)}`,
      );
      seen.add(`${method} ${path} ${status}`);
      return body;
    };
    const get = async (client: Client, path: string, pattern: string, headers: Record<string, string> = {}) =>
      fits(await client.get(path, headers), "get", pattern);
    const nobody = app.as();
    await get(nobody, "/openapi.json", "/openapi.json");
    for (const query of ["", "?limit=5&cursor=10", "?limit=0"])
      await get(nobody, `/agencies${query}`, "/agencies");
    await get(nobody, "/procedures?q=khai%20sinh", "/procedures");
    await get(nobody, "/procedures?level=moon", "/procedures");
    for (const code of ["1.001193", "2.000815", "2.002884", "1.013225", "1.012753", "1.010803"])
      await get(nobody, `/procedures/${code}`, "/procedures/{code}");
    await get(nobody, "/procedures/9.999999", "/procedures/{code}");
    await get(nobody, "/procedures/1.001193/machine", "/procedures/{code}/machine");
    for (const query of [
      "",
      "?receivedAt=2026-11-20T09:00:00%2B07:00",
      "?receivedAt=2040-01-01T08:00:00%2B07:00",
    ])
      await get(nobody, `/procedures/1.003702/deadline${query}`, "/procedures/{code}/deadline");

    const session = await nobody.post("/sessions", { username: "nobody", password: "wrong" });
    fits(session, "post", "/sessions");
    fits(await nobody.post("/sessions", {}), "post", "/sessions");
    const desk = app.as("commune.frontdesk");
    const birth = await filed(app, "commune.frontdesk", "1.001193", "000.15.32.H30", { accept: true });
    fits({ status: 201, body: birth, headers: new Headers() }, "post", "/dossiers");
    fits(await desk.post("/dossiers", { procedureCode: 1 }), "post", "/dossiers");
    fits(await app.as("commune.clerk").post("/dossiers", {}), "post", "/dossiers");
    fits(await nobody.post("/dossiers", {}), "post", "/dossiers");
    await acted(desk, birth.code, {
      type: "REQUEST_SUPPLEMENT",
      reason: "Thiếu giấy tờ",
      items: [{ documentCode: "02", note: "bản rõ" }, { text: "Giấy tờ khác" }],
    });
    await get(nobody, `/tracking/${birth.code}`, "/tracking/{code}");
    await get(nobody, "/tracking/x", "/tracking/{code}");
    const secret = { "X-Dossier-Secret": birth.secret };
    await get(nobody, `/tracking/${birth.code}`, "/tracking/{code}", secret);
    await get(desk, `/dossiers/${birth.code}`, "/dossiers/{code}");
    const events = `/dossiers/${birth.code}/events`;
    fits(
      await nobody.post(events, { type: "REQUEST_WITHDRAWAL", reason: "Nộp nhầm" }, secret),
      "post",
      "/dossiers/{code}/events",
    );
    fits(await desk.post(events, { type: "ACCEPT" }), "post", "/dossiers/{code}/events");
    fits(
      await desk.post(events, { type: "ACCEPT" }, { "If-Match": '"1"' }),
      "post",
      "/dossiers/{code}/events",
    );
    fits(await app.as("commune.clerk").post(events, { type: "ACCEPT" }), "post", "/dossiers/{code}/events");
    fits(await desk.post(events, { type: "NONE" }), "post", "/dossiers/{code}/events");
    fits(await app.as("stp.leader").post(events, { type: "ACCEPT" }), "post", "/dossiers/{code}/events");

    for (const sample of SAMPLES.filter(({ process }) => ["c", "e", "g"].includes(process))) {
      const open = await received(app, sample);
      const { dossier } = await walk(app, sample, { from: open });
      const client = app.as(sample.frontdesk);
      const found = await get(client, `/dossiers/${dossier.code}`, "/dossiers/{code}");
      await get(client, `/dossiers/${dossier.code}/events`, "/dossiers/{code}/events");
      await get(nobody, `/tracking/${dossier.code}`, "/tracking/{code}", { "X-Dossier-Secret": open.secret });
      assert.equal((found as DossierBody).status, 10);
    }
    await get(desk, "/dossiers?status=1,2,5,7", "/dossiers");
    await get(desk, "/dossiers?due=never", "/dossiers");
    fits(
      await desk.upload(`/dossiers/${birth.code}/documents`, {}, undefined),
      "post",
      "/dossiers/{code}/documents",
    );
    await get(app.as("admin"), "/portal-sync", "/portal-sync");
    await get(desk, "/portal-sync", "/portal-sync");
    const token = { Authorization: `Bearer ${app.inboundToken}` };
    fits(await nobody.post("/inbound/dossiers", { MaHoSo: "x" }, token), "post", "/inbound/dossiers");
    fits(await nobody.post("/inbound/dossiers", {}), "post", "/inbound/dossiers");
    assert.ok(seen.size >= 30, [...seen].join("\n"));
  });

  it("can be read by people, on one page from this machine without scripts", async () => {
    const { status, text, headers } = await request(app.url).get("/api/docs");
    assert.equal(status, 200);
    assert.match(String(headers["content-type"]), /text\/html/);
    assert.doesNotMatch(text, /<script|style="|(src|href)="https?:/);
    assert.ok(text.length < 300_000, `${text.length} bytes`);
    for (const { operation } of operations()) assert.ok(text.includes(`id="${operation.operationId}"`));
    for (const code of Object.keys(PROBLEMS)) assert.ok(text.includes(`id="problem-${code}"`), code);
    const anchors = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id = ""]) => id);
    for (const id of new Set(anchors)) assert.ok(text.includes(`id="${id}"`), `#${id}`);
  });
});

function resolve(root: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((at, part) => (at as Json | undefined)?.[part], root);
}

function checker(description: Description): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: true });
  (formats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addSchema({ ...description, $id: "api" }, "api");
  return ajv;
}

/** The same description, in which an object has no members but those that are described. */
function closed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(closed) as T;
  if (value === null || typeof value !== "object") return value;
  const inner = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, closed(member as unknown)]),
  );
  const isPlain = inner.type === "object" && inner.properties !== undefined && inner.title === undefined;
  // Problems and machines may say more: what depends on their code or process.
  const open = /RFC 9457|XState/.test(String(inner.description));
  return (isPlain && !open ? { ...inner, additionalProperties: false } : inner) as T;
}

interface Layer {
  route?: { path: string; methods?: Record<string, boolean>; stack: { method?: string }[] };
  handle: { stack?: Layer[] };
  slash: boolean;
  /** Where it is mounted, as written. */
  rawPath: string;
}

/** "get /api/v1/agencies" for every route of an application. */
function routesOf(whole: Express): string[] {
  const walkIn = (stack: Layer[], prefix: string): string[] =>
    stack.flatMap((layer) => {
      const { route } = layer;
      if (route !== undefined) {
        const methods = new Set(route.stack.flatMap(({ method }) => (method === undefined ? [] : [method])));
        return [...methods].map((method) => `${method} ${prefix}${route.path}`);
      }
      if (layer.handle.stack === undefined) return [];
      const mounted = layer.slash ? "" : layer.rawPath;
      return walkIn(layer.handle.stack, prefix + mounted);
    });
  return walkIn((whole as unknown as { router: { stack: Layer[] } }).router.stack, "");
}

/** The codes that the program's sources hand to a problem. */
function problemCodesOfSources(): Set<string> {
  const root = join(import.meta.dirname, "../../server");
  const codes = new Set<string>();
  const classes =
    "Unreadable|Unauthenticated|NotAllowed|NotFound|Refused|TooLarge|UnsupportedMedia|Unavailable|FileUnfit";
  for (const name of readdirSync(root, { recursive: true, encoding: "utf8" })) {
    if (!/\.tsx?$/.test(name) || /national-portal|openapi/.test(name)) continue;
    const source = readFileSync(join(root, name), "utf8");
    for (const [, code = ""] of source.matchAll(
      new RegExp(
        `(?:new (?:${classes})|fieldError)\\(\\s*(?:"[a-zA-Z]+",\\s*(?:"[^"]*"|\`[^\`]*\`),\\s*)?"([a-z]+(?:-[a-z]+)*)"`,
        "g",
      ),
    ))
      codes.add(code);
    for (const [, code = ""] of source.matchAll(/super\(\s*"([a-z]+(?:-[a-z]+)+)"/g)) codes.add(code);
  }
  return codes;
}
