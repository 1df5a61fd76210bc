import type { Caller, Deps } from "../dossier/deps.ts";
import type { Chosen } from "./chosen-procedure.ts";
import { earlierPerson, likelyDuplicates } from "./earlier-people.ts";
import { plainNumber } from "./typed-application.ts";
import type { Typed } from "./typed-application.ts";

interface Identity {
  type: string;
  number: string;
}

/** The applicant's identity as typed; undefined while there is no number. */
export function identityOf(typed: Typed): Identity | undefined {
  const number = plainNumber(typed);
  return number === "" ? undefined : { type: typed["applicant.identity.type"] ?? "cccd", number };
}

/** Open dossiers of the same person and procedure in this unit; none while there is no number. */
export async function duplicatesOf(deps: Deps, caller: Caller, typed: Typed) {
  const identity = identityOf(typed);
  if (identity === undefined) return [];
  return likelyDuplicates(deps, caller, {
    number: identity.number,
    procedureCode: typed.procedureCode ?? "",
  });
}

/** The form with the person of the earlier dossier in it; the consent is noted with the dossier. */
export async function filledIn(deps: Deps, caller: Caller, typed: Typed): Promise<Typed> {
  const identity = identityOf(typed);
  const earlier = identity === undefined ? undefined : await earlierPerson(deps, caller, identity);
  if (earlier === undefined) return typed;
  const { person, code } = earlier;
  return {
    ...typed,
    tuHoSo: code,
    tuSo: person.identity.number,
    "applicant.kind": person.kind,
    "applicant.name": person.name,
    "applicant.identity.type": person.identity.type,
    "applicant.phone": person.phone,
    "applicant.email": person.email ?? "",
    "applicant.address.province": person.address.province,
    "applicant.address.district": person.address.district ?? "",
    "applicant.address.commune": person.address.commune ?? "",
    "applicant.address.street": person.address.street ?? "",
  };
}

/** An empty form, with the province and the place where this unit stands. */
export function blank(deps: Deps, caller: Caller): Typed {
  const unit = caller.agency === null ? undefined : deps.agencies.get(caller.agency);
  const place = (name: string | undefined) =>
    (name ?? "").replace(/^UBND\s+/i, "").replace(/^./u, (first) => first.toUpperCase());
  const district = unit?.kind === "commune" ? deps.agencies.get(unit.parent ?? "") : unit;
  return {
    "applicant.address.province": "Hậu Giang",
    ...(unit?.kind === "commune" ? { "applicant.address.commune": place(unit.name) } : {}),
    ...(district?.kind === "district" ? { "applicant.address.district": place(district.name) } : {}),
  };
}

/** Another procedure or case: the person stays, papers of the old one go, all required ones of the new are ticked. */
export function withChoice(
  typed: Typed,
  procedureCode: string | undefined,
  caseCode: string | undefined,
): Typed {
  if (procedureCode === undefined) return typed;
  const same = typed.procedureCode === procedureCode && (caseCode === undefined || typed.case === caseCode);
  if (same) return typed;
  const ofProcedure = (name: string) =>
    name.startsWith("paper.") || name.startsWith("dung.") || name === "_lan";
  const person = Object.entries(typed).filter(([name]) => !ofProcedure(name));
  return { ...Object.fromEntries(person), procedureCode, case: caseCode ?? "", agencyCode: "" };
}

/** A sheet that nobody has touched has the required papers ticked, as most who come have brought them. */
export function withPapers(typed: Typed, chosen: Chosen | undefined): Typed {
  if (chosen === undefined || Object.keys(typed).some((name) => name.startsWith("paper."))) return typed;
  const required = chosen.papers.filter((paper) => paper.required && paper.kind === undefined);
  return { ...typed, ...Object.fromEntries(required.map(({ code }) => [`paper.${code}`, "co"])) };
}
