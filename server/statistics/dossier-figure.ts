import { CalendarMissing, type Calendar, type Limit } from "../../workflows/calendar.ts";
import { reckonDeadline } from "../../workflows/deadline.ts";
import type { Declaration, Tier } from "../../workflows/declaration.ts";
import { clockFromEvents, type TimedEvent } from "../dossier/clock-from-events.ts";
import type { KnownCalendars } from "./known-calendars.ts";
import { causeOf } from "./overdue-cause.ts";
import { dayOf } from "./vietnam-days.ts";

/** An event as history holds it. */
export interface HistoryEvent extends TimedEvent {
  seq: number;
  recordedAt: Date;
  status: number;
  toState: string;
}

/** What of a dossier never changes. */
export interface DossierBasis {
  declaration: Declaration;
  tier: Tier;
  /** The deciding agency: its figures the dossier counts in. */
  unit: string;
}

/** A stretch of open time under one due moment. Moments are epoch milliseconds; `until` null while it lasts. */
export interface Span {
  from: number;
  until: number | null;
  /** `unlimited`: no limit was known then, or the calendar did not reach so far. */
  state: "running" | "paused" | "unlimited";
  /** While paused the due moment as it stood when the clock stopped. */
  dueAt: number | null;
}

export type EndedHow = "before" | "on-time" | "late" | "unmeasured";

/** What one dossier is to the figures (docs/statistics.md). */
export interface DossierFigure {
  receivedAt: number;
  endedAt: number | null;
  /** 9 or 10 solved, 8 stopped or withdrawn, 3 refused after acceptance; null while open. */
  endStatus: number | null;
  outcome: EndedHow | null;
  /** That held at the end, or holds now. */
  dueAt: number | null;
  /** `maximum`: by the longest limit of the procedure, for the dossier has none of its own; `none`: listed apart. */
  measuredBy: "limit" | "maximum" | "none";
  spans: Span[];
  /** Requests after acceptance. */
  supplements: number;
  extended: boolean;
  /** What it waited for at the due moment that it went over, or waits for now; counts only with the overdue ones. */
  overdueCause: string | null;
  headSeq: number;
}

/** Events that can move the due moment. */
const CLOCK = new Set([
  ...["FILE", "ACCEPT", "CORRECT", "REQUEST_SUPPLEMENT", "SUPPLEMENT", "REQUEST_WITHDRAWAL"],
  ...[
    "REJECT_WITHDRAWAL",
    "CONFIRM_WITHDRAWAL",
    "REQUEST_PAYMENT",
    "PAY",
    "EXTEND",
    "REFUSE",
    "STOP",
    "RETURN",
  ],
]);

/**
 * What a dossier is to the figures, from those of its events that were recorded before `until` (epoch milliseconds),
 * in their order; undefined when by then it was never accepted: such a one is not counted (domain: 3 from 1). Pure.
 *
 * Which due moment held at a moment t is reckoned from the events that had happened by t, with the calendar in force
 * at t; so an event that is recorded late changes the stretches that it should have changed, from the night on that
 * knows of it.
 */
export function figureOf(
  basis: DossierBasis,
  all: readonly HistoryEvent[],
  calendars: KnownCalendars,
  until: number,
): DossierFigure | undefined {
  const known = all.filter(({ recordedAt, at }) => recordedAt.getTime() < until && at.getTime() < until);
  const acceptance = known.find(({ type }) => type === "ACCEPT");
  const last = known.at(-1);
  if (acceptance === undefined || last === undefined) return undefined;
  const receivedAt = second(acceptance.at);
  const end = endOf(known);
  const endedAt = end === undefined ? null : Math.max(second(end.at), receivedAt);

  const told = toldOf(known);
  const reckoning: Reckoning = { basis, clock: known.filter(({ type }) => CLOCK.has(type)), calendars, told };
  const spans = spansOf(reckoning, receivedAt, endedAt, until);
  const final = standAt(reckoning, endedAt ?? until, endedAt);
  const { measuredBy } = final;
  const outcome = endedAt === null ? null : outcomeOf(endedAt, final);
  const due = dueMoment(outcome, spans, final);
  return {
    receivedAt,
    endedAt,
    endStatus: end?.status ?? null,
    outcome,
    dueAt: final.dueAt,
    measuredBy,
    spans,
    supplements: known.filter(
      ({ type, at, seq }) =>
        type === "REQUEST_SUPPLEMENT" && second(at) >= receivedAt && seq > acceptance.seq,
    ).length,
    extended: known.some(({ type }) => type === "EXTEND"),
    overdueCause: due === null ? null : causeOf(basis, known, due),
    headSeq: last.seq,
  };
}

/** The end is the time of 9, else 10, else 8 or 3 (domain-facts 3.4); what comes after a 9 moves nothing. */
function endOf(known: readonly HistoryEvent[]): HistoryEvent | undefined {
  for (const status of [9, 10]) {
    const reached = known.find((event) => event.status === status);
    if (reached !== undefined) return reached;
  }
  const final = known.at(-1)?.status;
  if (final !== 3 && final !== 8) return undefined;
  return known[known.findLastIndex(({ status }) => status !== final) + 1];
}

interface Reckoning {
  basis: DossierBasis;
  clock: readonly HistoryEvent[];
  calendars: KnownCalendars;
  told: ReadonlyMap<string, number>;
}

interface Stand {
  state: Span["state"];
  dueAt: number | null;
  measuredBy: DossierFigure["measuredBy"];
}

/** The calendar versions of which this dossier was told by an event of its own. */
function toldOf(known: readonly HistoryEvent[]): ReadonlyMap<string, number> {
  const told = new Map<string, number>();
  for (const { type, at, data } of known)
    if (type === "CALENDAR_CHANGED") told.set(`${String(data.year)}/${String(data.version)}`, second(at));
  return told;
}

function spansOf(reckoning: Reckoning, from: number, endedAt: number | null, until: number): Span[] {
  const before = endedAt ?? until;
  const marks = [
    ...reckoning.clock.map(({ at }) => second(at)),
    ...reckoning.calendars.changes(reckoning.told),
  ]
    .filter((mark) => from < mark && mark < before)
    .sort((a, b) => a - b);
  const starts = [...new Set(from < before ? [from, ...marks] : [])];
  const spans: Span[] = [];
  for (const [index, start] of starts.entries()) {
    const { state, dueAt } = standAt(reckoning, start, null);
    const last = spans.at(-1);
    const next = starts[index + 1] ?? endedAt;
    if (last?.state === state && last.dueAt === dueAt) last.until = next;
    else spans.push({ from: start, until: next, state, dueAt });
  }
  return spans;
}

/** How the clock stands at a moment; `closedAt`: what is paused then ends there, for nothing is waited for any more. */
function standAt(
  { basis, clock, calendars, told }: Reckoning,
  moment: number,
  closedAt: number | null,
): Stand {
  const { declaration, tier, unit } = basis;
  const pausesFor = (declaration.charts[tier]?.pausesFor ?? []).map(({ wait }) => wait as string);
  const happened = clock.filter(({ at }) => second(at) <= moment);
  const facts = clockFromEvents(happened, declaration, { pausesFor }).clock;
  const measuredBy = facts.limit !== null ? "limit" : declaration.limits.length > 0 ? "maximum" : "none";
  const limits: Limit[] = facts.limit !== null ? [facts.limit] : declaration.limits;
  const { acceptedAt, extension } = facts;
  if (acceptedAt === null || limits.length === 0) return { state: "unlimited", dueAt: null, measuredBy };
  const pauses =
    closedAt === null
      ? facts.pauses
      : facts.pauses.map((pause) => (pause.to === null ? { ...pause, to: vietnam(closedAt) } : pause));
  const calendar = calendars.at(unit, moment, told);
  let stand: Stand | undefined;
  for (const { value, unit: of } of limits) {
    const one = reckon(
      { acceptedAt, limit: { value, unit: of }, pauses, ...(extension === null ? {} : { extension }) },
      calendar,
    );
    if (one === undefined) return { state: "unlimited", dueAt: null, measuredBy };
    if (stand === undefined || (one.dueAt ?? 0) > (stand.dueAt ?? 0)) stand = { ...one, measuredBy };
  }
  return stand ?? { state: "unlimited", dueAt: null, measuredBy };
}

/** Undefined where the calendar does not reach so far: no due date is made up (deadlines.md, opening paragraph). */
function reckon(
  facts: Parameters<typeof reckonDeadline>[0],
  calendar: Calendar,
): Pick<Stand, "state" | "dueAt"> | undefined {
  try {
    const { dueAt, lastDueAt, pausedSince } = reckonDeadline(facts, calendar);
    const due = dueAt ?? lastDueAt;
    return {
      state: pausedSince === null ? "running" : "paused",
      dueAt: due === null ? null : Date.parse(due),
    };
  } catch (error) {
    if (error instanceof CalendarMissing) return undefined;
    throw error;
  }
}

/** Before: on an earlier calendar day than due; on time: that day up to the due moment. */
function outcomeOf(endedAt: number, { dueAt, measuredBy }: Stand): EndedHow {
  if (measuredBy === "none") return "unmeasured";
  // Due in a year whose calendar nobody had: later than any day that was lived through.
  if (dueAt === null || dayOf(endedAt) < dayOf(dueAt)) return "before";
  return endedAt <= dueAt ? "on-time" : "late";
}

/** The due moment that it went over, or will go over if nothing happens; null where nothing runs out. */
function dueMoment(outcome: EndedHow | null, spans: readonly Span[], final: Stand): number | null {
  if (outcome !== null) return outcome === "late" ? final.dueAt : null;
  const last = spans.at(-1);
  return last?.state === "running" ? last.dueAt : null;
}

/** Moments count in whole seconds, as history's `at` does. */
function second(moment: Date): number {
  return Math.floor(moment.getTime() / 1000) * 1000;
}

function vietnam(moment: number): string {
  return `${new Date(moment + 7 * 3_600_000).toISOString().slice(0, 19)}+07:00`;
}
