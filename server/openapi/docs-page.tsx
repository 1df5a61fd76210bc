import type { VNode } from "preact";
import { Page } from "../web/layout.tsx";
import type { Access, Call } from "./call.ts";
import { CALLS, problemsOf, TAGS } from "./document.ts";
import type { openApiDocument } from "./document.ts";
import { Notation } from "./notation.tsx";
import { PROBLEMS } from "./problems.ts";
import type { Schema } from "./schemas.ts";

const MAY_CALL: Record<Access, string> = {
  anybody: "Anybody.",
  staff: "Staff, with Authorization: Bearer.",
  "staff-or-secret": "Staff, with Authorization: Bearer; the citizen, with X-Dossier-Secret.",
  "anybody-or-secret": "Anybody; with X-Dossier-Secret more is answered.",
  portal: "The national portal, with Authorization: Bearer and its own token.",
};

/** The description of the interface for people: every call with its parameters, body, answer and errors. */
export function DocsPage({ document }: { document: ReturnType<typeof openApiDocument> }): VNode {
  return (
    <Page
      title="Giao diện lập trình – Một cửa điện tử"
      home={{ href: "/api/docs", name: "Một cửa điện tử" }}
      wide
    >
      <h1>Giao diện lập trình (API)</h1>
      <div lang="en" class="stack">
        {document.info.description.split("\n\n").map((paragraph) => (
          <p>{paragraph.replaceAll("`", "")}</p>
        ))}
        <p>
          For programs: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a> (OpenAPI {document.openapi}).
          All addresses below stand under <code>/api/v1</code>.
        </p>
      </div>
      <nav class="card" aria-labelledby="muc-luc">
        <h2 id="muc-luc">Mục lục</h2>
        <ul class="index">
          {CALLS.map((call) => (
            <li>
              <a href={`#${call.operationId}`}>
                {call.method.toUpperCase()} {call.path}
              </a>
            </li>
          ))}
          <li>
            <a href="#schemas">Schemas</a>
          </li>
          <li>
            <a href="#problems">Problem codes</a>
          </li>
        </ul>
      </nav>
      {TAGS.map(({ name, description }) => (
        <section class="card" aria-labelledby={`tag-${anchor(name)}`}>
          <h2 id={`tag-${anchor(name)}`}>
            <span lang="en">{name}</span>: {description}
          </h2>
          {CALLS.filter(({ tag }) => tag === name).map((call) => (
            <CallDescription call={call} />
          ))}
        </section>
      ))}
      <section class="card" aria-labelledby="schemas" lang="en">
        <h2 id="schemas">Schemas</h2>
        {Object.entries<Schema>(document.components.schemas).map(([name, schema]) => (
          <section class="call stack" aria-labelledby={`schema-${name}`}>
            <h3 id={`schema-${name}`}>{name}</h3>
            {typeof schema.description === "string" && <p>{schema.description}</p>}
            <pre>
              <Notation schema={schema} />
            </pre>
          </section>
        ))}
      </section>
      <section class="card" aria-labelledby="problems" lang="en">
        <h2 id="problems">Problem codes</h2>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Status</th>
              <th scope="col">Answered when</th>
            </tr>
          </thead>
          <tbody>
            {Object.entries(PROBLEMS).map(([code, [status, when]]) => (
              <tr id={`problem-${code}`}>
                <th scope="row">
                  <code>{code}</code>
                </th>
                <td>{status}</td>
                <td>{when.replaceAll("`", "")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Page>
  );
}

function CallDescription({ call }: { call: Call }): VNode {
  const { method, path, operationId, summary, description, access, body, answer } = call;
  return (
    <section class="call stack" aria-labelledby={operationId}>
      <h3 id={operationId}>
        <span class={`method ${method}`}>{method.toUpperCase()}</span> <code>{path}</code>
      </h3>
      <p>
        <strong>{summary}</strong>
      </p>
      <div lang="en" class="stack">
        <p>{description.replaceAll("`", "")}</p>
        <p>
          <span class="muted">Who:</span> {MAY_CALL[access]}
        </p>
        <Parameters call={call} />
        {body !== undefined && (
          <>
            <p class="muted">Body, {body.mediaType}:</p>
            <pre>
              <Notation schema={body.schema} />
            </pre>
          </>
        )}
        <p class="muted">
          Answer {answer.status}: {answer.description}
          {answer.etag === true && ", with an ETag"}
        </p>
        <pre>
          {answer.schema === undefined ? (
            (answer.mediaTypes ?? []).join(" | ")
          ) : (
            <Notation schema={answer.schema} />
          )}
        </pre>
        <p>
          <span class="muted">Problems:</span>{" "}
          {problemsOf(call).map((code, at) => (
            <>
              {at > 0 && ", "}
              <a href={`#problem-${code}`}>
                {PROBLEMS[code][0]} {code}
              </a>
            </>
          ))}
        </p>
      </div>
    </section>
  );
}

function Parameters({ call }: { call: Call }): VNode | null {
  const rows: { name: string; where: string; description: string; schema?: Schema | undefined }[] = [
    ...Object.entries(call.inPath ?? {}).map(([name, { description, schema }]) => ({
      name,
      where: "path, required",
      description,
      schema,
    })),
    ...(call.query ?? []).map(({ name, description, schema, repeated }) => ({
      name,
      where: repeated === true ? "query, repeatable" : "query",
      description,
      schema,
    })),
    ...(call.once === true
      ? [
          {
            name: "Idempotency-Key",
            where: "header",
            description: "the same key and body answers the first result again",
          },
        ]
      : []),
    ...(call.ifMatch === true
      ? [{ name: "If-Match", where: "header", description: "the ETag as last seen; 412 when it is old" }]
      : []),
  ];
  if (rows.length === 0) return null;
  return (
    <table class="table">
      <caption>Parameters</caption>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Where</th>
          <th scope="col">Meaning</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, where, description, schema }) => (
          <tr>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>{where}</td>
            <td>
              {description.replaceAll("`", "")}
              {schema?.enum !== undefined && (
                <>
                  {": "}
                  <code>
                    <Notation schema={schema} />
                  </code>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function anchor(name: string): string {
  return name.toLowerCase().replaceAll(" ", "-");
}
