import type { ComponentChildren } from "preact";
import type { Schema } from "./schemas.ts";

/** A schema as people read it: close to TypeScript, with a remark where one helps. Named schemas are links. */
export function Notation({ schema }: { schema: Schema }): ComponentChildren {
  // Names stand between marks that no schema contains, so that they can be made links afterwards.
  return notation(schema, "")
    .split(/\u0001(\w+)\u0001/)
    .map((part, at) => (at % 2 === 0 ? part : <a href={`#schema-${part}`}>{part}</a>));
}

function notation(schema: Schema, indent: string): string {
  const { $ref, const: only, enum: values, oneOf, anyOf, type } = schema;
  if (typeof $ref === "string") return `\u0001${$ref.slice($ref.lastIndexOf("/") + 1)}\u0001`;
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(" | ");
  const branches = oneOf ?? anyOf;
  if (Array.isArray(branches) && type === undefined)
    return (branches as Schema[]).map((branch) => notation(branch, indent)).join(" | ");
  if (Array.isArray(type)) {
    const [first, ...others] = type as string[];
    return [notation({ ...schema, type: first }, indent), ...others].join(" | ");
  }
  if (type === "array") {
    const items = notation((schema.items ?? {}) as Schema, indent);
    return items.includes(" | ") ? `(${items})[]` : `${items}[]`;
  }
  if (type === "object") return members(schema, indent);
  return scalar(schema);
}

function members(schema: Schema, indent: string): string {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
  const further = schema.additionalProperties;
  if (properties.length === 0)
    return typeof further === "object" ? `{ [name]: ${notation(further as Schema, indent)} }` : "{}";
  const required = new Set((schema.required ?? []) as string[]);
  const inner = `${indent}  `;
  const lines = properties.map(([name, member]) => {
    const { description } = member;
    const remark =
      typeof description === "string" && member.format !== "date-time" ? `  // ${description}` : "";
    return `${inner}${name}${required.has(name) ? "" : "?"}: ${notation(member, inner)}${remark}`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

const BOUNDS: [name: string, sign: string][] = [
  ["minimum", "≥ "],
  ["maximum", "≤ "],
  ["maxLength", "at most "],
];

function scalar(schema: Schema): string {
  const { type, format } = schema;
  const name = typeof format === "string" ? format : typeof type === "string" ? type : "anything";
  const bounds = BOUNDS.flatMap(([key, sign]) => {
    const value = schema[key];
    return typeof value === "number" ? [`${sign}${value}${key === "maxLength" ? " characters" : ""}`] : [];
  });
  return bounds.length === 0 ? name : `${name} (${bounds.join(", ")})`;
}
