import { tidyName } from "../dossier/person.ts";
import type { People, Person } from "../dossier/record.ts";
import type { Application } from "./application.ts";

/** Who an application is about, as it is kept; the note is the caller's. */
export function peopleOf(
  { applicant, owner, authorisation }: Pick<Application, "applicant" | "owner" | "authorisation">,
  note: string,
): People {
  return {
    applicant: tidy(applicant),
    owner: owner === undefined ? null : tidy(owner),
    authorisation: authorisation ?? null,
    note,
  };
}

function tidy(person: Person): Person {
  return { ...person, name: tidyName(person.name) };
}
