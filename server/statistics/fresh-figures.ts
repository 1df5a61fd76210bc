import type { Knex } from "knex";
import { addColumns, noColumns, type Columns } from "./columns.ts";
import type { DossierFigure } from "./dossier-figure.ts";
import { figuresOf, type CountedDossier, type FigureRules } from "./figures-of.ts";
import { nextDossiersOf, readHistories } from "./read-dossiers.ts";
import { CELL_WIDTH, unitFigures, type UnitFigures } from "./unit-figures.ts";
import { dayOf, endOf, monthStart, startOf } from "./vietnam-days.ts";

const A_PAGE = 1_000;

/** Every dossier of a unit as events recorded before `until` tell of it, page by page; slow, and of the archive's length. */
export async function* dossiersFromEvents(
  db: Knex,
  rules: FigureRules,
  unit: string,
  until: number,
  from?: number,
): AsyncGenerator<CountedDossier[]> {
  let after = 0;
  for (;;) {
    const ids = await nextDossiersOf(db, unit, after, until, A_PAGE, from);
    const last = ids.at(-1);
    if (last === undefined) return;
    after = last;
    yield await figuresOf(rules, await readHistories(db, ids, until), until);
  }
}

/**
 * A unit's figures of a day afresh from the events alone, as a run at `asOf` knew them: what the night of that day
 * reported is this or something is wrong. Reads no table of the statistics.
 */
export async function figuresFromEvents(
  db: Knex,
  rules: FigureRules,
  { unit, day, asOf }: { unit: string; day: string; asOf: number },
): Promise<UnitFigures> {
  const until = Math.min(asOf, endOf(day));
  const cells = new Map<string, { procedureCode: string; tier: string; numbers: number[] }>();
  const month = noColumns();
  for await (const page of dossiersFromEvents(db, rules, unit, asOf))
    for (const { procedureCode, tier, channel, figure } of page) {
      if (figure === undefined) continue;
      const key = `${procedureCode} ${tier}`;
      let cell = cells.get(key);
      if (cell === undefined) {
        cell = { procedureCode, tier, numbers: Array.from({ length: CELL_WIDTH }, () => 0) };
        cells.set(key, cell);
      }
      countDay(cell.numbers, figure, channel, day, until);
      addColumns(month, columnsOf(figure, channel, { from: monthStart(day), to: day, until }));
    }
  return unitFigures([...cells.values()], month);
}

/** A line of form II.06a as the events give it. */
export interface FreshRow {
  tier: string;
  procedureCode: string;
  columns: Columns;
}

/**
 * The lines of form II.06a over a period afresh from `dossiers` and `events`, as known at `asOf`: what `formA` must
 * answer. Reads every dossier that was not closed before the period.
 */
export async function formFromEvents(
  db: Knex,
  rules: FigureRules,
  units: readonly string[],
  period: { from: string; to: string; asOf: number },
): Promise<FreshRow[]> {
  const { from, to, asOf } = period;
  const rows = new Map<string, FreshRow>();
  for (const unit of units)
    for await (const page of dossiersFromEvents(db, rules, unit, asOf, startOf(from)))
      for (const { figure, channel, tier, procedureCode } of page) {
        if (figure === undefined) continue;
        const columns = columnsOf(figure, channel, { from, to, until: asOf });
        const key = `${tier} ${procedureCode}`;
        const row = rows.get(key);
        if (row === undefined) rows.set(key, { tier, procedureCode, columns });
        else addColumns(row.columns, columns);
      }
  return [...rows.values()].filter(
    ({ columns: { c4, c5, c6, apart } }) => c4 + c5 + c6 + apart.received + apart.carried > 0,
  );
}

/** What one dossier adds to the columns of a period that ends with `to`, looked at not later than `until`. */
export function columnsOf(
  figure: DossierFigure,
  channel: CountedDossier["channel"],
  period: { from: string; to: string; until: number },
): Columns {
  const columns = noColumns();
  const { from, to, until } = period;
  const { receivedAt, endedAt, outcome, measuredBy } = figure;
  const [receivedOn, endedOn] = [dayOf(receivedAt), endedAt === null ? null : dayOf(endedAt)];
  const isApart = measuredBy === "none";
  if (receivedOn >= from && receivedOn <= to) {
    if (isApart) columns.apart.received = 1;
    else columns[channel === "online" ? "c4" : "c5"] = 1;
  }
  if (openAt(figure, startOf(from)) !== null) {
    if (isApart) columns.apart.carried = 1;
    else columns.c6 = 1;
  }
  if (endedOn !== null && endedOn >= from && endedOn <= to) {
    if (outcome === "before") columns.c8 = 1;
    else if (outcome === "on-time") columns.c9 = 1;
    else if (outcome === "late") columns.c10 = 1;
    else columns.apart.handled = 1;
  }
  const open = openAt(figure, Math.min(endOf(to), until));
  if (open === null) return columns;
  if (isApart) columns.apart.open = 1;
  else columns[open] = 1;
  return columns;
}

/** How a dossier stands just before a moment: null when it is not open then. */
function openAt(figure: DossierFigure, moment: number): "c12" | "c13" | null {
  const span = figure.spans.find(({ from, until }) => from < moment && (until === null || until >= moment));
  if (span === undefined) return null;
  return span.state === "running" && span.dueAt !== null && span.dueAt < moment ? "c13" : "c12";
}

function countDay(
  numbers: number[],
  figure: DossierFigure,
  channel: CountedDossier["channel"],
  day: string,
  until: number,
): void {
  const { receivedAt, endedAt, outcome, measuredBy } = figure;
  const add = (at: number) => (numbers[at] = (numbers[at] ?? 0) + 1);
  const isApart = measuredBy === "none";
  if (dayOf(receivedAt) === day) add(isApart ? 8 : { online: 0, counter: 1, postal: 2 }[channel]);
  if (endedAt !== null && dayOf(endedAt) === day)
    add({ before: 3, "on-time": 4, late: 5, unmeasured: 9 }[outcome ?? "unmeasured"]);
  const open = openAt(figure, Math.min(endOf(day), until));
  if (open !== null) add(isApart ? 10 : open === "c12" ? 6 : 7);
}
