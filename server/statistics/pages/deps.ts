import type { Calendar } from "../../../workflows/calendar.ts";
import type { Catalogue } from "../../catalogue/catalogue.ts";
import { CHAIR, type Agencies } from "../../catalogue/units.ts";
import { dateInWords } from "../../forms/moments.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Database } from "../../platform/database.ts";
import type { Desk } from "../../web/desk.ts";
import type { FigureFilter } from "../filter.ts";
import { dayOf } from "../vietnam-days.ts";
import { filterOf, sightOf, type Asked, type Sight } from "./asked.ts";
import { unitChoices, type UnitChoice } from "./unit-choices.ts";
import type { About } from "./form-tables.ts";
import { aloneText, periodText } from "./words.ts";

export interface StatisticsPagesDeps {
  db: Database;
  agencies: Agencies;
  catalogue: Pick<Catalogue, "all" | "version">;
  clock: Clock;
  calendarOf(agency: string): Promise<Calendar>;
}

/** What every page of figures begins with. */
export interface Look {
  sight: Sight;
  today: string;
  asked: Asked;
  filter: FigureFilter;
  /** The units that can be chosen. */
  units: UnitChoice[];
  /** Whose figures they are, and whom they are reported to. */
  unitName: string;
  parentName: string | undefined;
}

/** Puts together who looks at what. Throws NotAllowed. */
export function lookOf(
  deps: StatisticsPagesDeps,
  desk: Desk,
  read: (sight: Sight, today: string) => Asked,
): Look {
  const { agencies, clock } = deps;
  const sight = sightOf(desk, agencies);
  const today = dayOf(clock.now().getTime());
  const asked = read(sight, today);
  const unit = asked.unit ?? (sight.all ? CHAIR : (desk.agency ?? CHAIR));
  const parent = agencies.get(unit)?.parent ?? (unit === CHAIR ? null : CHAIR);
  return {
    ...{ sight, today, asked, filter: filterOf(asked, sight, agencies) },
    units: unitChoices(sight, asked.unit, agencies),
    unitName: asked.alone === true ? aloneText(agencies.name(unit)) : agencies.name(unit),
    parentName: parent === null ? "Văn phòng Chính phủ" : agencies.name(parent),
  };
}

/** What a form says over itself. */
export function aboutOf(look: Look, now: Date, until: string | null): About & { from: string } {
  const { asked, today, unitName, parentName } = look;
  return {
    ...{ unitName, parentName, until, from: asked.from, to: asked.to },
    period: `Kỳ báo cáo: ${periodText(asked, today)}`,
    madeOn: dateInWords(now).replace(/^n/, "N"),
  };
}

/** The fields of all procedures in force, by name. */
export function fieldsOf({ catalogue }: StatisticsPagesDeps): string[] {
  return [...new Set(catalogue.all.map(({ declaration }) => declaration.field))].sort((a, b) =>
    a.localeCompare(b, "vi"),
  );
}
