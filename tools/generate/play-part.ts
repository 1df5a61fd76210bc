import type { Tier } from "../../workflows/declaration.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import { SECONDS_A_DAY } from "../../workflows/vietnam-time.ts";
import type { Moment } from "../../workflows/vietnam-time.ts";
import { works, workingTime } from "../../workflows/working-time.ts";
import { chanceFor, urnOf } from "./chance.ts";
import type { Chance, Urn } from "./chance.ts";
import { ordinaryStep, sideStep } from "./course.ts";
import { file, must } from "./filing.ts";
import type { Coming } from "./filing.ts";
import { openQueue } from "./heap.ts";
import { carryOut } from "./life.ts";
import type { Life } from "./life.ts";
import type { Matter } from "./matters.ts";
import type { Part } from "./parts.ts";
import { openPopulation } from "./people.ts";
import { promise, whenNext } from "./plan-step.ts";
import { counterMoment, onlineMoment } from "./seasons.ts";
import { settle } from "./settle.ts";
import type { Portion } from "./timetable.ts";
import { dateOf } from "./world.ts";
import type { World } from "./world.ts";

/** A part of the province being made, day by day. */
export interface PlayedPart {
  /** Makes one day: what is filed on it, and all that happens on it. */
  play(portion: Portion): Promise<void>;
  /** Writes down the dossiers that are still on their way. */
  finish(): Promise<void>;
}

type MachineOf = (matter: Matter) => ReadyMachine | Promise<ReadyMachine>;

/** Opens a part; the same seed makes it the same whatever other parts are made beside it. */
export function openPart(world: World, part: Part, index: number, machineOf: MachineOf): PlayedPart {
  const queue = openQueue<Life | Coming>();
  const population = openPopulation(index * 100_000_000 + (world.seed % 1000) * 100_000);
  const home = urnOf(part.homes, ({ weight }) => weight);
  const all = urnsOf(world, part, () => true);
  const online = urnsOf(world, part, (matter) => matter.online);
  const time = workingTime(world.calendarOf(part.district?.code ?? ""));

  function comingOn({ day, count, firstId }: Portion): [Moment, Coming][] {
    const chance = chanceFor(world.seed, part.name, day);
    const open = works(time, day);
    const drawn = Array.from({ length: count }, () => {
      const urns = open ? all : online;
      const matter = urns.matter[urns.tier.draw(chance)].draw(chance);
      const channel = channelOf(matter, open, chance);
      const drawMoment = () => (channel === "online" ? onlineMoment : counterMoment)(day, chance);
      let at = drawMoment();
      // The last day ends with the period.
      while (at > world.endAt) at = drawMoment();
      return { matter, channel, at };
    });
    return drawn
      .sort((a, b) => a.at - b.at)
      .map(({ matter, channel, at }, place) => [
        at,
        {
          ...{ id: firstId + place, matter, channel, home: home.draw(chance) },
          ...{ now: dateOf(at, chance.below(1000)), chance: chance.branch() },
        },
      ]);
  }

  function live(life: Life, ready: ReadyMachine, at: Moment): void {
    const now = dateOf(at, life.chance.below(1000));
    const { beside } = life;
    if (beside !== undefined && beside.at <= at) {
      life.beside = undefined;
      carryOut(world, life, ready, promise(world, life, beside, at), now);
    } else {
      const side = sideStep(world, life, ready);
      if (side !== undefined && carryOut(world, life, ready, side, now)) life.steps += 1;
      else {
        const step = ordinaryStep(world, life, ready, now);
        if (step === undefined) throw new Error(`${life.record.code} has ended and goes on`);
        must(world, life, ready, step, now);
        life.steps += 1;
      }
    }
    goOn(life, ready, at);
  }

  /** Puts the dossier's next step into the queue, or writes it down where there is none before the end. */
  function goOn(life: Life, ready: ReadyMachine, at: Moment): void {
    const next = whenNext(life, ready, at);
    if (next === undefined || next > world.endAt) settle(world, life, ready);
    else queue.put(next, life);
  }

  return {
    async play(portion) {
      for (const [at, coming] of comingOn(portion)) queue.put(at, coming);
      const until = Math.min((portion.day + 1) * SECONDS_A_DAY - 1, world.endAt);
      while (queue.first() <= until) {
        const at = queue.first();
        const item = queue.take();
        if (item === undefined) break;
        const machine = machineOf(item.matter);
        // Awaited only where the machine has to be fetched: most of them are at hand.
        const ready = machine instanceof Promise ? await machine : machine;
        if ("record" in item) live(item, ready, at);
        else goOn(file(world, population, ready, item), ready, at);
      }
    },
    async finish() {
      for (const item of queue.rest())
        if ("record" in item) settle(world, item, await machineOf(item.matter));
    },
  };
}

interface Urns {
  tier: Urn<Tier>;
  matter: Record<Tier, Urn<Matter>>;
}

function urnsOf(world: World, part: Part, wanted: (matter: Matter) => boolean): Urns {
  const tiers = Object.keys(part.tiers) as Tier[];
  const matter = Object.fromEntries(
    tiers.map((tier) => [tier, urnOf(world.matters[tier].filter(wanted), ({ weight }) => weight)]),
  ) as Record<Tier, Urn<Matter>>;
  return { tier: urnOf(tiers, (tier) => part.tiers[tier] ?? 0), matter };
}

function channelOf(matter: Matter, open: boolean, chance: Chance): Coming["channel"] {
  if (!open || matter.onlyOnline) return "online";
  if (matter.online && chance.percent(92)) return "online";
  return matter.version.declaration.channels.includes("postal") && chance.percent(3) ? "postal" : "counter";
}
