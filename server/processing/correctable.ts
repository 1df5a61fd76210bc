import type { DossierRecord } from "../dossier/record.ts";
import { PERSON_PATHS } from "./dossier-words.ts";

export interface CorrectableValue {
  path: string;
  /** As it is on record; "" where there is none. */
  value: string;
}

/** Everything on record that a correction may change, in the order of the form. */
export function correctableValues({ people, returnMethod }: DossierRecord): CorrectableValue[] {
  const whole: Record<string, unknown> = { ...people, returnMethod };
  const paths = [
    ...PERSON_PATHS.map((path) => `applicant.${path}`),
    ...(people.owner === null ? [] : PERSON_PATHS.map((path) => `owner.${path}`)),
    ...(people.owner === null ? [] : ["authorisation"]),
    "returnMethod",
    "note",
  ];
  return paths.map((path) => ({ path, value: valueAt(whole, path) }));
}

function valueAt(record: Record<string, unknown>, path: string): string {
  let place: unknown = record;
  for (const name of path.split(".")) place = (place as Record<string, unknown> | null | undefined)?.[name];
  return typeof place === "string" ? place : "";
}
