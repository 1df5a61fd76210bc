import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { openCatalogue, type Catalogue } from "../../server/catalogue/catalogue.ts";
import { readAgencies, type Agencies } from "../../server/catalogue/units.ts";
import type { Database } from "../../server/platform/database.ts";
import { disagreement, noColumns, withSums, type FormColumns } from "../../server/statistics/columns.ts";
import { countBehind, dossiersBehind, type BehindColumn } from "../../server/statistics/dossiers-behind.ts";
import { figureOf } from "../../server/statistics/dossier-figure.ts";
import { formA } from "../../server/statistics/form-06a.ts";
import { figuresFromEvents, formFromEvents } from "../../server/statistics/fresh-figures.ts";
import { overdueCauses } from "../../server/statistics/overdue-causes.ts";
import { reportingPeriodOf, type PeriodKind } from "../../server/statistics/periods.ts";
import { figureRules, rollUpNight } from "../../server/statistics/roll-up-night.ts";
import { hashOfFigures, type UnitFigures } from "../../server/statistics/unit-figures.ts";
import { daysBetween, daysLater, endOf, startOf } from "../../server/statistics/vietnam-days.ts";
import { openChance, type Chance } from "../../tools/demo/chance.ts";
import type { Calendar } from "../../workflows/calendar.ts";
import { makeTestDatabase } from "../support/database.ts";
import { calendar } from "../workflows/charts.ts";
import { insertHistories, makeHistory, type MadeHistory, type Matter, type Years } from "./histories.ts";

const COMMUNE = "000.15.32.H30";
const DISTRICT = "000.00.32.H30";
const CENTRE = "000.00.20.H30";

/** A process each, a procedure without any limit, and one with limits for single cases only. */
const MATTERS: Matter[] = [
  { procedure: "2.000815", tier: "commune", deciding: COMMUNE, intake: COMMUNE, superior: DISTRICT },
  { procedure: "1.001776", tier: "commune", deciding: COMMUNE, intake: COMMUNE, superior: DISTRICT },
  { procedure: "1.003702", tier: "district", deciding: DISTRICT, intake: DISTRICT, superior: null },
  { procedure: "1.013225", tier: "district", deciding: DISTRICT, intake: DISTRICT, superior: null },
  { procedure: "1.012753", tier: "district", deciding: DISTRICT, intake: DISTRICT, superior: null },
  { procedure: "1.000664", tier: "province", deciding: "000.00.06.H30", intake: CENTRE, superior: null },
  { procedure: "1.001147", tier: "province", deciding: "000.00.13.H30", intake: CENTRE, superior: null },
];
/** What the days must pass through: year's end, Tết, a quarter's 14th, a month's end. */
const BEGINNINGS = ["2025-12-10", "2026-01-28", "2026-03-01", "2026-05-25", "2026-08-20"];
const NIGHTS = 36;
const DOSSIERS = 26;

const COLUMNS: BehindColumn[] = [
  ...(["c3", "c4", "c5", "c6", "c7", "c8", "c9", "c10", "c11", "c12", "c13"] as const),
  ...(["apart-received", "apart-carried", "apart-handled", "apart-open"] as const),
];

describe("the figures of random histories", function () {
  this.timeout(240_000);
  const base = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000));
  const seeds = process.env.SEED === undefined ? [0, 1, 2, 3].map((more) => base + more) : [base];
  let unlimited: Matter | undefined;
  const seen = new Map<string, number>();

  for (const seed of seeds)
    it(`are each night what the events alone give, and every number has its dossiers (seed ${seed})`, async () => {
      const database = await makeTestDatabase();
      try {
        await play(database.open("worker"), database.open(), openChance(seed));
      } finally {
        await database.drop();
      }
    });

  it("came through pauses, extensions, withdrawals, late entries and every kind of end", () => {
    // What every few histories meet; rarer ends are counted and said, and tried by hand in the other tests.
    const wanted = [
      ...["EXTEND", "SUPPLEMENT", "CONFIRM_WITHDRAWAL", "REJECT_WITHDRAWAL", "STOP", "late"],
      ...["status 8", "status 9", "status 10", "late end"],
    ];
    if (seeds.length > 1)
      assert.deepEqual(
        wanted.filter((what) => (seen.get(what) ?? 0) === 0),
        [],
        JSON.stringify([...seen]),
      );
  });

  function note(histories: readonly MadeHistory[]): void {
    const saw = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
    for (const { events } of histories)
      for (const [index, event] of events.entries()) {
        saw(event.type);
        if (event.fromStatus !== event.status) saw(`status ${event.status}`);
        if (event.recordedAt > event.at) saw("late");
        if (event.at < (events[index - 1]?.at ?? event.at)) saw("out of order");
      }
  }

  async function play(db: Database, owner: Database, chance: Chance): Promise<void> {
    const [agencies, catalogue] = [await readAgencies(db), await openCatalogue(db)];
    const deps = { db, agencies, catalogue };
    const first = chance.pick(BEGINNINGS);
    const [begin, end] = [startOf(first), endOf(daysLater(first, NIGHTS - 1))];
    const years = await enterYears(owner, begin, end, chance);
    unlimited ??= findUnlimited(catalogue, agencies);
    const matters = [...MATTERS, ...(unlimited === undefined ? [] : [unlimited, unlimited])];
    const histories: MadeHistory[] = [];
    for (let n = 1; n <= DOSSIERS; n++) {
      const matter = chance.pick(matters);
      const from = begin + chance.below(Math.floor((end - begin) * 0.7));
      const code = `${matter.deciding}-260101-${String(n).padStart(4, "0")}`;
      histories.push(await makeHistory(catalogue, years, matter, code, from, end, chance.branch()));
    }
    await insertHistories(owner, histories);
    note(histories);
    const units = [...new Set(matters.map(({ deciding }) => deciding))];

    // Nights in order; some are run early too, some twice, some are missed and caught up.
    const days = daysBetween(first, daysLater(first, NIGHTS - 1));
    const kept = new Map<string, UnitFigures>();
    let missed: string[] = [];
    for (const day of days) {
      if (chance.percent(15)) await run(day, endOf(day) - 3_600_000 * (1 + chance.below(20)));
      if (chance.percent(10) && day !== days.at(-1)) {
        missed.push(day);
        continue;
      }
      for (const one of [...missed, day]) await run(one, endOf(one));
      missed = [];
      if (chance.percent(10)) await run(day, endOf(day));
      for (const unit of units) {
        const figures = await keptFigures(db, day, unit);
        kept.set(`${day} ${unit}`, figures);
        const rules = await figureRules(deps);
        const fresh = await figuresFromEvents(db, rules, { unit, day, asOf: endOf(day) });
        assert.deepEqual(figures, fresh, `${day} ${unit}`);
        assert.equal(disagreement(fresh.month), undefined, `${day} ${unit}`);
      }
      if (chance.percent(25)) await everyNumberHasItsDossiers(db, anyPeriod(first, day, chance), chance);
    }

    async function run(day: string, asOf: number): Promise<void> {
      const result = await rollUpNight(deps, { day, asOf, now: new Date(asOf) });
      assert.deepEqual(result.failed, []);
    }

    // Later knowledge leaves what was reported as it was, and what was reported can be had again.
    const rules = await figureRules(deps);
    for (const [key, figures] of kept) {
      const [day = "", unit = ""] = key.split(" ");
      assert.deepEqual(await keptFigures(db, day, unit), figures, `${key} was changed afterwards`);
      const fresh = await figuresFromEvents(db, rules, { unit, day, asOf: endOf(day) });
      assert.equal(hashOfFigures(fresh), hashOfFigures(figures), `${key} afresh`);
    }

    // Any period, by what is known at the end: the tables and the events agree row by row.
    const last = days.at(-1) ?? first;
    for (let times = 0; times < 6; times++) {
      const period = anyPeriod(first, last, chance);
      await everyNumberHasItsDossiers(db, period, chance);
      await formIsThatOfEvents(db, rules, units, period, endOf(last));
    }
    for (const kind of ["month", "quarter", "half-year", "year"] satisfies PeriodKind[])
      await everyNumberHasItsDossiers(db, reportingPeriodOf(kind, last), chance);
    await agreesWithWhatTheProgramKept(catalogue, rules, histories, days);
    const { rows: ends } = await db.raw<{ rows: { outcome: string | null }[] }>(
      "select outcome from statistic_dossiers where outcome is not null",
    );
    for (const { outcome } of ends) {
      const what = outcome === "late" ? "late end" : String(outcome);
      seen.set(what, (seen.get(what) ?? 0) + 1);
    }
  }
});

async function keptFigures(db: Database, day: string, unit: string): Promise<UnitFigures> {
  const { rows } = await db.raw<{ rows: { figures: UnitFigures | null; state: string }[] }>(
    "select figures, state from nightly_units where day = ? and unit = ?",
    [day, unit],
  );
  assert.equal(rows[0]?.state, "done", `${day} ${unit}`);
  return (
    rows[0].figures ??
    (JSON.parse(
      JSON.stringify({
        day: Object.fromEntries(
          [
            ...[
              "receivedOnline",
              "receivedCounter",
              "receivedPostal",
              "endedBefore",
              "endedOnTime",
              "endedLate",
            ],
            ...["within", "overdue", "apartReceived", "apartEnded", "apartOpen"],
          ].map((name) => [name, 0]),
        ),
        month: noColumns(),
        cells: "e3b0c44298fc1c149afbf4c8996fb924",
      }),
    ) as UnitFigures)
  );
}

function anyPeriod(first: string, last: string, chance: Chance): { from: string; to: string } {
  const days = daysBetween(daysLater(first, -3), last);
  const [a, b] = [chance.pick(days), chance.pick(days)];
  return a < b ? { from: a, to: b } : { from: b, to: a };
}

/** formA throws by itself when 3 = 7 + 11 does not hold. */
async function everyNumberHasItsDossiers(
  db: Database,
  period: { from: string; to: string },
  chance: Chance,
): Promise<void> {
  const form = await formA(db, period);
  const checks: { what: string; columns: FormColumns; filter: object }[] = [
    { what: "total", columns: form.total, filter: {} },
  ];
  for (const row of form.rows.filter(() => chance.percent(30)))
    checks.push({
      ...{ what: row.procedureCode, columns: row },
      filter: { procedures: [row.procedureCode], tiers: [row.tier] },
    });
  for (const { field, ...columns } of form.fields.filter(() => chance.percent(30)))
    checks.push({ what: field, columns, filter: { fields: [field] } });
  for (const { what, columns, filter } of checks) {
    const asked = { ...period, ...filter };
    assert.equal(columns.c3, columns.c7 + columns.c11);
    for (const column of COLUMNS) {
      const number = numberOf(columns, column);
      const said = `${what} ${column} ${period.from}..${period.to}`;
      assert.equal(await countBehind(db, column, asked), number, said);
      const codes: string[] = [];
      let after: string | null = "";
      while (after !== null) {
        const page: Awaited<ReturnType<typeof dossiersBehind>> = await dossiersBehind(db, column, asked, {
          after,
          limit: 4,
        });
        codes.push(...page.items.map(({ code }) => code));
        after = page.nextCursor;
      }
      assert.equal(new Set(codes).size, number, said);
      assert.equal(codes.length, number, said);
    }
  }
  const causes = await overdueCauses(db, period);
  assert.equal(sum(causes.map(({ handled }) => handled)), form.total.c10);
  assert.equal(sum(causes.map(({ open }) => open)), form.total.c13);
}

function numberOf(columns: FormColumns, column: BehindColumn): number {
  switch (column) {
    case "apart-received":
      return columns.apart.received;
    case "apart-carried":
      return columns.apart.carried;
    case "apart-handled":
      return columns.apart.handled;
    case "apart-open":
      return columns.apart.open;
    default:
      return columns[column];
  }
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);

async function formIsThatOfEvents(
  db: Database,
  rules: Awaited<ReturnType<typeof figureRules>>,
  units: string[],
  period: { from: string; to: string },
  asOf: number,
): Promise<void> {
  const rows = await formFromEvents(db, rules, units, { ...period, asOf });
  const fresh = rows.map(({ tier, procedureCode, columns }) => ({
    key: `${tier} ${procedureCode}`,
    ...withSums(columns),
  }));
  const { rows: told } = await formA(db, period);
  const shown = told.map(({ tier, procedureCode, c4, c5, c6, c8, c9, c10, c12, c13, apart }) => ({
    key: `${tier} ${procedureCode}`,
    ...withSums({ c4, c5, c6, c8, c9, c10, c12, c13, apart }),
  }));
  const order = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
  assert.deepEqual(shown.sort(order), fresh.sort(order));
}

/** For what was recorded as it happened: at each day's end the figure says what the program itself had kept then. */
async function agreesWithWhatTheProgramKept(
  catalogue: Catalogue,
  rules: Awaited<ReturnType<typeof figureRules>>,
  histories: readonly MadeHistory[],
  days: readonly string[],
): Promise<void> {
  let looked = 0;
  for (const history of histories.filter(({ punctual }) => punctual)) {
    const { declaration } = await catalogue.version(history.versionId);
    const basis = { declaration, tier: history.matter.tier, unit: history.matter.deciding };
    for (const day of days) {
      const end = endOf(day);
      const figure = figureOf(basis, history.events, rules.calendars, end);
      const then = history.kept.filter(({ at }) => at < end).at(-1);
      assert.equal(figure !== undefined, then?.accepted === true, `${history.code} ${day}`);
      if (figure === undefined || then === undefined) continue;
      assert.equal(figure.endedAt !== null, then.over, `${history.code} ${day}`);
      if (then.over) continue;
      const { dueAt, lastDueAt, pausedSince } = then.projection;
      const span = figure.spans.at(-1);
      assert.equal(span?.until, null);
      if (figure.measuredBy === "limit") {
        assert.equal(span.state, pausedSince === null ? "running" : "paused", `${history.code} ${day}`);
        const due = dueAt ?? lastDueAt;
        assert.equal(span.dueAt, due === null ? null : Date.parse(due), `${history.code} ${day}`);
      } else assert.equal(dueAt, null);
      looked++;
    }
  }
  assert.ok(looked > 5, `only ${looked} days of dossiers could be compared`);
}

function findUnlimited(catalogue: Catalogue, agencies: Agencies): Matter | undefined {
  const found = catalogue.all.find(
    ({ declaration }) => declaration.limits.length === 0 && declaration.charts.commune !== undefined,
  );
  const unit = agencies.get(COMMUNE);
  return found === undefined || unit === undefined
    ? undefined
    : { procedure: found.code, tier: "commune", deciding: COMMUNE, intake: COMMUNE, superior: DISTRICT };
}

/** In the middle a new notice takes a working day away: open dossiers move on, closed ones keep their table. */
async function enterYears(owner: Database, begin: number, end: number, chance: Chance): Promise<Years> {
  const usual = calendar;
  if (chance.percent(40)) return { at: () => usual, change: undefined };
  const at = Math.floor((begin + (end - begin) * 0.4) / 1000) * 1000;
  const year = new Date(at + (end - at)).getUTCFullYear();
  const day = new Date(at + 9 * 86_400_000).toISOString().slice(0, 10);
  const old = usual.years[String(year)];
  if (old === undefined || !day.startsWith(String(year))) return { at: () => usual, change: undefined };
  const off = [...old.off, { date: day, name: "Nghỉ thử nghiệm" }];
  const changed: Calendar = { ...usual, years: { ...usual.years, [String(year)]: { ...old, off } } };
  const { rows } = await owner.raw<{ rows: { days: object }[] }>(
    "select days from calendar_years where year = ? and version = 1",
    [year],
  );
  await owner("calendar_years").insert({
    ...{ year, version: 2, source: old.source, provisional: old.provisional ?? false, entered_by: "thu" },
    days: JSON.stringify({ ...rows[0]?.days, off }),
  });
  await owner("calendar_applied").insert({ year, version: 2, applied_at: new Date(at) });
  return { at: (moment) => (moment < at ? usual : changed), change: { at, year, version: 2 } };
}
