import { IDENTITIES, identityErrors } from "../../workflows/identity.ts";
import { fieldChecker } from "../../workflows/schema.ts";
import type { FieldError } from "../../workflows/schema.ts";

/** One line of text that is not blank. */
export const line = (maxLength: number) => ({
  type: "string",
  minLength: 1,
  maxLength,
  pattern: "^[^\\n\\r\\t]*\\S[^\\n\\r\\t]*$",
});

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

/** The same of somebody who files: he names his commune too. Records from before it was asked for may lack it. */
export const filingPersonSchema = {
  ...personSchema,
  properties: {
    ...personSchema.properties,
    address: { ...personSchema.properties.address, required: ["province", "commune"] },
  },
};

/** A name with one blank between its words, as it is printed and searched for. */
export function tidyName(name: string): string {
  return name.replace(/\s+/gu, " ").trim();
}

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
