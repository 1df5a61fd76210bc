import { Ajv } from "ajv";
import type { ValidateFunction } from "ajv";
import { isMoment } from "./vietnam-time.ts";

/** A field of a request that does not fit, told in Vietnamese. */
export interface FieldError {
  path: string;
  message: string;
}

const ajv = new Ajv({ allErrors: true, strict: false });
ajv.addFormat("moment", { validate: isMoment });

/** Compiles a JSON Schema once, at load; strings with control characters never fit. */
export function fieldChecker(schema: Record<string, unknown>): (value: unknown) => FieldError[] {
  let validate: ValidateFunction | undefined;
  return (value) => {
    validate ??= ajv.compile(schema);
    if (validate(value)) return controlCharacters(value, "");
    const errors = (validate.errors ?? [])
      .filter((error) => error.keyword !== "if")
      .map((error) => {
        const base = error.instancePath.slice(1).replaceAll("/", ".");
        const { missingProperty, additionalProperty } = error.params as Record<string, string | undefined>;
        return {
          path: [base, missingProperty ?? additionalProperty ?? ""].filter((part) => part !== "").join("."),
          message: explain(error.keyword, error.params),
        };
      });
    // An alternative that fails reports each branch and itself: one word per field is enough.
    return errors.filter((error, at) => errors.findIndex((other) => other.path === error.path) === at);
  };
}

/** Invisible and control characters are never part of a name or a reason; a line break or tab may stand in a text. */

const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffd]/;

function controlCharacters(value: unknown, path: string): FieldError[] {
  if (typeof value === "string")
    return FORBIDDEN.test(value) || !value.isWellFormed()
      ? [{ path, message: "Có ký tự điều khiển không được phép." }]
      : [];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    FORBIDDEN.test(key)
      ? [{ path, message: "Tên trường có ký tự điều khiển không được phép." }]
      : controlCharacters(inner, path === "" ? key : `${path}.${key}`),
  );
}

function explain(keyword: string, params: Record<string, unknown>): string {
  switch (keyword) {
    case "required":
      return "Bắt buộc phải có.";
    case "additionalProperties":
    case "false schema":
      return "Không có trường này.";
    case "type":
      return `Sai kiểu dữ liệu (cần ${String(params.type)}).`;
    case "enum":
      return `Chỉ nhận một trong các giá trị: ${(params.allowedValues as string[]).join(", ")}.`;
    case "maxLength":
      return `Dài quá ${String(params.limit)} ký tự.`;
    case "minLength":
      return params.limit === 1 ? "Không được để trống." : `Cần ít nhất ${String(params.limit)} ký tự.`;
    case "pattern":
      return "Không đúng định dạng, hoặc để trống.";
    case "minItems":
      return `Cần ít nhất ${String(params.limit)} mục.`;
    case "maxItems":
    case "maxProperties":
      return `Nhiều nhất ${String(params.limit)} mục.`;
    case "uniqueItems":
      return "Có mục bị lặp lại.";
    case "minimum":
      return `Không được nhỏ hơn ${String(params.limit)}.`;
    case "maximum":
      return `Không được lớn hơn ${String(params.limit)}.`;
    case "format":
      return "Không phải thời điểm có thật theo ISO 8601, ví dụ 2026-11-25T17:00:00+07:00.";
    default:
      return "Giá trị không hợp lệ.";
  }
}
