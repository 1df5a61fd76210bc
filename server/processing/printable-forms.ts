import type { EventType } from "../../workflows/events.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { legalForm } from "../forms/legal-forms.ts";
import type { FormKind } from "../forms/legal-forms.ts";
import type { ToldEvent } from "./told-history.ts";

/** Which events a form tells of; the control slip tells of all. */
const TELLS: { kind: FormKind; of: EventType[] | "always" }[] = [
  { kind: "receipt", of: ["ACCEPT"] },
  { kind: "supplement", of: ["REQUEST_SUPPLEMENT"] },
  { kind: "refusal", of: ["REFUSE"] },
  { kind: "apology", of: ["APOLOGISE", "EXTEND"] },
  { kind: "stop", of: ["STOP", "CONFIRM_WITHDRAWAL"] },
  { kind: "control", of: "always" },
];

/** The papers that a dossier can be printed on now, and its result. */
export function printableForms(
  dossier: DossierRecord,
  history: readonly ToldEvent[],
): { href: string; name: string }[] {
  const happened = new Set(history.map(({ type }) => type));
  const forms = TELLS.filter(({ of }) => of === "always" || of.some((type) => happened.has(type))).flatMap(
    ({ kind }) => {
      const name = nameOf(kind, dossier);
      return name === undefined ? [] : [{ href: `/ho-so/${dossier.code}/in/${kind}.pdf`, name }];
    },
  );
  const sealed = dossier.facts.result?.sealed ?? null;
  return sealed === null
    ? forms
    : [{ href: `/ho-so/${dossier.code}/ket-qua.pdf`, name: "Kết quả đã ký và đóng dấu" }, ...forms];
}

/** The form's name in the circular of the dossier's day; undefined where that day had none. */
function nameOf(kind: FormKind, dossier: DossierRecord): string | undefined {
  try {
    return legalForm(kind, dossier.submittedAt).title;
  } catch {
    return undefined;
  }
}
