import type { AllowedEvent } from "../dossier/allowed.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { resultTemplate } from "../forms/result-template.ts";
import { correctableValues } from "./correctable.ts";
import type { ToldEvent } from "./told-history.ts";
import type { Typed } from "./typed-form.ts";

/** What an action's form says before anybody typed: what is known already, and the only choice where there is one. */
export function prefilled(
  event: AllowedEvent,
  dossier: DossierRecord,
  history: readonly ToldEvent[],
  resultTitle = "",
): Typed {
  const values: Record<string, string[]> = {};
  for (const { field, choices } of event.needs) {
    const only = choices?.length === 1 ? choices[0] : undefined;
    if (only !== undefined && ["agency", "assignee", "feeCode"].includes(field)) {
      values[field] = [only.value];
      if (field === "feeCode" && only.amount !== undefined) values.amount = [String(only.amount)];
    }
  }
  const { facts } = dossier;
  switch (event.type) {
    case "EXTEND":
    case "APOLOGISE":
    case "CONSULT":
      values["dueAt.time"] = ["17:00"];
      break;
    case "PAY":
      values.method = ["cash"];
      break;
    case "ACCEPT":
      values["limit.unit"] = ["working-day"];
      break;
    case "PROPOSE":
      if (facts.outcome !== null) values.outcome = [facts.outcome];
      break;
    case "SUPPLEMENT":
      for (const code of facts.supplement?.documentCodes ?? []) {
        values.documents = [...(values.documents ?? []), code];
        values[`documents.originals.${code}`] = ["1"];
      }
      break;
    case "DRAFT_RESULT": {
      const last = history.findLast(({ type }) => type === "DRAFT_RESULT");
      const said = Object.entries((last?.details.fields ?? {}) as Record<string, unknown>);
      for (const [at, [name, text]] of said.entries()) {
        values[`fields.name.${at + 1}`] = [name];
        values[`fields.text.${at + 1}`] = [String(text)];
      }
      if (said.length === 0)
        for (const [at, name] of resultTemplate(resultTitle).fields.entries())
          values[`fields.name.${at + 1}`] = [name];
      if (facts.draft?.documentId != null) values.documentId = [String(facts.draft.documentId)];
      break;
    }
    case "RETURN": {
      const { applicant } = dossier.people;
      values["recipient.name"] = [applicant.name];
      values["recipient.type"] = [applicant.identity.type];
      values["recipient.number"] = [applicant.identity.number];
      values["recipient.method"] = [dossier.returnMethod];
      break;
    }
    case "CORRECT":
      for (const { path, value } of correctableValues(dossier)) values[`fields.${path}`] = [value];
      break;
    default:
  }
  return values;
}
