import type { Catalogue } from "../catalogue/catalogue.ts";
import { figureOf, type DossierFigure } from "./dossier-figure.ts";
import type { KnownCalendars } from "./known-calendars.ts";
import type { DossierHistory } from "./read-dossiers.ts";

/** What a figure is reckoned with besides the dossier's own events. */
export interface FigureRules {
  catalogue: Pick<Catalogue, "version">;
  calendars: KnownCalendars;
}

export interface CountedDossier extends DossierHistory {
  figure: DossierFigure | undefined;
}

/** Each history with what it is to the figures, as known before `until`. */
export async function figuresOf(
  rules: FigureRules,
  histories: readonly DossierHistory[],
  until: number,
): Promise<CountedDossier[]> {
  const counted: CountedDossier[] = [];
  for (const history of histories) {
    const { declaration } = await rules.catalogue.version(history.versionId);
    const basis = { declaration, tier: history.tier, unit: history.unit };
    counted.push({ ...history, figure: figureOf(basis, history.events, rules.calendars, until) });
  }
  return counted;
}
