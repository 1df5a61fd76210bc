import type { ReadyMachine } from "../../workflows/standing.ts";
import { SECONDS_A_DAY, formatMoment, parseMoment } from "../../workflows/vietnam-time.ts";
import type { Moment } from "../../workflows/vietnam-time.ts";
import { CalendarMissing, officeMomentFrom } from "../../workflows/working-time.ts";
import { act } from "./acts.ts";
import { fraction, wait } from "./chance.ts";
import type { Life, Step } from "./life.ts";
import { OFFICE_DAY, aim, dayBeforeDue, nextStepAt, officeLater, promiseAfter } from "./pace.ts";
import { onlineAfter } from "./seasons.ts";
import { momentOf } from "./world.ts";
import type { World } from "./world.ts";

/** When the dossier's next step is made; undefined where none is to come, or the calendar has no more years. */
export function whenNext(life: Life, ready: ReadyMachine, now: Moment): Moment | undefined {
  try {
    const next = ordinaryAt(life, ready, now);
    planBeside(life, now);
    const beside = life.beside?.at ?? Infinity;
    return beside < (next ?? Infinity) ? beside : next;
  } catch (error) {
    if (error instanceof CalendarMissing) return undefined;
    throw error;
  }
}

function ordinaryAt(life: Life, ready: ReadyMachine, now: Moment): Moment | undefined {
  const { record, fate, chance, time } = life;
  const office = (days: number) => officeLater(time, now, days * OFFICE_DAY + 60);
  switch (record.status) {
    case 1:
      // Within the eight office hours that the rules give; now and then later.
      return office(record.channel === "online" ? 0.05 + wait(chance, 0.3) : 0.01 + wait(chance, 0.08));
    case 2:
      return nextStepAt(time, now, targetOf(life, now), stepsLeft(life, ready), chance);
    case 4:
      return record.workState === "consulting" ? opinionAt(life, now) : atWork(life, ready, now);
    case 5:
      return supplementAt(life, now);
    case 6:
      return office(0.4 + wait(chance, 3));
    case 7:
      return office(0.1 + wait(chance, 0.5));
    case 9:
      return fate.fetchedAfter === undefined ? undefined : office(0.01 + fate.fetchedAfter);
    default:
      return undefined;
  }
}

function atWork(life: Life, ready: ReadyMachine, now: Moment): Moment {
  return nextStepAt(life.time, now, targetOf(life, now), stepsLeft(life, ready), life.chance);
}

/** The moment to be done by, reckoned anew whenever the due date has changed. */
function targetOf(life: Life, now: Moment): Moment {
  const { record, fate, time, chance, tardiness } = life;
  const due = record.dueAt === null ? null : formatMoment(momentOf(record.dueAt));
  const known = life.target;
  if (known?.for === due) return known.at;
  const at = aim(time, now, due === null ? undefined : parseMoment(due), { ...fate, tardiness }, chance);
  life.target = { for: due, at };
  return at;
}

/** Roughly so many steps until the work is done, this one included. */
function stepsLeft({ record, scanning }: Life, ready: ReadyMachine): number {
  const steps = ready.config.meta.declared.steps.filter(({ role }) => role !== "frontdesk");
  const weigh = (from: number) =>
    steps.slice(from).reduce((sum, { role }) => sum + (role === "specialist" ? 2 : 1), 0);
  const at = steps.findIndex(({ state }) => state === record.workState);
  if (record.status === 2) return weigh(0) + 2 + (scanning?.open.length ?? 1);
  const drafted = record.facts.draft !== null && steps[at]?.role === "specialist";
  return Math.max(1, at < 0 ? 3 : weigh(at) - (drafted ? 1 : 0));
}

/** Most answer within their limit; whoever does not is passed over when it has run out. */
function opinionAt({ record, chance, time }: Life, now: Moment): Moment {
  const waiting = record.facts.consultations.find(({ state }) => state === "waiting");
  if (waiting === undefined) return officeLater(time, now, 3600);
  const limit = parseMoment(waiting.dueAt);
  const answers = officeLater(time, now, OFFICE_DAY * (0.2 + wait(chance, 1.2)));
  return answers < limit && chance.percent(88) ? answers : Math.max(limit, now) + 5 + chance.below(50);
}

function supplementAt({ record, fate, chance, time }: Life, now: Moment): Moment | undefined {
  // Some never answer: their dossiers lie there.
  if (fate.answersAfter > 22) return undefined;
  const later = now + Math.round(fate.answersAfter * 1.4 * SECONDS_A_DAY);
  return record.channel === "online"
    ? onlineAfter(later, chance)
    : officeMomentFrom(time, later + chance.below(3600));
}

/** Plans an extension or an apology once it is clear that the due date will not hold. */
function planBeside(life: Life, now: Moment): void {
  const { record, fate, target, time, chance } = life;
  if (record.status !== 2 && record.status !== 4) life.beside = undefined;
  else if (life.beside === undefined && target !== undefined && record.dueAt !== null) {
    const due = momentOf(record.dueAt);
    if (target.for !== formatMoment(due)) return;
    if (fate.extended && record.facts.clock.extension === null) {
      const at = dayBeforeDue(time, now, due, chance);
      if (at !== undefined) life.beside = { type: "EXTEND", at };
    } else if (
      fate.punctuality === "late" &&
      fate.apologised &&
      record.facts.apologies === 0 &&
      target.at > due
    )
      life.beside = {
        type: "APOLOGISE",
        at: officeLater(time, Math.max(now, due), OFFICE_DAY * 0.3 * fraction(chance)),
      };
  }
}

/** The extension or apology with the date that is promised instead. */
export function promise(world: World, life: Life, { type }: NonNullable<Life["beside"]>, now: Moment): Step {
  const { record, chance, time } = life;
  const leader = world.staff.pick(record.facts.places.processing, "leader", chance);
  const due = record.dueAt === null ? now : momentOf(record.dueAt);
  const later =
    type === "EXTEND"
      ? promiseAfter(time, due, 3 + chance.below(8))
      : promiseAfter(time, Math.max(now, life.target?.at ?? now), 1);
  return act(type, leader, {
    dueAt: formatMoment(later),
    reason:
      type === "EXTEND"
        ? "Vụ việc phức tạp, cần xác minh thêm."
        : "Hồ sơ phát sinh nhiều, đơn vị xin lỗi vì chậm trễ.",
  });
}
