import type { Chance } from "./chance.ts";
import type { TurnName } from "./turns.ts";

/** What becomes of a dossier. */
export interface Fate {
  outcome: "grant" | "deny";
  /** Filed and accepted in one step at the counter. */
  acceptAtOnce: boolean;
  /** A required paper is missing at first. */
  incomplete: boolean;
  /** What happens beside the ordinary course, and after how many ordinary steps at the earliest. */
  turns: { name: TurnName; after: number }[];
  /** So many ordinary steps are made today. */
  stepsToday: number;
}

type Ending = "returned" | "refused" | "withdrawn" | "stopped" | "left" | "left waiting";

const ENDINGS: Record<Ending, number> = {
  returned: 66,
  refused: 6,
  withdrawn: 4,
  stopped: 4,
  left: 13,
  "left waiting": 7,
};

/** Beside the ordinary course, in a hundred dossiers each. */
const ON_THE_WAY: Partial<Record<TurnName, number>> = {
  "supplement at intake": 6,
  supplement: 9,
  "supplement asked twice": 3,
  "withdrawal rejected": 4,
  "withdrawal within a supplement": 3,
  "extension or apology": 6,
  correction: 5,
  payment: 5,
  "sent back": 5,
};

const WAITS: TurnName[] = ["left in a supplement", "left in a payment", "left in a withdrawal"];

/** Draws what becomes of a dossier; a calm one goes its ordinary course to the end. */
export function drawFate(
  chance: Chance,
  { calm, channel, process }: { calm: boolean; channel: string; process: string },
): Fate {
  const ending = calm ? "returned" : chance.weighted(ENDINGS);
  const turns: Fate["turns"] = [];
  const add = (name: TurnName, after: number) => void turns.push({ name, after });
  if (!calm)
    for (const [name, percent] of Object.entries(ON_THE_WAY) as [TurnName, number][])
      if (chance.percent(percent)) add(name, name === "supplement at intake" ? 0 : chance.below(5));
  if (process === "e" && chance.percent(calm ? 0 : 25)) add("silent agency", 0);
  if (ending === "refused") add(chance.percent(30) ? "refused in a supplement" : "refused", 0);
  if (ending === "withdrawn") add("withdrawn", chance.below(6));
  if (ending === "stopped") add("stopped", 1 + chance.below(5));
  if (ending === "left waiting") add(chance.pick(WAITS), chance.below(6));
  const atIntake = ["supplement at intake", "refused", "refused in a supplement"];
  const staysFiled = turns.some(({ name }) => atIntake.includes(name));
  return {
    outcome: !calm && chance.percent(9) ? "deny" : "grant",
    acceptAtOnce: channel === "counter" && !staysFiled && (calm || chance.percent(80)),
    incomplete: staysFiled && chance.percent(60),
    turns,
    stepsToday: ending === "left" ? chance.below(12) : Infinity,
  };
}
