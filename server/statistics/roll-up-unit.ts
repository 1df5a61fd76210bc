import type { Knex } from "knex";
import type { Database } from "../platform/database.ts";
import { countDays } from "./count-days.ts";
import { figuresOf, type FigureRules } from "./figures-of.ts";
import { dossiersFromEvents } from "./fresh-figures.ts";
import { keepFigures, type ChangedCells } from "./keep-figures.ts";
import { readHistories } from "./read-dossiers.ts";
import { hashOfFigures, readUnitFigures } from "./unit-figures.ts";
import { dayOf, daysLater, endOf } from "./vietnam-days.ts";

/** First key of the advisory locks under which a unit is rolled up; the second is the unit's. */
const UNITS = 727_010;
const A_PAGE = 1_000;

export interface UnitNight {
  unit: string;
  day: string;
  /** Only what was recorded before counts: the day's end, or now where the day is not over. */
  asOf: number;
  /** The unit's dossiers that had an event since, each with when the last was recorded. */
  touched: readonly { id: number; last: number }[];
}

export interface RolledUnit {
  /** False when the unit was rolled up to this moment already. */
  done: boolean;
  dossiers: number;
}

/** How far a unit is rolled up. */
export interface Watermark {
  unit: string;
  rolledDay: string;
  knownUntil: Date;
}

export async function readWatermarks(db: Knex): Promise<Map<string, Watermark>> {
  const { rows } = await db.raw<{ rows: Watermark[] }>(
    `select unit, rolled_day as "rolledDay", known_until as "knownUntil" from statistic_units`,
  );
  return new Map(rows.map((row) => [row.unit, row]));
}

/**
 * Rolls one unit up to the end of a day, in one transaction: what was touched is made anew from its events, the day is
 * counted, with the earlier days that a late event changes, and the night's figures are kept. Again or twice at once it
 * changes nothing: one waits for the other and then finds it done. A unit never rolled up takes its whole archive in.
 */
export async function rollUpUnit(db: Database, rules: FigureRules, night: UnitNight): Promise<RolledUnit> {
  return db.transaction(async (trx) => {
    const { unit, day, asOf } = night;
    // A long archive is quiet on this connection for no longer than a page takes.
    await trx.raw("set local statement_timeout = 0");
    await trx.raw("select pg_advisory_xact_lock(?, hashtext(?))", [UNITS, unit]);
    const before = await findWatermark(trx, unit);
    if (before !== undefined && before.knownUntil.getTime() >= asOf) return { done: false, dossiers: 0 };
    const dossiers =
      before === undefined
        ? await takeArchive(trx, rules, night)
        : await takeTouched(trx, rules, night, before);
    const figures = await readUnitFigures(trx, unit, day);
    await trx.raw(
      `insert into nightly_units as n (day, unit, state, dossiers, as_of, figures, figures_hash, finished_at)
       values (:day, :unit, 'done', :dossiers, :asOf, :figures::jsonb, :hash, now())
       on conflict (day, unit) do update set state = 'done', attempts = n.attempts + 1, dossiers = excluded.dossiers,
         error = null, as_of = excluded.as_of, figures = excluded.figures, figures_hash = excluded.figures_hash,
         finished_at = excluded.finished_at`,
      {
        ...{ day, unit, dossiers, asOf: new Date(asOf).toISOString() },
        ...{ figures: JSON.stringify(figures), hash: hashOfFigures(figures) },
      },
    );
    await trx.raw(
      `insert into statistic_units (unit, rolled_day, known_until) values (:unit, :day, :asOf)
       on conflict (unit) do update set rolled_day = excluded.rolled_day, known_until = excluded.known_until`,
      { unit, day, asOf: new Date(asOf).toISOString() },
    );
    return { done: true, dossiers };
  });
}

async function findWatermark(trx: Knex.Transaction, unit: string): Promise<Watermark | undefined> {
  const { rows } = await trx.raw<{ rows: Watermark[] }>(
    `select unit, rolled_day as "rolledDay", known_until as "knownUntil" from statistic_units where unit = ?`,
    [unit],
  );
  return rows[0];
}

async function takeArchive(trx: Knex.Transaction, rules: FigureRules, night: UnitNight): Promise<number> {
  const { unit, day, asOf } = night;
  let dossiers = 0;
  let first: number | null = null;
  for await (const page of dossiersFromEvents(trx, rules, unit, asOf)) {
    await keepFigures(trx, page, null);
    dossiers += page.length;
    for (const { figure } of page)
      if (figure !== undefined) first = Math.min(first ?? Infinity, figure.receivedAt);
  }
  if (first !== null) await countDays(trx, { unit, from: dayOf(first), to: day, until: asOf });
  return dossiers;
}

async function takeTouched(
  trx: Knex.Transaction,
  rules: FigureRules,
  { unit, day, asOf, touched }: UnitNight,
  { rolledDay, knownUntil }: Watermark,
): Promise<number> {
  const ids = touched.filter(({ last }) => last >= knownUntil.getTime()).map(({ id }) => id);
  const changed: ChangedCells = new Map();
  // A day that was rolled up before it was over is counted again as a whole.
  const wasOver = knownUntil.getTime() >= endOf(rolledDay);
  const settled = wasOver ? rolledDay : daysLater(rolledDay, -1);
  for (let at = 0; at < ids.length; at += A_PAGE) {
    const page = await figuresOf(rules, await readHistories(trx, ids.slice(at, at + A_PAGE), asOf), asOf);
    for (const [key, cell] of await keepFigures(trx, page, settled)) {
      const known = changed.get(key);
      if (known === undefined || cell.from < known.from) changed.set(key, cell);
    }
  }
  for (const { from, ...cell } of changed.values())
    await countDays(trx, { unit, from, to: settled, until: asOf, cell });
  await countDays(trx, { unit, from: daysLater(settled, 1), to: day, until: asOf });
  return ids.length;
}
