import type { Catalogue } from "./catalogue.ts";
import type { Chance } from "./chance.ts";
import { CENTRE, COMMUNE, DISTRICT, type Directory } from "./directory.ts";
import type { Procedure } from "./dossier-view.ts";
import { drawFate, type Fate } from "./fate.ts";
import { drawApplicant, drawCitizen, type Person } from "./people.ts";

/** One dossier that somebody comes with, and what will become of it. */
export interface Errand {
  number: number;
  procedure: Procedure;
  case: string | null;
  /** The deciding agency. */
  agency: string;
  /** Whose front desk receives it; for one filed online, the unit that the portal's dossiers go to. */
  intake: string;
  channel: "counter" | "postal" | "online";
  returnMethod: "counter" | "postal" | "online";
  applicant: Person;
  owner?: Person;
  fate: Fate;
  /** For everything that is decided on the way. */
  chance: Chance;
}

/** The samples of the README, one or two a process: each is played to its end. */
const SAMPLES = [
  ...["2.000815", "1.001776", "1.003702", "1.000664", "1.013225", "2.000986"],
  ...["1.010803", "1.012753", "1.001029", "2.002884", "1.001147"],
];

/** How often the processes come up on a day, in a hundred: most who come want a certified copy or a register entry. */
const PROCESSES = { a: 24, b: 22, c: 14, d: 15, e: 5, f: 5, g: 6, h: 5, i: 2, j: 2 };

type Wish = { code: string } | { process: string } | { onlineOnly: true };

/**
 * Draws the errands of a day: every sample once, every process once more, two that are filed online only, the rest
 * as life would bring them. With fewer dossiers than that, the samples come first.
 */
export async function planDay(
  { catalogue, directory }: { catalogue: Catalogue; directory: Directory },
  dossiers: number,
  chance: Chance,
): Promise<Errand[]> {
  const wishes: Wish[] = [
    ...SAMPLES.map((code) => ({ code })),
    ...Object.keys(PROCESSES).map((process) => ({ process })),
    ...[1, 2].map(() => ({ onlineOnly: true as const })),
  ].slice(0, dossiers);
  while (wishes.length < dossiers)
    wishes.push(chance.percent(4) ? { onlineOnly: true } : { process: chance.weighted(PROCESSES) });
  const errands: Errand[] = [];
  for (const [at, wish] of wishes.entries())
    errands.push(await drawErrand({ catalogue, directory }, wish, at + 1, chance.branch()));
  return chance.shuffled(errands);
}

async function drawErrand(
  { catalogue, directory }: { catalogue: Catalogue; directory: Directory },
  wish: Wish,
  number: number,
  chance: Chance,
): Promise<Errand> {
  const codes =
    "code" in wish
      ? [wish.code]
      : catalogue.all
          .filter(({ process, channels }) =>
            "process" in wish ? process === wish.process : !channels.includes("counter") && process !== "f",
          )
          .map(({ code }) => code);
  for (let attempt = 1; attempt <= 200; attempt += 1) {
    const procedure = await catalogue.get(chance.pick(codes));
    const agencies = procedure.agencies.filter((agency) => directory.kindOf(agency) !== undefined);
    const [highest] = agencies;
    if (highest === undefined) continue;
    // Where two tiers are alternatives, now and then the lower one.
    const agency = "code" in wish || chance.percent(75) ? highest : chance.pick(agencies);
    const channel = drawChannel(procedure, agency, directory, chance);
    const applicant = drawApplicant(chance, number, procedure.audience);
    const acts = applicant.kind === "citizen" && chance.percent(8);
    return {
      number,
      procedure,
      agency,
      channel,
      case: procedure.cases.length === 0 ? null : chance.pick(procedure.cases).code,
      intake: intakeOf(procedure, agency, channel, directory, chance),
      returnMethod: channel === "counter" ? chance.weighted({ counter: 85, postal: 15, online: 0 }) : channel,
      applicant,
      ...(acts ? { owner: drawCitizen(chance, number + 500_000) } : {}),
      fate: drawFate(chance, { calm: "code" in wish, channel, process: procedure.process }),
      chance: chance.branch(),
    };
  }
  throw new Error(`no procedure found that the demonstration accounts carry (${JSON.stringify(wish)})`);
}

function drawChannel(
  { channels, onlineLevel, process }: Procedure,
  agency: string,
  directory: Directory,
  chance: Chance,
): Errand["channel"] {
  // What is filed online for a department goes to the centre, which is no tier of process f.
  const isChain = process === "f" && directory.kindOf(agency) === "department";
  const online = channels.includes("online") && onlineLevel > 2 && !isChain;
  if (!channels.includes("counter")) return online ? "online" : "counter";
  if (online && chance.percent(35)) return "online";
  return channels.includes("postal") && chance.percent(8) ? "postal" : "counter";
}

/** The unit that receives (contract.md, "Units"): the centre for departments, in process f the lower tier. */
function intakeOf(
  { process, levels }: Procedure,
  agency: string,
  channel: Errand["channel"],
  directory: Directory,
  chance: Chance,
): string {
  if (directory.kindOf(agency) !== "department") return agency;
  if (process === "f") return levels.includes("commune") ? COMMUNE : DISTRICT;
  return channel !== "online" && chance.percent(5) ? agency : CENTRE;
}
