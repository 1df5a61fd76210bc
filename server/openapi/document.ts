import { credentialsSchema } from "../accounts/routes.ts";
import { ANSWER_SCHEMAS } from "./answer-schemas.ts";
import type { Access, Call } from "./call.ts";
import { CATALOGUE_CALLS } from "./catalogue-calls.ts";
import { CATALOGUE_SCHEMAS } from "./catalogue-schemas.ts";
import { CHECK_CALLS, CHECK_SCHEMAS } from "./check-calls.ts";
import { DOSSIER_CALLS } from "./dossier-calls.ts";
import { eventSchemas } from "./event-schemas.ts";
import { OTHER_CALLS } from "./other-calls.ts";
import { PROBLEM_TITLES, PROBLEMS } from "./problems.ts";
import type { ProblemCode } from "./problems.ts";
import { STORE_CALLS, STORE_SCHEMAS } from "./store-calls.ts";
import { list, ref, text } from "./schemas.ts";
import type { Schema } from "./schemas.ts";

/** Schemas of bodies that belong to a desk: app.ts hands them in, for no desk imports another. */
export interface BodySchemas {
  application: Schema;
  onlineApplication: Schema;
}

/** Every call of the interface, in the order in which people read them. */
export const CALLS: readonly Call[] = [
  ...OTHER_CALLS.slice(0, 2),
  ...CATALOGUE_CALLS,
  ...DOSSIER_CALLS,
  ...STORE_CALLS,
  ...CHECK_CALLS,
  ...OTHER_CALLS.slice(2),
];

export const TAGS: readonly { name: string; description: string }[] = [
  { name: "Sessions", description: "Phiên làm việc của cán bộ" },
  { name: "Catalogue", description: "Đơn vị, thủ tục, quy trình, ngày hẹn trả; không cần đăng nhập" },
  { name: "Dossiers", description: "Hồ sơ và các bước giải quyết" },
  { name: "Papers", description: "Tệp, biểu mẫu, kết quả" },
  { name: "Tracking", description: "Tra cứu, không cần đăng nhập" },
  { name: "Statistics", description: "Số liệu tổng hợp theo biểu mẫu báo cáo" },
  { name: "National portal", description: "Cổng Dịch vụ công quốc gia" },
  { name: "Description", description: "Mô tả giao diện" },
];

/** What every call may answer, whatever it does. */
const COMMON: ProblemCode[] = ["unreadable", "too-many-requests", "internal", "unavailable"];
const SAYING_WHO: Record<Access, ProblemCode[]> = {
  anybody: ["session-ended"],
  staff: ["unauthenticated", "session-ended"],
  "staff-or-secret": ["unauthenticated", "session-ended"],
  "anybody-or-secret": ["session-ended"],
  portal: ["unauthenticated"],
};
const SECURITY: Record<Access, Record<string, string[]>[]> = {
  anybody: [],
  staff: [{ session: [] }],
  "staff-or-secret": [{ session: [] }, { secret: [] }],
  "anybody-or-secret": [{}, { secret: [] }],
  portal: [{ portal: [] }],
};

/** All problem codes of a call. */
export function problemsOf(call: Call): ProblemCode[] {
  const codes: ProblemCode[] = [
    ...COMMON,
    ...SAYING_WHO[call.access],
    ...(call.body?.mediaType === "application/json" ? (["not-an-object"] as const) : []),
    ...(call.once === true ? (["bad-idempotency-key"] as const) : []),
    ...(call.ifMatch === true ? (["bad-if-match"] as const) : []),
    ...call.problems,
  ];
  const order = Object.keys(PROBLEMS);
  return [...new Set(codes)].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** The description of the interface as OpenAPI 3.1. */
export function openApiDocument(bodies: BodySchemas) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const call of CALLS) (paths[call.path] ??= {})[call.method] = operation(call);
  return {
    openapi: "3.1.0",
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    info: {
      title: "Một cửa điện tử",
      version: "1",
      summary: "The electronic one-stop shop of a province",
      description: INTRODUCTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/api/v1" }],
    tags: TAGS,
    paths,
    components: {
      schemas: {
        ...ANSWER_SCHEMAS,
        ...CATALOGUE_SCHEMAS,
        ...CHECK_SCHEMAS,
        ...STORE_SCHEMAS,
        Credentials: credentialsSchema,
        Application: { ...bodies.application, description: "An application at the counter" },
        OnlineApplication: {
          ...bodies.onlineApplication,
          description: "A dossier filed at the national portal",
        },
        ...eventSchemas(),
      },
      parameters: PARAMETERS,
      headers: HEADERS,
      securitySchemes: SCHEMES,
    },
  };
}

const INTRODUCTION = `JSON in UTF-8 (NFC). Moments are ISO 8601 with +07:00, money is whole đồng.

Errors are application/problem+json (RFC 9457) with a stable \`code\`; \`errors\` names wrong fields. Order of refusal: 400, 413, 415, 429, 401, then a kept answer of the same Idempotency-Key, then 404, 412, 403, 409, 422.

Lists answer \`{items, nextCursor}\` and take \`limit\` and \`cursor\`. A dossier answers an ETag; a change with an old If-Match is 412.`;

function operation(call: Call) {
  return {
    operationId: call.operationId,
    tags: [call.tag],
    summary: call.summary,
    description: call.description,
    parameters: parameters(call),
    ...(call.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { [call.body.mediaType]: { schema: call.body.schema } } },
        }),
    responses: responses(call),
    security: SECURITY[call.access],
  };
}

function parameters(call: Call): unknown[] {
  const names = [...call.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  return [
    ...names.map((name) => {
      const known = call.inPath?.[name];
      if (known === undefined) throw new Error(`${call.operationId} does not describe {${name}}`);
      const { description, schema = text, example } = known;
      return {
        name,
        in: "path",
        required: true,
        description,
        schema,
        ...(example === undefined ? {} : { example }),
      };
    }),
    ...(call.query ?? []).map(({ name, description, schema = text, repeated }) =>
      repeated === true
        ? { name, in: "query", description, schema: list(schema), style: "form", explode: true }
        : { name, in: "query", description, schema },
    ),
    ...(call.once === true ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : []),
    ...(call.ifMatch === true ? [{ $ref: "#/components/parameters/IfMatch" }] : []),
  ];
}

function responses(call: Call): Record<string, unknown> {
  const { status, description, schema, mediaTypes, etag } = call.answer;
  const content =
    mediaTypes === undefined
      ? { "application/json": { schema } }
      : Object.fromEntries(mediaTypes.map((type) => [type, {}]));
  const answered: Record<string, unknown> = {
    [status]: {
      description,
      ...(etag === true ? { headers: { ETag: { $ref: "#/components/headers/ETag" } } } : {}),
      content,
    },
  };
  if (call.later !== undefined)
    answered["202"] = {
      description: call.later.description,
      headers: { Location: { description: "where to look what becomes of it", schema: text } },
      content: { "application/json": { schema: call.later.schema } },
    };
  for (const code of problemsOf(call)) answered[PROBLEMS[code][0]] ??= problem(call, PROBLEMS[code][0]);
  return answered;
}

function problem(call: Call, status: number) {
  const codes = problemsOf(call).filter((code) => PROBLEMS[code][0] === status);
  return {
    description: [PROBLEM_TITLES[status], ...codes.map((code) => `- \`${code}\`: ${PROBLEMS[code][1]}`)].join(
      "\n",
    ),
    ...(status === 429 ? { headers: { "Retry-After": { $ref: "#/components/headers/RetryAfter" } } } : {}),
    content: { "application/problem+json": { schema: ref("Problem") } },
  };
}

const PARAMETERS = {
  IdempotencyKey: {
    name: "Idempotency-Key",
    in: "header",
    description:
      "Kept 24 h: the same key and body answers the first result again, another body is 409, a second request waits for the first; refusals are not kept.",
    schema: { type: "string", pattern: "^[\\x21-\\x7e]{1,200}$" },
  },
  IfMatch: {
    name: "If-Match",
    in: "header",
    description: "The ETag of the dossier as the caller has seen it; 412 when it has changed since.",
    schema: { type: "string", examples: ['"3"'] },
  },
};

const HEADERS = {
  ETag: { description: "the version, or the hash of a file", schema: text },
  RetryAfter: { description: "seconds to wait", schema: { type: "integer" } },
};

const SCHEMES = {
  session: { type: "http", scheme: "bearer", description: "the token of POST /sessions" },
  secret: {
    type: "apiKey",
    in: "header",
    name: "X-Dossier-Secret",
    description: "the secret of one dossier, from its receipt; never in an address",
  },
  portal: { type: "http", scheme: "bearer", description: "the national portal's own token" },
};
