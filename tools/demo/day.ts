import { Unexpected } from "./caller.ts";
import type { Directory } from "./directory.ts";
import { fileErrand, type FilingDeps } from "./filing.ts";
import { nextStep } from "./ordinary-course.ts";
import type { Errand } from "./plan.ts";
import { isOver, takeUp, type Play, type PlayDeps } from "./play.ts";
import { takeTurn, type TurnName } from "./turns.ts";

/** A dossier that was made, as the demo left it. */
export interface Made {
  code: string;
  /** The front desk's account that received it. */
  frontdesk: string;
  process: string;
  /** The kind of the deciding agency. */
  unit: string;
  channel: string;
  status: number;
  acceptedAtOnce: boolean;
  turns: TurnName[];
}

export interface DayDeps extends FilingDeps, PlayDeps {
  directory: Directory;
  /** Told after each errand how many are done. */
  progress(done: number): void;
}

/** More steps than any course has: what still goes round after that is a fault of its own. */
const MOST_STEPS = 80;

/** Plays all errands, `atOnce` at a time. What went wrong is blamed on its dossier; the others go on. */
export async function playDay(deps: DayDeps, errands: readonly Errand[], atOnce: number): Promise<Made[]> {
  const made: Made[] = [];
  let done = 0;
  const queue = errands.values();
  const desk = async () => {
    for (const errand of queue) {
      await playErrand(deps, errand, made).catch((cause: unknown) => {
        if (cause instanceof Unexpected) deps.measures.blame(cause.fault);
        else {
          const what = `errand ${errand.number} (${errand.procedure.code})`;
          deps.measures.blame({ who: "the demo", what, status: 0, said: String(cause) });
        }
      });
      deps.progress((done += 1));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, desk));
  return made;
}

async function playErrand(deps: DayDeps, errand: Errand, all: Made[]): Promise<void> {
  const frontdesk = deps.directory.account(errand.intake, "frontdesk");
  const filed = await fileErrand(deps, errand, frontdesk);
  const { channel, fate } = errand;
  const made: Made = {
    ...{ code: filed.code, frontdesk, channel, status: 1, turns: [] },
    process: errand.procedure.process,
    unit: deps.directory.kindOf(errand.agency) ?? "",
    acceptedAtOnce: channel !== "online" && fate.acceptAtOnce,
  };
  all.push(made);
  const play = await takeUp(deps, errand, filed);
  made.process = play.view.process;
  try {
    await goOn(play, made);
  } finally {
    made.status = play.view.status;
  }
}

async function goOn(play: Play, made: Made): Promise<void> {
  const { fate, chance } = play.errand;
  let waiting = [...fate.turns];
  for (let step = 0; step < MOST_STEPS; step += 1) {
    for (const turn of waiting) {
      if (turn.after > step || isOver(play)) continue;
      const taken = await takeTurn(play, turn.name);
      if (taken === "later") continue;
      made.turns.push(turn.name);
      waiting = waiting.filter((other) => other !== turn);
      if (taken === "left") return;
    }
    if (isOver(play) || step >= fate.stepsToday) return;
    if (chance.percent(4)) await play.read(play.asCitizen, `/tracking/${play.code}`, "track a dossier");
    if (!(await nextStep(play)))
      throw new Error(`${play.code} goes no further: status ${play.view.status}, ${play.view.state}`);
  }
  throw new Error(`${play.code} does not come to an end`);
}
