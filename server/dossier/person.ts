import { fieldChecker } from "../../workflows/schema.ts";
import type { FieldError } from "../../workflows/schema.ts";
import type { Person } from "./record.ts";

/** One line of text that is not blank. */
export const line = (maxLength: number) => ({
  type: "string",
  minLength: 1,
  maxLength,
  pattern: "^[^\\n\\r\\t]*\\S[^\\n\\r\\t]*$",
});
const IDENTITIES = [
  { type: "cccd", pattern: "^\\d{12}$", says: "Số định danh cá nhân (CCCD) gồm đúng 12 chữ số." },
  { type: "cmnd", pattern: "^\\d{9}$", says: "Số chứng minh nhân dân gồm đúng 9 chữ số." },
  {
    type: "passport",
    pattern: "^[A-Za-z0-9]{6,12}$",
    says: "Số hộ chiếu gồm 6 đến 12 chữ cái không dấu và chữ số.",
  },
  {
    type: "taxCode",
    pattern: "^\\d{10}(-\\d{3})?$",
    says: "Mã số thuế gồm 10 chữ số, hoặc 10 chữ số, gạch nối và 3 chữ số.",
  },
] as const;

/** JSON Schema of a person (contract.md, "Who is who"). */
export const personSchema = {
  type: "object",
  additionalProperties: false,
  required: ["kind", "name", "identity", "phone", "address"],
  properties: {
    kind: { enum: ["citizen", "business", "agency", "organisation"] },
    name: line(200),
    identity: {
      type: "object",
      additionalProperties: false,
      required: ["type", "number"],
      properties: { type: { enum: IDENTITIES.map(({ type }) => type) }, number: line(20) },
    },
    phone: { type: "string", maxLength: 20, pattern: "^\\+?\\d([ .-]?\\d){7,14}$" },
    email: { type: "string", maxLength: 200, pattern: "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$" },
    address: {
      type: "object",
      additionalProperties: false,
      required: ["province"],
      properties: { province: line(100), district: line(100), commune: line(100), street: line(300) },
    },
  },
};

const checkPerson = fieldChecker(personSchema);

/** What does not fit in one person, for instance after a correction. */
export function personErrors(person: unknown, path: string): FieldError[] {
  return [
    ...checkPerson(person).map((error) => ({
      ...error,
      path: error.path === "" ? path : `${path}.${error.path}`,
    })),
    ...identityErrors(person, path),
  ];
}

/** An identity number must have the form of its kind. */
export function identityErrors(person: unknown, path: string): FieldError[] {
  const identity = (person as Partial<Person> | null | undefined)?.identity as
    { type?: unknown; number?: unknown } | null | undefined;
  const kind = IDENTITIES.find(({ type }) => type === identity?.type);
  if (kind === undefined || typeof identity?.number !== "string") return [];
  return new RegExp(kind.pattern).test(identity.number)
    ? []
    : [{ path: `${path}.identity.number`, message: kind.says }];
}
