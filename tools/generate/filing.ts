import { filedFacts, firstEvent } from "../../server/dossier/open-dossier.ts";
import type { Filing } from "../../server/dossier/open-dossier.ts";
import type { Caller } from "../../server/dossier/deps.ts";
import { iso, projectTime } from "../../server/dossier/time.ts";
import { CHAIR } from "../../server/catalogue/units.ts";
import { limitFor } from "../../workflows/declaration.ts";
import type { Declaration } from "../../workflows/declaration.ts";
import type { MachineFacts } from "../../workflows/facts.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import { workingTime } from "../../workflows/working-time.ts";
import { accepting, scanned } from "./acts.ts";
import type { Chance } from "./chance.ts";
import { papersToScan } from "./course.ts";
import { drawFate } from "./fate.ts";
import { carryOut, refusalOf, writeDown } from "./life.ts";
import type { Life, Step } from "./life.ts";
import type { Matter } from "./matters.ts";
import { tardiness, unitsFor } from "./parts.ts";
import type { Home } from "./parts.ts";
import type { Population } from "./people.ts";
import type { World } from "./world.ts";

const PORTAL: Caller = {
  kind: "portal",
  username: "portal",
  name: "Cổng Dịch vụ công quốc gia",
  roles: [],
  agency: null,
};
const APPLICANT: Caller = { ...PORTAL, roles: ["citizen"] };

/** Somebody who comes, at which moment, with what. */
export interface Coming {
  id: number;
  matter: Matter;
  home: Home;
  channel: Filing["channel"];
  now: Date;
  chance: Chance;
}

/**
 * Files a dossier as the counter or the national portal would, with what is done in the same commit: accepted at once,
 * or the applicant's own files attached.
 */
export function file(world: World, population: Population, ready: ReadyMachine, coming: Coming): Life {
  const { id, matter, home, channel, now, chance } = coming;
  const { declaration } = matter.version;
  const machine = ready.config.meta.declared;
  const { deciding, intake } = unitsFor(world.agencies, declaration, matter.tier, home, chance.percent(4));
  const returnMethod =
    channel === "counter"
      ? chance.weighted({ counter: 88, postal: 12 })
      : channel === "postal"
        ? "postal"
        : returned(chance);
  const kind = { tier: matter.tier, process: matter.process, channel, returnMethod };
  const late = tardiness(world.seed, deciding.code);
  const fate = drawFate(chance, { ...kind, tardiness: late });
  const caseCode = declaration.cases.length === 0 ? null : likelyCase(declaration, chance);
  const applicant = population.draw(chance, home.place, declaration.audience);
  const forOther = applicant.kind === "citizen" && chance.percent(6);
  const submittedAt = iso(now);
  const limit = limitFor(declaration, caseCode, channel);
  const desk = channel === "online" ? PORTAL : world.staff.pick(intake, "frontdesk", chance);
  const filing: Filing = {
    versionId: matter.version.id,
    procedureCode: matter.version.code,
    case: caseCode,
    tier: matter.tier,
    places: {
      intake,
      deciding: deciding.code,
      processing: intake,
      superior: world.agencies.get(intake)?.kind === "commune" ? home.district.code : null,
      chair: CHAIR,
    },
    channel,
    returnMethod,
    received: receivedPapers(machine, caseCode, channel, chance),
    limit: limit === null ? null : { value: limit.value, unit: limit.unit },
    limitFrom: limit === null ? "unknown" : declaration.limitFrom,
    people: {
      applicant,
      owner: forOther ? population.neighbour(chance, home.place) : null,
      authorisation: forOther ? "Giấy ủy quyền (thử nghiệm)" : null,
      note: "",
    },
    // A number of the portal's own would be one that no portal ever gave: it would refuse all that is told of it.
    portalCode: null,
    caller: desk,
    actorRole: channel === "online" ? "portal" : "frontdesk",
    untold: fate.acceptAtOnce,
  };
  const calendar = world.calendarOf(deciding.code);
  const facts = filedFacts(filing, submittedAt);
  const secret = world.secrets.make();
  const appending = firstEvent(filing, {
    id,
    code: world.numbers.dossierCode(deciding.code, submittedAt.slice(0, 10)),
    initial: ready.initial,
    machine,
    facts,
    now,
    secretCipher: world.secrets.encrypt(secret),
    secretHmac: world.secrets.digest(secret),
  });
  const projection = projectTime(facts, machine, "filed", calendar);
  const life: Life = {
    record: appending.after,
    projection,
    matter,
    fate,
    tardiness: late,
    chance,
    calendar,
    time: workingTime(calendar),
    steps: 0,
    target: undefined,
    beside: undefined,
    scanning: undefined,
    supplemented: false,
    sentBack: false,
    corrected: false,
    withdrawn: false,
    outgoing: undefined,
    updatedAt: now,
    told: undefined,
  };
  writeDown(world, life, appending, projection);
  if (channel === "online")
    for (const component of ownFiles(life, machine))
      must(world, life, ready, scanned(world, life, APPLICANT, component), now);
  if (fate.acceptAtOnce) must(world, life, ready, accepting(life, desk), now);
  return life;
}

/** Carries out what the rules cannot refuse. Throws with their reason when they do. */
export function must(world: World, life: Life, ready: ReadyMachine, step: Step, now: Date): void {
  if (!carryOut(world, life, ready, step, now)) throw new Error(refusalOf(world, life, ready, step, now));
}

function returned(chance: Chance): "counter" | "online" | "postal" {
  return chance.weighted({ counter: 45, online: 40, postal: 15 });
}

/** The first cases are the common ones. */
function likelyCase({ cases }: Declaration, chance: Chance): string {
  const at = Math.min(chance.below(cases.length), chance.below(cases.length));
  return cases[at]?.code ?? "";
}

/** All that is required, and now and then what is not. */
function receivedPapers(
  machine: MachineFacts,
  caseCode: string | null,
  channel: Filing["channel"],
  chance: Chance,
): Filing["received"] {
  const own = machine.papers.filter(
    (paper) =>
      (paper.case === undefined || paper.case === caseCode) &&
      (paper.channel === undefined || paper.channel === channel) &&
      (paper.required || chance.percent(20)),
  );
  const count = channel === "online" ? { originals: 0, copies: 1 } : { originals: 1, copies: 0 };
  return Object.fromEntries(own.map(({ code }) => [code, count]));
}

/** Which files the applicant sent along: all where the dossier is digitized whole, else one or none. */
function ownFiles(life: Life, machine: MachineFacts): string[] {
  const papers = papersToScan(life, machine);
  const { digitizedWhole } = life.fate;
  return papers.slice(
    0,
    digitizedWhole && papers.length <= 10
      ? papers.length
      : life.chance.below(Math.min(2, Math.max(1, papers.length))),
  );
}
