import { WORKER } from "../../server/dossier/deps.ts";
import { standingOf } from "../../workflows/standing.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import { dayOf, yearOf } from "../../workflows/vietnam-time.ts";
import { act, askForSupplement, nextUnit, officer } from "./acts.ts";
import type { Life, Step } from "./life.ts";
import { momentOf } from "./world.ts";
import type { World } from "./world.ts";

/** The next step of a dossier at work (status 4), by the desk that it lies on. */
export function byDesk(world: World, life: Life, ready: ReadyMachine, now: Date): Step {
  const { record, fate } = life;
  const standing = standingOf(ready, record.state);
  if (record.workState === "consulting") return consultation(world, life, now);
  const desk = standing.metas.findLast((meta) => meta.desk !== undefined)?.desk;
  switch (desk) {
    case "specialist":
      return examination(world, life, ready);
    case "clerk":
      return standing.offers.has("SEAL")
        ? sealing(world, life, now)
        : act("TRANSFER", officer(world, life, "processing", "clerk"), { agency: nextUnit(life, ready) });
    case "head":
    case "leader": {
      const caller = officer(world, life, "processing", desk);
      if (record.workState.startsWith("assigning")) {
        const { username } = world.staff.pick(record.facts.places.processing, "specialist", life.chance);
        return act("ASSIGN", caller, { assignee: username });
      }
      if (standing.offers.has("SIGN")) return signing(world, life, now);
      if (fate.sentBack && !life.sentBack) {
        life.sentBack = true;
        return act("SEND_BACK", caller, { reason: "Dự thảo chưa nêu đủ căn cứ." });
      }
      return act("APPROVE", caller);
    }
    default:
      throw new Error(`${record.code} lies on no desk (${record.workState})`);
  }
}

/** Who was asked answers, or says nothing until the limit has passed. */
function consultation(world: World, life: Life, now: Date): Step {
  const waiting = life.record.facts.consultations.filter(({ state }) => state === "waiting");
  const passed = waiting.find(({ dueAt }) => Date.parse(dueAt) <= now.getTime());
  if (passed !== undefined)
    return act("LIMIT_PASSED", WORKER, { wait: "consultation", agency: passed.agency });
  const [asked] = waiting;
  if (asked === undefined) throw new Error(`${life.record.code} consults nobody`);
  return act("ANSWER", world.staff.pick(asked.agency, "specialist", life.chance), {
    opinion: "Thống nhất với đề nghị, không có ý kiến khác.",
  });
}

/** A specialist's desk: supplement, inspection, duty, consultation, draft, proposal. */
function examination(world: World, life: Life, ready: ReadyMachine): Step {
  const { record, fate, chance } = life;
  const { facts, workState } = record;
  const machine = ready.config.meta.declared;
  const caller = officer(world, life, "processing", "specialist");
  if (fate.supplement === "at work" && !life.supplemented) return askForSupplement(life, caller);
  if (workState === "inspecting")
    return act("RECORD_MINUTES", caller, { finding: "Đã kiểm tra thực tế: đủ điều kiện theo hồ sơ." });
  if (workState === "determiningDuty" && fate.outcome === "grant")
    return act("REQUEST_PAYMENT", caller, {
      feeCode: machine.fees.find(({ kind }) => kind === "other")?.code ?? "other",
      amount: (2 + chance.below(400)) * 50_000,
      ground: "Thông báo nộp tiền (thử nghiệm).",
    });
  const offers = standingOf(ready, record.state).offers;
  if (
    offers.has("CONSULT") &&
    fate.consults &&
    facts.consultations.length === 0 &&
    machine.consulted.length > 0
  )
    return act("CONSULT", caller, { agencies: machine.consulted.map(({ agency }) => agency) });
  const deny = fate.outcome === "deny";
  const draft = machine.process === "j" ? deny || fate.paper : machine.resultPaper || deny;
  if (draft && facts.draft === null)
    return act("DRAFT_RESULT", caller, {
      fields: { "Nội dung": "Giải quyết theo đề nghị của người nộp hồ sơ." },
    });
  return act(
    "PROPOSE",
    caller,
    deny ? { outcome: "deny", reason: "Không đủ điều kiện theo quy định." } : { outcome: "grant" },
  );
}

/** The leader signs: the paper takes the next number of his unit's register. */
function signing(world: World, life: Life, now: Date): Step {
  const { record, fate } = life;
  const agency = record.facts.places.processing;
  const unit = world.agencies.get(agency);
  if (unit === undefined) throw new Error(`no unit ${agency}`);
  const year = yearOf(dayOf(momentOf(now)));
  const { number, symbol } = world.numbers.outgoing(unit, year, fate.outcome);
  const at = new Date(now.getTime() - 900);
  life.outgoing = { agency, year, number, symbol, at, settledAt: null };
  const { sha256 } = world.drawer.signed;
  const step = act("SIGN", officer(world, life, "processing", "leader"));
  return {
    act: {
      ...step.act,
      publicData: { number: symbol, sha256 },
      facts: { result: { number: symbol, signed: sha256, sealed: null } },
    },
  };
}

/** The clerk seals: the paper is issued and becomes the dossier's result. */
function sealing(world: World, life: Life, now: Date): Step {
  const { result } = life.record.facts;
  if (result === null || life.outgoing === undefined)
    throw new Error(`${life.record.code} has nothing to seal`);
  life.outgoing.settledAt = now;
  const { sha256 } = world.drawer.sealed;
  const step = act("SEAL", officer(world, life, "processing", "clerk"));
  return {
    act: {
      ...step.act,
      publicData: { number: result.number, sha256 },
      facts: { result: { ...result, sealed: sha256 } },
    },
    paper: {
      component: "result",
      fileName: `Kết quả ${result.number.replaceAll("/", "-")}.pdf`,
      ...world.drawer.sealed,
    },
  };
}
