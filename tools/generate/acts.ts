import type { Act } from "../../server/dossier/advance.ts";
import type { Caller } from "../../server/dossier/deps.ts";
import type { Role } from "../../workflows/declaration.ts";
import type { EventType } from "../../workflows/events.ts";
import { transferUnits } from "../../workflows/standing.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import type { Life, Step } from "./life.ts";
import type { World } from "./world.ts";

/** An act without anything beside it. */
export function act(type: EventType, caller: Caller, payload: Act["payload"] = {}): Step {
  return { act: { type, caller, payload } };
}

/** Somebody of this role in a unit that the dossier names. */
export function officer(world: World, life: Life, unit: "intake" | "processing", role: Role): Caller {
  const { facts } = life.record;
  if (role === "specialist" && facts.assignee !== null) return world.staff.byName(facts.assignee);
  return world.staff.pick(facts.places[unit], role, life.chance);
}

/** A request for one or two papers of the procedure, or for something in words where it has none. */
export function askForSupplement(life: Life, caller: Caller): Step {
  life.supplemented = true;
  const { chance, record } = life;
  const papers = Object.keys(record.facts.received);
  const asked = chance.shuffled(papers).slice(0, 1 + chance.below(2));
  const items =
    asked.length === 0
      ? [{ text: "Giấy tờ chứng minh nơi cư trú." }]
      : asked.map((documentCode) => ({ documentCode, note: "Bản đã nộp không rõ." }));
  return act("REQUEST_SUPPLEMENT", caller, { reason: "Giấy tờ còn thiếu hoặc chưa hợp lệ.", items });
}

/** A scan of one paper, as a file that many dossiers share. */
export function scanned(world: World, life: Life, caller: Caller, component: string): Step {
  const paper = { component, ...life.chance.pick(world.drawer.scans) };
  return { act: { type: "ADD_DOCUMENT", caller, payload: { ...paper } }, paper };
}

/** Where TRANSFER leads from here. */
export function nextUnit(life: Life, ready: ReadyMachine): string {
  const [unit] = transferUnits(ready, life.record.state);
  const agency = unit === undefined ? null : life.record.facts.places[unit];
  if (agency === null) throw new Error(`${life.record.code} can be sent nowhere`);
  return agency;
}

/** What a front desk takes for one fee. */
export function paid(life: Life, caller: Caller, feeCode: string, amount: number): Step {
  const { chance, record } = life;
  const method = chance.weighted({ cash: 35, transfer: 35, online: record.channel === "online" ? 90 : 10 });
  const reference = `BL-${record.code.slice(-11)}-${record.headSeq + 1}`;
  return act("PAY", caller, { feeCode, amount, method, reference });
}

/** Acceptance; where the procedure has no limit, one is entered for some. */
export function accepting({ record, fate, chance }: Life, caller: Caller): Step {
  if (record.facts.clock.limit !== null || !fate.limitEntered) return act("ACCEPT", caller);
  const limit = {
    value: 3 + chance.below(13),
    unit: "working-day",
    ground: "Thời hạn theo quy chế thử nghiệm.",
  };
  return act("ACCEPT", caller, { limit });
}
