import type { FieldError } from "./schema.ts";

/** The papers by which people and organisations are known, and the form of each number (contract.md, "Who is who"). */
export const IDENTITIES = [
  { type: "cccd", pattern: /^\d{12}$/, says: "Số định danh cá nhân (CCCD) gồm đúng 12 chữ số." },
  { type: "cmnd", pattern: /^\d{9}$/, says: "Số chứng minh nhân dân gồm đúng 9 chữ số." },
  {
    type: "passport",
    pattern: /^[A-Za-z0-9]{6,12}$/,
    says: "Số hộ chiếu gồm 6 đến 12 chữ cái không dấu và chữ số.",
  },
  {
    type: "taxCode",
    pattern: /^\d{10}(-\d{3})?$/,
    says: "Mã số thuế gồm 10 chữ số, hoặc 10 chữ số, gạch nối và 3 chữ số.",
  },
] as const;

/** An identity number must have the form of its kind; `path` is where the person stands in the request. */
export function identityErrors(person: unknown, path: string): FieldError[] {
  const identity = (person as { identity?: unknown } | null | undefined)?.identity as
    { type?: unknown; number?: unknown } | null | undefined;
  const kind = IDENTITIES.find(({ type }) => type === identity?.type);
  if (kind === undefined || typeof identity?.number !== "string") return [];
  return kind.pattern.test(identity.number) ? [] : [{ path: `${path}.identity.number`, message: kind.says }];
}
