import { CITIZEN } from "../../server/dossier/request.ts";
import type { MachineFacts } from "../../workflows/facts.ts";
import { standingOf } from "../../workflows/standing.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import { accepting, act, askForSupplement, nextUnit, officer, paid, scanned } from "./acts.ts";
import { byDesk } from "./desks.ts";
import type { Life, Step } from "./life.ts";
import type { World } from "./world.ts";

/**
 * The next step of the ordinary course, by whoever has the dossier on his desk; undefined where it has ended. The rules
 * are not asked here: what they refuse is a mistake of the course.
 */
export function ordinaryStep(world: World, life: Life, ready: ReadyMachine, now: Date): Step | undefined {
  const { status, workState } = life.record;
  switch (status) {
    case 1:
      return atIntake(world, life);
    case 2:
      return workState === "accepted" ? digitizing(world, life, ready) : transferring(world, life, ready);
    case 4:
      return byDesk(world, life, ready, now);
    case 5:
      return supplementing(world, life);
    case 6:
      return paying(world, life, ready.config.meta.declared);
    case 7:
      return answeringWithdrawal(world, life, ready);
    case 9:
      return handingOver(world, life, ready.config.meta.declared);
    default:
      return undefined;
  }
}

function atIntake(world: World, life: Life): Step {
  const { fate, chance } = life;
  const desk = officer(world, life, "intake", "frontdesk");
  if (fate.refused) return act("REFUSE", desk, { reason: chance.pick(REFUSALS) });
  if (fate.supplement === "at intake" && !life.supplemented) return askForSupplement(life, desk);
  return accepting(life, desk);
}

const REFUSALS = [
  "Hồ sơ không thuộc thẩm quyền giải quyết của đơn vị.",
  "Thành phần hồ sơ không hợp lệ.",
  "Người nộp không có quyền nộp hồ sơ này.",
];

function supplementing(world: World, life: Life): Step {
  const { record } = life;
  const codes = record.facts.supplement?.documentCodes ?? [];
  const documents = codes.map((code) => ({ code, copies: 1 }));
  const online = record.channel === "online";
  return act("SUPPLEMENT", online ? CITIZEN : officer(world, life, "intake", "frontdesk"), { documents });
}

/** Papers go through the scanner one by one; of those that do not is said why. */
function digitizing(world: World, life: Life, ready: ReadyMachine): Step {
  const desk = officer(world, life, "intake", "frontdesk");
  life.scanning ??= sortPapers(life, ready.config.meta.declared);
  const code = life.scanning.open.shift();
  if (code !== undefined) return scanned(world, life, desk, code);
  const { not } = life.scanning;
  return act(
    "DIGITIZE",
    desk,
    not.length === 0
      ? {}
      : { notApplicable: not.map((documentCode) => ({ documentCode, reason: "Không quét được tại quầy." })) },
  );
}

/** More papers than this are never all scanned. */
const MOST_SCANNED = 10;

function sortPapers(life: Life, machine: MachineFacts): { open: string[]; not: string[] } {
  const { fate, chance } = life;
  const papers = papersToScan(life, machine).filter((code) => !life.record.facts.files.includes(code));
  if (papers.length === 0) return { open: [], not: [] };
  const whole = fate.digitizedWhole && papers.length <= MOST_SCANNED;
  const count = whole ? papers.length : chance.below(Math.min(papers.length, 3));
  return { open: papers.slice(0, count), not: papers.slice(count) };
}

/** The papers that DIGITIZE asks for: kept by the office, and required or handed in. */
export function papersToScan({ record }: Life, machine: MachineFacts): string[] {
  return machine.papers
    .filter((paper) => paper.case === undefined || paper.case === record.case)
    .filter((paper) => paper.channel === undefined || paper.channel === record.channel)
    .filter((paper) => paper.handling === "submit" && paper.quantity === undefined)
    .filter((paper) => paper.required || record.facts.received[paper.code] !== undefined)
    .map(({ code }) => code);
}

function transferring(world: World, life: Life, ready: ReadyMachine): Step {
  const desk = officer(world, life, "intake", "frontdesk");
  const { record } = life;
  const due = ready.config.meta.declared.fees.find(
    ({ code, dueAt, kind, amount }) =>
      dueAt === "intake" &&
      kind === "fixed" &&
      (amount ?? 0) > 0 &&
      !record.facts.fees.some((fee) => fee.code === code),
  );
  if (due !== undefined) return paid(life, desk, due.code, due.amount ?? 0);
  return act("TRANSFER", desk, { agency: nextUnit(life, ready) });
}

function paying(world: World, life: Life, machine: MachineFacts): Step {
  const fee = life.record.facts.fees.find(({ state }) => state === "requested");
  if (fee === undefined) throw new Error(`${life.record.code} waits for no fee (${machine.procedure})`);
  return paid(life, officer(world, life, "intake", "frontdesk"), fee.code, fee.amount);
}

function answeringWithdrawal(world: World, life: Life, ready: ReadyMachine): Step {
  const desk = officer(world, life, "intake", "frontdesk");
  if (!life.fate.withdrawalRejected) return act("CONFIRM_WITHDRAWAL", desk);
  const atWork = standingOf(ready, life.record.state).workStatus === 4;
  const caller = atWork ? officer(world, life, "processing", "specialist") : desk;
  return act("REJECT_WITHDRAWAL", caller, {
    reason: "Hồ sơ đã có kết quả thẩm định, đề nghị chờ nhận kết quả.",
  });
}

function handingOver(world: World, life: Life, machine: MachineFacts): Step {
  const { record, chance } = life;
  const desk = officer(world, life, "intake", "frontdesk");
  const due = machine.fees.find(
    ({ code, dueAt, kind, amount }) =>
      dueAt === "return" &&
      kind === "fixed" &&
      (amount ?? 0) > 0 &&
      !record.facts.fees.some((fee) => fee.code === code),
  );
  if (due !== undefined) return paid(life, desk, due.code, due.amount ?? 0);
  const { name, identity } = chance.percent(90)
    ? record.people.applicant
    : (record.people.owner ?? record.people.applicant);
  return act("RETURN", desk, { recipient: { name, identity, method: record.returnMethod } });
}

/** Beside the ordinary course and before its next step: withdrawal, stop, correction. */
export function sideStep(world: World, life: Life, ready: ReadyMachine): Step | undefined {
  const { fate, steps, record, chance } = life;
  const isApproved = () => standingOf(ready, record.state).metas.some((meta) => meta.approved === true);
  if (fate.withdrawnAt !== undefined && steps >= fate.withdrawnAt && !life.withdrawn) {
    life.withdrawn = true;
    if ([1, 2, 4].includes(record.status) && !isApproved())
      return act(
        "REQUEST_WITHDRAWAL",
        record.channel === "online" ? CITIZEN : officer(world, life, "intake", "frontdesk"),
        { reason: "Không còn nhu cầu giải quyết." },
      );
  }
  if (fate.stoppedAt !== undefined && steps >= fate.stoppedAt && record.status === 4 && !isApproved())
    return act("STOP", officer(world, life, "processing", "leader"), {
      reason: "Có đơn khiếu nại về nội dung hồ sơ.",
    });
  if (fate.correctedAt !== undefined && steps >= fate.correctedAt && !life.corrected) {
    life.corrected = true;
    const before = record.people.applicant.phone;
    const after = `0900${String(chance.below(1_000_000)).padStart(6, "0")}`;
    const payload = {
      fields: [{ path: "applicant.phone", before, after }],
      reason: "Nhập nhầm số điện thoại.",
    };
    const people = { ...record.people, applicant: { ...record.people.applicant, phone: after } };
    return {
      act: {
        type: "CORRECT",
        caller: officer(world, life, "intake", "frontdesk"),
        payload,
        correct: () => ({ people, returnMethod: record.returnMethod }),
      },
    };
  }
  return undefined;
}
