/** A JSON Schema (2020-12) as the description carries it. */
export type Schema = Record<string, unknown>;

export const text: Schema = { type: "string" };
export const flag: Schema = { type: "boolean" };
export const whole: Schema = { type: "integer" };
export const decimal: Schema = { type: "number" };
export const moment: Schema = {
  type: "string",
  format: "date-time",
  description: "ISO 8601 in +07:00",
  examples: ["2026-11-25T17:00:00+07:00"],
};
export const money: Schema = { type: "integer", minimum: 0, description: "whole đồng" };
export const status: Schema = {
  type: "integer",
  minimum: 1,
  maximum: 10,
  description:
    "1 mới đăng ký, 2 được tiếp nhận, 3 không được tiếp nhận, 4 đang xử lý, 5 yêu cầu bổ sung, 6 nghĩa vụ tài chính, 7 công dân yêu cầu rút, 8 dừng xử lý, 9 đã xử lý xong, 10 đã trả kết quả",
};
export const nextCursor: Schema = {
  type: ["string", "null"],
  description: "hand it on as `cursor` for the next page; null on the last",
};

/** One of these values. */
export function oneOf(...values: (string | number)[]): Schema {
  return { type: typeof values[0] === "number" ? "integer" : "string", enum: values };
}

export function list(items: Schema, description?: string): Schema {
  return { type: "array", items, ...(description === undefined ? {} : { description }) };
}

/** The same or null. */
export function orNull(schema: Schema): Schema {
  return typeof schema.type === "string" && schema.enum === undefined
    ? { ...schema, type: [schema.type, "null"] }
    : { anyOf: [schema, { type: "null" }] };
}

export function described(schema: Schema, description: string): Schema {
  return { ...schema, description };
}

/** A schema of `components/schemas`. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object whose members are all there, but for those whose name ends in `?`. */
export function object(members: Record<string, Schema>): Schema {
  const names = Object.keys(members);
  return {
    type: "object",
    required: names.filter((name) => !name.endsWith("?")),
    properties: Object.fromEntries(
      Object.entries(members).map(([name, schema]) => [name.replace(/\?$/, ""), schema]),
    ),
  };
}

/** A list with its cursor, as every list answers. */
export function page(items: Schema, more: Record<string, Schema> = {}): Schema {
  return object({ items: list(items), nextCursor, ...more });
}
