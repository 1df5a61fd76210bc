import type { ProcessName, Tier } from "../../workflows/declaration.ts";
import { wait } from "./chance.ts";
import type { Chance } from "./chance.ts";

export type Punctuality = "early" | "on time" | "late";

/** What becomes of a dossier; drawn when it is filed, so that the same seed gives the same life. */
export interface Fate {
  refused: boolean;
  outcome: "grant" | "deny";
  punctuality: Punctuality;
  /** Filed and accepted in one step. */
  acceptAtOnce: boolean;
  supplement: "at intake" | "at work" | undefined;
  /** Days until the applicant answers a request. */
  answersAfter: number;
  /** The ordinary step before which it happens; undefined: never. */
  withdrawnAt: number | undefined;
  withdrawalRejected: boolean;
  stoppedAt: number | undefined;
  correctedAt: number | undefined;
  extended: boolean;
  apologised: boolean;
  sentBack: boolean;
  /** A notification is answered on paper. */
  paper: boolean;
  consults: boolean;
  /** All its papers are scanned. */
  digitizedWhole: boolean;
  /** A limit is entered where the procedure has none. */
  limitEntered: boolean;
  /** Days until somebody comes for the result; undefined: never. */
  fetchedAfter: number | undefined;
}

/** Dossiers digitized whole, in a hundred (the province's figures of 2022). */
const DIGITIZED: Record<Tier, number> = { province: 50.62, district: 27.85, commune: 28.55 };

/** Of a hundred in a unit that is neither better nor worse than others. */
const LATE = 4;
const EARLY = 70;

/** How many times later the applicants of some dossiers answer than others: in days. */
const ANSWERS_AFTER = 4;
const FETCHED_AFTER = 2.2;

export interface Kind {
  tier: Tier;
  process: ProcessName;
  channel: "counter" | "online" | "postal";
  returnMethod: "counter" | "online" | "postal";
  /** How late the deciding unit is beside the others. */
  tardiness: number;
}

/** Draws what becomes of a dossier. */
export function drawFate(chance: Chance, kind: Kind): Fate {
  const { channel, tier, process } = kind;
  const refused = chance.percent(channel === "online" ? 3.2 : 1.2);
  const supplement = chance.percent(process === "a" ? 6 : 11)
    ? chance.percent(channel === "online" ? 60 : 15)
      ? "at intake"
      : "at work"
    : undefined;
  const step = (percent: number, below: number) =>
    chance.percent(percent) ? chance.below(below) : undefined;
  const late = chance.percent(LATE * kind.tardiness);
  return {
    refused,
    outcome: chance.percent(process === "a" ? 0.4 : 1.8) ? "deny" : "grant",
    punctuality: late ? "late" : chance.percent((EARLY * 100) / (100 - LATE)) ? "early" : "on time",
    acceptAtOnce: channel === "counter" && !refused && supplement !== "at intake" && chance.percent(88),
    supplement,
    answersAfter: 0.3 + wait(chance, ANSWERS_AFTER),
    withdrawnAt: step(1.2, 5),
    withdrawalRejected: chance.percent(10),
    stoppedAt: step(0.4, 6),
    correctedAt: step(0.5, 6),
    extended: chance.percent(1.2),
    apologised: chance.percent(60),
    sentBack: chance.percent(2),
    paper: chance.percent(30),
    consults: chance.percent(90),
    digitizedWhole: chance.percent(DIGITIZED[tier]),
    limitEntered: chance.percent(60),
    fetchedAfter: chance.percent(2.5) ? undefined : wait(chance, fetching(kind.returnMethod)),
  };
}

function fetching(method: Kind["returnMethod"]): number {
  return method === "online" ? 0.05 : method === "postal" ? 1 : FETCHED_AFTER;
}
