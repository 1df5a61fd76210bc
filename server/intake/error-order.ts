import type { DocumentDeclaration } from "../../workflows/declaration.ts";
import type { FieldErrors } from "../web/form.tsx";

const PERSON = [
  "name",
  "kind",
  "phone",
  "email",
  "address.province",
  "address.district",
  "address.commune",
  "address.street",
];
const of = (path: string) => PERSON.map((name) => `${path}.${name}`);
const IDENTITY = ["identity.type", "identity.number"];

/** Where the errors of a field lead to, where its name in the form is another. */
const IDS: Record<string, string> = { case: "truongHop" };

/** The errors in the order in which their fields stand on the receiving page, what belongs to no field first. */
export function inPageOrder(errors: FieldErrors, papers: readonly DocumentDeclaration[]): FieldErrors {
  const order = [
    "",
    "procedureCode",
    "case",
    ...IDENTITY.map((name) => `applicant.${name}`),
    "_dongY",
    ...of("applicant"),
    "authorisation",
    ...IDENTITY.map((name) => `owner.${name}`),
    ...of("owner"),
    "_khoDongY",
    ...papers.flatMap(({ code }) => [`paper.${code}`, `dung.${code}`]),
    "agencyCode",
    "returnMethod",
    "channel",
    "note",
  ];
  const placeOf = (name: string) => {
    const at = order.indexOf(name);
    return at < 0 ? order.length : at;
  };
  const sorted = Object.entries(errors).sort(([one], [other]) => placeOf(one) - placeOf(other));
  return Object.fromEntries(sorted.map(([name, text]) => [IDS[name] ?? name, text]));
}
