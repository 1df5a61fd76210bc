import type { AllowedEvent } from "../dossier/allowed.ts";
import type { DossierRecord } from "../dossier/record.ts";
import type { Choice, FieldErrors } from "../web/form.tsx";
import type { Typed } from "./typed-form.ts";

/** What the fields of an action are filled in for, with what was typed and what was wrong with it. */
export interface Filling {
  event: AllowedEvent;
  dossier: DossierRecord;
  typed: Typed;
  errors: FieldErrors;
}

/** Words by their codes, to choose from. */
export const choicesOf = (words: Record<string, string>): Choice[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
