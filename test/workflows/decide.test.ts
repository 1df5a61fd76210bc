import assert from "node:assert/strict";

import { describe, it } from "mocha";

import { CalendarMissing } from "../../workflows/calendar.ts";
import type { ChartDeclaration, Declaration } from "../../workflows/declaration.ts";
import { readyMachine } from "../../workflows/decide.ts";
import { compileMachine } from "../../workflows/machine.ts";
import { PLACES } from "../../workflows/possible-requests.ts";
import type { ReadyMachine } from "../../workflows/standing.ts";
import { stepStates } from "../../workflows/step-states.ts";
import { verifyMachines } from "../../workflows/verify.ts";
import { SAMPLES, agencies, calendar, declarationOf, machineOf } from "./charts.ts";
import { inProcessing, invalidAt, onDesk, refusedBy } from "./desk.ts";
import type { OnDesk } from "./desk.ts";

const reason = "Lý do thử nghiệm.";
const sample = (process: keyof typeof SAMPLES) => machineOf(SAMPLES[process].code, SAMPLES[process].tier);

/** A machine of a sample, its declaration changed first. */
function changed(process: keyof typeof SAMPLES, change: (declaration: Declaration) => void): ReadyMachine {
  const { code, tier } = SAMPLES[process];
  const declaration = declarationOf(code);
  change(declaration);
  return readyMachine(compileMachine(declaration, tier));
}

const paper = (code: string, required: boolean, handling: "submit" | "present" = "submit") => ({
  code,
  title: `Giấy tờ ${code}`,
  originals: 1,
  copies: 0,
  required,
  handling,
});

const fixedFee = (code: string, dueAt: "intake" | "processing" | "return") => ({
  code,
  name: "Lệ phí thử",
  kind: "fixed" as const,
  amount: 8000,
  dueAt,
});

const pay = (feeCode: string, amount: number) => ({
  payload: { feeCode, amount, method: "cash", reference: "BL-1" },
});

describe("papers", () => {
  const ready = changed("b", (one) => {
    one.documents = [paper("01", true), paper("02", false), paper("03", true, "present")];
  });

  it("that are required must be received before acceptance", () => {
    const desk = onDesk(ready, { received: { "01": { originals: 1, copies: 0 } } });
    const { rule, message } = refusedBy(desk.refuses("frontdesk@intake", "ACCEPT"));
    assert.equal(rule, "papers-received");
    assert.match(message, /thành phần 03/);
    desk.does("frontdesk@intake", "REQUEST_SUPPLEMENT").does("citizen", "SUPPLEMENT");
    assert.equal(desk.status(), 1);
    assert.equal(desk.does("frontdesk@intake", "ACCEPT").status(), 2);
  });

  it("that were received must have a file or a stated reason, shown ones excepted", () => {
    const desk = onDesk(ready).does("frontdesk@intake", "ACCEPT");
    const missing = refusedBy(desk.refuses("frontdesk@intake", "DIGITIZE", { payload: {} }));
    assert.equal(missing.rule, "papers-digitized");
    assert.match(missing.message, /thành phần 01, 02/);
    desk.does("frontdesk@intake", "ADD_DOCUMENT", { payload: { component: "01" } });
    const notApplicable = [{ documentCode: "02", reason }];
    desk.does("frontdesk@intake", "DIGITIZE", { payload: { notApplicable } });
    assert.deepEqual([desk.status(), desk.work()], [2, "digitized"]);
  });

  it("that the procedure does not have cannot be exempted, asked for or added", () => {
    const desk = onDesk(ready).does("frontdesk@intake", "ACCEPT");
    const notApplicable = [{ documentCode: "99", reason }];
    assert.equal(
      invalidAt(desk.refuses("frontdesk@intake", "DIGITIZE", { payload: { notApplicable } })),
      "notApplicable.0",
    );
    assert.equal(
      invalidAt(
        desk.refuses("frontdesk@intake", "REQUEST_SUPPLEMENT", {
          payload: { reason, items: [{ documentCode: "99" }] },
        }),
      ),
      "items.0",
    );
    assert.equal(
      invalidAt(desk.refuses("frontdesk@intake", "ADD_DOCUMENT", { payload: { component: "99" } })),
      "component",
    );
  });
});

describe("fees", () => {
  it("due at intake hold up the way to the processing unit", () => {
    const ready = changed("b", (one) => one.fees.unshift(fixedFee("01", "intake")));
    const desk = onDesk(ready).does("frontdesk@intake", "ACCEPT").does("frontdesk@intake", "DIGITIZE");
    const on = { payload: { agency: PLACES.deciding } };
    assert.equal(refusedBy(desk.refuses("frontdesk@intake", "TRANSFER", on)).rule, "intake-fees-paid");
    assert.equal(invalidAt(desk.refuses("frontdesk@intake", "PAY", pay("01", 7999))), "amount");
    desk.does("frontdesk@intake", "PAY", pay("01", 8000));
    assert.equal(desk.status(), 2);
    assert.equal(refusedBy(desk.refuses("frontdesk@intake", "PAY", pay("01", 8000))).rule, "payable");
    assert.equal(desk.does("frontdesk@intake", "TRANSFER", on).status(), 4);
  });

  it("due at return block RETURN, not SEAL, and are paid in 9", () => {
    const ready = changed("b", (one) => one.fees.unshift(fixedFee("01", "return")));
    const desk = granted(inProcessing(ready));
    assert.equal(desk.status(), 9);
    assert.equal(refusedBy(desk.refuses("frontdesk@intake", "RETURN")).rule, "return-fees-paid");
    assert.equal(desk.does("frontdesk@intake", "PAY", pay("01", 8000)).status(), 9);
    assert.equal(desk.does("frontdesk@intake", "RETURN").status(), 10);
  });

  it("that are not fixed need an amount with its ground", () => {
    const desk = inProcessing(sample("b"));
    const payload = { feeCode: "other", amount: 30_000 };
    assert.equal(invalidAt(desk.refuses("specialist@processing", "REQUEST_PAYMENT", { payload })), "ground");
    desk.does("specialist@processing", "REQUEST_PAYMENT", { payload: { ...payload, ground: "Thông báo" } });
    assert.equal(desk.status(), 6);
    assert.equal(invalidAt(desk.refuses("frontdesk@intake", "PAY", pay("other", 1))), "amount");
    assert.equal(desk.does("frontdesk@intake", "PAY", pay("other", 30_000)).status(), 4);
  });

  it("asked for one after another are all paid before the dossier goes on", () => {
    const ready = changed("b", (one) => one.fees.unshift(fixedFee("01", "processing")));
    const desk = inProcessing(ready).does("specialist@processing", "REQUEST_PAYMENT");
    desk.does("frontdesk@intake", "REQUEST_PAYMENT", { payload: { feeCode: "01", amount: 8000 } });
    assert.equal(desk.does("frontdesk@intake", "PAY", pay("01", 8000)).status(), 6);
    assert.equal(desk.does("frontdesk@intake", "PAY", pay("other", 50_000)).status(), 4);
  });
});

/** Carries a dossier of one unit from examination to a sealed grant. */
function granted(desk: OnDesk): OnDesk {
  desk.does("specialist@processing", "DRAFT_RESULT").does("specialist@processing", "PROPOSE");
  if (desk.work() === "headApproving") desk.does("head@processing", "APPROVE");
  if (desk.work() === "approving") desk.does("leader@processing", "APPROVE");
  return desk.does("leader@processing", "SIGN").does("clerk@processing", "SEAL");
}

describe("supplements", () => {
  const items = [{ text: "Bản vẽ rõ hơn" }];
  it("after acceptance: one request, a second only with the leader's consent", () => {
    const desk = inProcessing(sample("c"));
    const first = { payload: { reason, items } };
    desk.does("specialist@processing", "REQUEST_SUPPLEMENT", first);
    assert.deepEqual([desk.status(), desk.facts().clock.pauses.length], [5, 1]);
    assert.equal(refusedBy(desk.refuses("specialist@processing", "REQUEST_SUPPLEMENT", first)).rule, "state");
    assert.equal(desk.does("citizen", "SUPPLEMENT").status(), 4);
    assert.notEqual(desk.facts().clock.pauses[0]?.to, null);
    const refused = refusedBy(desk.refuses("specialist@processing", "REQUEST_SUPPLEMENT", first));
    assert.equal(refused.rule, "leader-consents");
    assert.match(refused.message, /lãnh đạo/);
    const consent = (role: string) => ({
      payload: { reason, items, leaderConsent: { username: `${role}@${PLACES.deciding}`, reason } },
    });
    assert.equal(
      invalidAt(desk.refuses("specialist@processing", "REQUEST_SUPPLEMENT", consent("clerk"))),
      "leaderConsent.username",
    );
    desk.does("specialist@processing", "REQUEST_SUPPLEMENT", consent("leader"));
    assert.deepEqual([desk.status(), desk.facts().supplements], [5, 2]);
  });

  it("before acceptance neither count nor pause", () => {
    const desk = onDesk(sample("c"));
    for (const round of [1, 2]) {
      desk.does("frontdesk@intake", "REQUEST_SUPPLEMENT", { payload: { reason, items } });
      assert.equal(desk.status(), 5, `round ${round}`);
      assert.equal(desk.does("citizen", "SUPPLEMENT").status(), 1);
    }
    assert.deepEqual([desk.facts().supplements, desk.facts().clock.pauses], [0, []]);
  });

  it("asked for before acceptance may end in a refusal, one asked for later may not", () => {
    const before = onDesk(sample("c")).does("frontdesk@intake", "REQUEST_SUPPLEMENT");
    assert.deepEqual([before.does("frontdesk@intake", "REFUSE").status(), before.ended()], [3, true]);
    const after = inProcessing(sample("c")).does("specialist@processing", "REQUEST_SUPPLEMENT");
    assert.equal(refusedBy(after.refuses("frontdesk@intake", "REFUSE")).rule, "state");
  });
});

describe("withdrawal and stop", () => {
  it("are possible until the last approval, then no more", () => {
    const desk = inProcessing(sample("d"));
    desk.does("specialist@processing", "DRAFT_RESULT").does("specialist@processing", "PROPOSE");
    desk.does("head@processing", "APPROVE");
    assert.equal(desk.copy().does("citizen", "REQUEST_WITHDRAWAL").status(), 7);
    assert.equal(desk.copy().does("leader@processing", "STOP").status(), 8);
    desk.does("leader@processing", "APPROVE");
    for (const [who, type] of [
      ["citizen", "REQUEST_WITHDRAWAL"],
      ["leader@processing", "STOP"],
    ] as const)
      assert.equal(refusedBy(desk.refuses(who, type)).rule, "not-approved");
  });

  it("a sent-back draft reopens both", () => {
    const desk = inProcessing(sample("b"));
    desk.does("specialist@processing", "DRAFT_RESULT").does("specialist@processing", "PROPOSE");
    desk.does("leader@processing", "APPROVE").does("leader@processing", "SEND_BACK");
    assert.deepEqual([desk.work(), desk.facts().outcome], ["examining", null]);
    assert.equal(desk.does("leader@processing", "STOP").status(), 8);
  });

  it("STOP is not for a dossier that was never accepted", () => {
    assert.equal(refusedBy(onDesk(sample("b")).refuses("leader@deciding", "STOP")).rule, "accepted");
  });

  it("hold up everything else until the front desk confirms or the officer rejects", () => {
    const desk = inProcessing(sample("c")).does("citizen", "REQUEST_WITHDRAWAL");
    assert.equal(refusedBy(desk.refuses("specialist@processing", "DRAFT_RESULT")).rule, "clock-runs");
    assert.equal(refusedBy(desk.refuses("frontdesk@intake", "REJECT_WITHDRAWAL")).rule, "status-in");
    assert.equal(desk.copy().does("frontdesk@intake", "CONFIRM_WITHDRAWAL").status(), 8);
    assert.equal(desk.does("specialist@processing", "REJECT_WITHDRAWAL").status(), 4);
    assert.ok(desk.facts().clock.pauses.every(({ to }) => to !== null));
  });
});

describe("waits inside waits", () => {
  const ready = sample("e");
  const [first, second] = ready.config.meta.declared.consulted.map(({ agency }) => agency) as [
    string,
    string,
  ];
  const consulting = () =>
    inProcessing(ready).does("specialist@processing", "CONSULT", {
      payload: { agencies: [first, second], dueAt: "2026-03-10T17:00:00+07:00" },
    });

  it("a withdrawal during a supplement during a consultation leads back to where each came from", () => {
    const desk = consulting();
    const consultation = desk.state();
    desk.does("specialist@processing", "REQUEST_SUPPLEMENT");
    const supplement = desk.state();
    assert.equal(desk.does("citizen", "REQUEST_WITHDRAWAL").status(), 7);
    assert.equal(desk.does("specialist@processing", "REJECT_WITHDRAWAL").status(), 5);
    assert.deepEqual(desk.state(), supplement);
    assert.equal(desk.does("citizen", "SUPPLEMENT").status(), 4);
    assert.deepEqual(desk.state(), consultation);
  });

  it("a payment waits below a supplement below a withdrawal, and each ends in its turn", () => {
    const desk = consulting().does("specialist@processing", "REQUEST_PAYMENT");
    assert.equal(desk.status(), 6);
    assert.equal(desk.does("specialist@processing", "REQUEST_SUPPLEMENT").status(), 5);
    assert.equal(desk.does("frontdesk@intake", "REQUEST_WITHDRAWAL").status(), 7);
    assert.equal(refusedBy(desk.refuses("frontdesk@intake", "PAY")).rule, "not-withdrawing");
    assert.equal(desk.does("specialist@processing", "REJECT_WITHDRAWAL").status(), 5);
    assert.equal(desk.does("frontdesk@intake", "SUPPLEMENT").status(), 6);
    assert.equal(desk.does("frontdesk@intake", "PAY", pay("other", 50_000)).status(), 4);
    assert.equal(desk.work(), "consulting");
  });

  for (const [wait, open] of [
    ["supplement", (desk: OnDesk) => desk.does("specialist@processing", "REQUEST_SUPPLEMENT")],
    ["payment", (desk: OnDesk) => desk.does("specialist@processing", "REQUEST_PAYMENT")],
    ["withdrawal", (desk: OnDesk) => desk.does("citizen", "REQUEST_WITHDRAWAL")],
  ] as const)
    it(`answers of consulted agencies arrive during a ${wait}`, () => {
      const desk = open(consulting());
      const status = desk.status();
      desk.does(`specialist@${first}`, "ANSWER").does(`specialist@${second}`, "ANSWER");
      assert.deepEqual([desk.status(), desk.work()], [status, "drafting"]);
      assert.ok(desk.facts().consultations.every(({ state }) => state === "answered"));
    });

  it("a limit that passes during a wait is handled at its end", () => {
    const passed = { payload: { wait: "consultation", agency: first } };
    const desk = consulting().does("specialist@processing", "REQUEST_SUPPLEMENT");
    assert.equal(refusedBy(desk.refuses("worker", "LIMIT_PASSED", passed)).rule, "clock-runs");
    desk.does("citizen", "SUPPLEMENT").does("worker", "LIMIT_PASSED", passed);
    assert.equal(desk.work(), "consulting");
    assert.equal(desk.does(`specialist@${second}`, "ANSWER").work(), "drafting");
  });

  it("a limit does not pass before its time, and an agency not asked cannot answer", () => {
    const desk = inProcessing(ready).does("specialist@processing", "CONSULT", {
      payload: { agencies: [second] },
    });
    const early = { payload: { wait: "consultation", agency: second }, now: "2026-03-03T09:00:00+07:00" };
    assert.equal(refusedBy(desk.refuses("worker", "LIMIT_PASSED", early)).rule, "consultation-passed");
    assert.equal(refusedBy(desk.refuses(`specialist@${first}`, "ANSWER")).rule, "state");
    assert.equal(desk.does(`specialist@${second}`, "ANSWER").work(), "drafting");
    desk.does("specialist@processing", "CONSULT", { payload: { agencies: [first] } });
    assert.equal(desk.work(), "consulting");
  });

  it("only agencies that the chart names are consulted, and not in the past", () => {
    const desk = inProcessing(ready);
    const ask = (payload: Record<string, unknown>) =>
      invalidAt(desk.refuses("specialist@processing", "CONSULT", { payload }));
    assert.equal(ask({ agencies: [first, "000.00.99.H30"] }), "agencies.1");
    assert.equal(ask({ agencies: [first], dueAt: "2026-03-02T17:00:00+07:00" }), "dueAt");
    assert.equal(ask({ agencies: [] }), "agencies");
  });

  it("a consultation stops the clock only where the declaration cites its ground", () => {
    assert.deepEqual(consulting().facts().clock.pauses, []);
    const cited = changed("e", (one) => {
      one.charts[SAMPLES.e.tier]!.pausesFor = [{ wait: "consultation", ground: "Điều 1 (thử)" }];
    });
    const desk = inProcessing(cited).does("specialist@processing", "CONSULT", {
      payload: { agencies: [first] },
    });
    assert.deepEqual(
      desk.facts().clock.pauses.map(({ to, reason: why }) => [to, why]),
      [[null, "consultation"]],
    );
    desk.does(`specialist@${first}`, "ANSWER");
    assert.notEqual(desk.facts().clock.pauses[0]?.to, null);
  });
});

describe("extension and apology", () => {
  const due = "2026-04-10T17:00:00+07:00";
  const extend = (now: string, to = "2026-04-20T17:00:00+07:00") => ({
    payload: { dueAt: to, reason },
    now,
    dueAt: due,
  });

  it("an extension is possible at the latest on the working day before the due day", () => {
    const desk = inProcessing(sample("d"));
    const late = refusedBy(desk.refuses("leader@processing", "EXTEND", extend("2026-04-10T07:00:00+07:00")));
    assert.equal(late.rule, "extended-in-time");
    desk.does("leader@processing", "EXTEND", extend("2026-04-09T16:59:00+07:00"));
    assert.equal(desk.status(), 4);
  });

  it("once, to a later date", () => {
    const desk = inProcessing(sample("d"));
    const early = "2026-04-01T08:00:00+07:00";
    assert.equal(invalidAt(desk.refuses("leader@processing", "EXTEND", extend(early, due))), "dueAt");
    desk.does("leader@processing", "EXTEND", extend(early));
    assert.equal(refusedBy(desk.refuses("leader@processing", "EXTEND", extend(early))).rule, "not-extended");
    desk.does("leader@processing", "APOLOGISE", extend(early));
    assert.deepEqual([desk.facts().apologies, desk.facts().clock.extension?.at], [1, early]);
  });

  it("to a date that moves the due date, in a year that the calendar has, even a provisional one", () => {
    const desk = inProcessing(sample("d"));
    const early = "2026-04-01T08:00:00+07:00";
    const refused = (to: string) => invalidAt(desk.refuses("leader@processing", "EXTEND", extend(early, to)));
    assert.equal(refused("2026-04-10T23:00:00+07:00"), "dueAt");
    assert.equal(refused("2026-12-15T24:00:00+07:00"), "dueAt");
    for (const [type, now] of [
      ["EXTEND", early],
      ["APOLOGISE", "2026-04-10T07:00:00+07:00"],
    ] as const)
      for (const [to, year] of [
        ["2028-01-04T17:00:00+07:00", 2028],
        ["9999-12-31T17:00:00+07:00", 9999],
      ] as const)
        assert.throws(
          () => desk.does("leader@processing", type, extend(now, to)),
          (error) => error instanceof CalendarMissing && error.year === year,
        );
    desk.does("leader@processing", "EXTEND", extend(early, "2027-03-01T17:00:00+07:00"));
  });

  it("an apology waits until it is too late to extend; neither is possible in a pause or without a date", () => {
    const desk = inProcessing(sample("d"));
    const early = extend("2026-04-01T08:00:00+07:00");
    assert.equal(refusedBy(desk.refuses("leader@processing", "APOLOGISE", early)).rule, "too-late-to-extend");
    assert.equal(
      refusedBy(desk.refuses("leader@processing", "EXTEND", { ...early, dueAt: null })).rule,
      "has-due-date",
    );
    const waiting = desk.copy().does("specialist@processing", "REQUEST_SUPPLEMENT");
    assert.equal(refusedBy(waiting.refuses("leader@processing", "EXTEND", early)).rule, "clock-counts");
    desk.does("leader@processing", "APOLOGISE", extend("2026-04-10T07:00:00+07:00"));
  });
});

describe("a limit", () => {
  const limit = { value: 5, unit: "working-day", ground: "Quyết định thử" };
  it("is entered by the officer only where the procedure has none, and then may be corrected", () => {
    const known = onDesk(sample("b"));
    assert.equal(invalidAt(known.refuses("frontdesk@intake", "ACCEPT", { payload: { limit } })), "limit");
    const unknown = onDesk(sample("b"));
    const facts = unknown.facts();
    const desk = onDesk(sample("b"), { clock: { ...facts.clock, limit: null, limitFrom: "unknown" } });
    desk.does("frontdesk@intake", "ACCEPT", { payload: { limit } });
    assert.deepEqual(desk.facts().clock.limit, { value: 5, unit: "working-day" });
    desk.does("frontdesk@intake", "CORRECT", { payload: { limit: { ...limit, value: 7 }, reason } });
    assert.equal(desk.facts().clock.limit?.value, 7);
    assert.equal(
      invalidAt(known.refuses("frontdesk@intake", "CORRECT", { payload: { limit, reason } })),
      "limit",
    );
  });
});

describe("the end of the work", () => {
  it("SEAL only after SIGN, RETURN only in 9, nothing after an end", () => {
    const desk = inProcessing(sample("b"));
    desk.does("specialist@processing", "DRAFT_RESULT").does("specialist@processing", "PROPOSE");
    desk.does("leader@processing", "APPROVE");
    assert.equal(refusedBy(desk.refuses("clerk@processing", "SEAL")).rule, "state");
    assert.equal(refusedBy(desk.refuses("frontdesk@intake", "RETURN")).rule, "state");
    desk.does("leader@processing", "SIGN");
    assert.equal(refusedBy(desk.refuses("frontdesk@intake", "RETURN")).rule, "state");
    desk.does("clerk@processing", "SEAL");
    assert.deepEqual([desk.status(), desk.facts().signed, desk.facts().sealed], [9, true, true]);
    desk.does("frontdesk@intake", "RETURN");
    assert.deepEqual([desk.status(), desk.ended()], [10, true]);
    const after = refusedBy(desk.refuses("frontdesk@intake", "RETURN"));
    assert.deepEqual(after, {
      ok: false,
      kind: "refused",
      rule: "ended",
      message: "Hồ sơ đã kết thúc, không thay đổi được nữa.",
    });
    assert.deepEqual(desk.allowed("frontdesk@intake"), []);
  });

  it("no PROPOSE without a draft, neither to grant nor to deny", () => {
    const desk = inProcessing(sample("b"));
    for (const payload of [{ outcome: "grant" }, { outcome: "deny", reason }])
      assert.equal(
        refusedBy(desk.refuses("specialist@processing", "PROPOSE", { payload })).rule,
        "result-drafted",
      );
    desk.does("specialist@processing", "DRAFT_RESULT");
    assert.equal(
      invalidAt(desk.refuses("specialist@processing", "PROPOSE", { payload: { outcome: "deny" } })),
      "reason",
    );
  });

  for (const process of ["a", "b", "c", "d"] as const)
    it(`without a result paper (${process}) a grant is done without signature, a denial is sealed`, () => {
      const ready = changed(process, (one) => (one.result.paper = false));
      const approve = (desk: OnDesk) => {
        if (desk.work() === "headApproving") desk.does("head@processing", "APPROVE");
        if (desk.work() === "approving") desk.does("leader@processing", "APPROVE");
        return desk;
      };
      const desk = inProcessing(ready);
      const deny = { payload: { outcome: "deny", reason } };
      assert.equal(refusedBy(desk.refuses("specialist@processing", "PROPOSE", deny)).rule, "result-drafted");
      const grant = approve(desk.copy().does("specialist@processing", "PROPOSE"));
      assert.deepEqual([grant.work(), grant.facts().sealed], ["done", false]);
      assert.equal(grant.does("frontdesk@intake", "RETURN").status(), 10);
      const denial = approve(
        desk.does("specialist@processing", "DRAFT_RESULT").does("specialist@processing", "PROPOSE", deny),
      );
      assert.equal(denial.work(), "signing");
      denial.does("leader@processing", "SIGN").does("clerk@processing", "SEAL");
      assert.equal(denial.does("frontdesk@intake", "RETURN").status(), 10);
    });

  it("a notification is taken note of, and a denial of it sealed", () => {
    const desk = inProcessing(sample("j"));
    assert.equal(desk.copy().does("specialist@processing", "PROPOSE").status(), 9);
    const deny = { payload: { outcome: "deny", reason } };
    assert.match(
      refusedBy(desk.refuses("specialist@processing", "PROPOSE", deny)).message,
      /dự thảo văn bản từ chối/,
    );
    desk.does("specialist@processing", "DRAFT_RESULT").does("specialist@processing", "PROPOSE", deny);
    assert.equal(desk.work(), "approving");
  });
});

describe("process g", () => {
  it("waits for the financial duty with the clock stopped, and goes on when it is paid", () => {
    const desk = inProcessing(sample("g"));
    assert.equal(desk.work(), "determiningDuty");
    desk.does("specialist@processing", "DRAFT_RESULT");
    assert.match(refusedBy(desk.refuses("specialist@processing", "PROPOSE")).message, /nghĩa vụ tài chính/);
    desk.does("specialist@processing", "REQUEST_PAYMENT");
    assert.deepEqual([desk.status(), desk.facts().clock.pauses[0]?.reason], [6, "financial-duty"]);
    desk.does("frontdesk@intake", "PAY", pay("other", 50_000));
    assert.deepEqual([desk.status(), desk.work()], [4, "drafting"]);
    assert.notEqual(desk.facts().clock.pauses[0]?.to, null);
  });

  it("records an exemption as 0 đồng with its ground, and denies without a duty", () => {
    const desk = inProcessing(sample("g"));
    const exempt = { feeCode: "other", amount: 0, method: "cash", reference: "QĐ-1", ground: "Hộ nghèo" };
    assert.equal(desk.copy().does("frontdesk@intake", "PAY", { payload: exempt }).work(), "drafting");
    desk.does("specialist@processing", "DRAFT_RESULT");
    desk.does("specialist@processing", "PROPOSE", { payload: { outcome: "deny", reason } });
    assert.equal(desk.work(), "approving");
  });

  it("takes the duty during a supplement that came after its request", () => {
    const desk = inProcessing(sample("g")).does("specialist@processing", "REQUEST_PAYMENT");
    desk.does("specialist@processing", "REQUEST_SUPPLEMENT");
    desk.does("frontdesk@intake", "PAY", pay("other", 50_000));
    assert.deepEqual([desk.status(), desk.work()], [5, "drafting"]);
    assert.deepEqual(
      desk
        .facts()
        .clock.pauses.filter(({ to }) => to === null)
        .map(({ reason: why }) => why),
      ["supplement"],
    );
  });
});

describe("process h", () => {
  it("drafts nothing before the minutes are recorded", () => {
    const desk = inProcessing(sample("h"));
    assert.equal(refusedBy(desk.refuses("specialist@processing", "DRAFT_RESULT")).rule, "state");
    assert.equal(
      invalidAt(desk.refuses("specialist@processing", "RECORD_MINUTES", { payload: {} })),
      "finding",
    );
    desk.does("specialist@processing", "RECORD_MINUTES");
    assert.deepEqual([desk.work(), desk.facts().minutes], ["drafting", true]);
    assert.equal(granted(desk).status(), 9);
  });
});

describe("process i", () => {
  it("is signed by the chair and sealed by the Committee's clerk, in its unit", () => {
    const desk = inProcessing(sample("i"));
    desk.does("specialist@deciding", "DRAFT_RESULT").does("specialist@deciding", "PROPOSE");
    desk.does("head@deciding", "APPROVE").does("leader@deciding", "APPROVE");
    assert.equal(
      invalidAt(desk.refuses("clerk@deciding", "TRANSFER", { payload: { agency: PLACES.superior ?? "" } })),
      "agency",
    );
    desk.does("clerk@deciding", "TRANSFER", { payload: { agency: PLACES.chair } });
    assert.equal(desk.refuses("head@deciding", "APPROVE").kind, "not-allowed");
    const back = desk.copy().does("head@chair", "SEND_BACK");
    assert.deepEqual([back.work(), back.facts().places.processing], ["examining", PLACES.deciding]);
    desk.does("head@chair", "APPROVE").does("leader@chair", "SIGN");
    assert.equal(desk.refuses("clerk@deciding", "SEAL").kind, "not-allowed");
    assert.equal(desk.does("clerk@chair", "SEAL").does("frontdesk@intake", "RETURN").status(), 10);
  });
});

/** A chain of tiers built here, for the catalogue has none of three. */
function chainOf(chain: ChartDeclaration["chain"] & object): Declaration {
  const declaration = declarationOf(SAMPLES.f.code);
  declaration.levels = ["province", "district", "commune"];
  const chart: ChartDeclaration = { process: "f", processFrom: "test", chain, steps: [] };
  const steps = stepStates(chart, "province");
  chart.steps = steps.map((step) => ({ ...step, name: step.state, share: `1/${steps.length}` }));
  declaration.charts = { province: chart };
  return declaration;
}

describe("process f", () => {
  it("goes through three tiers, each examining and approving in its turn", () => {
    const declaration = chainOf(["intake", "superior", "deciding"]);
    const config = compileMachine(declaration, "province");
    const { findings } = verifyMachines([{ declaration, tier: "province", config }], { agencies, calendar });
    assert.deepEqual(findings, []);
    const desk = inProcessing(readyMachine(config));
    for (const [unit, next] of [
      ["intake", PLACES.superior],
      ["superior", PLACES.deciding],
    ] as const) {
      assert.equal(desk.facts().places.processing, PLACES[unit]);
      desk.does(`specialist@${unit}`, "DRAFT_RESULT").does(`specialist@${unit}`, "PROPOSE");
      desk.does(`leader@${unit}`, "APPROVE");
      desk.does(`clerk@${unit}`, "TRANSFER", { payload: { agency: next } });
      assert.equal(desk.facts().assignee, null);
      const back = desk.copy().does("leader@processing", "SEND_BACK");
      assert.equal(back.facts().places.processing, PLACES[unit]);
      desk.does("leader@processing", "ASSIGN");
    }
    desk.does("specialist@deciding", "PROPOSE").does("head@deciding", "APPROVE");
    desk.does("leader@deciding", "APPROVE").does("leader@deciding", "SIGN");
    assert.equal(desk.does("clerk@deciding", "SEAL").status(), 9);
  });

  it("comes back from the district to the commune that signs", () => {
    const desk = inProcessing(machineOf("2.000986", "commune"));
    desk.does("specialist@deciding", "DRAFT_RESULT").does("specialist@deciding", "PROPOSE");
    desk.does("leader@deciding", "APPROVE");
    desk.does("clerk@deciding", "TRANSFER", { payload: { agency: PLACES.superior } });
    desk.does("leader@superior", "ASSIGN").does("specialist@superior", "PROPOSE");
    desk.does("leader@superior", "APPROVE");
    assert.equal(refusedBy(desk.refuses("citizen", "REQUEST_WITHDRAWAL")).rule, "not-approved");
    desk.does("clerk@superior", "TRANSFER", { payload: { agency: PLACES.deciding } });
    assert.equal(desk.does("leader@deciding", "SIGN").does("clerk@deciding", "SEAL").status(), 9);
  });
});

describe("a declaration with states of its own", () => {
  const own = changed("b", (one) => {
    const chart = one.charts.commune!;
    const guard = (role: string, rules: unknown[] = []) => ({
      type: "allowed",
      params: { who: [{ role, unit: "processing" }], rules: [{ type: "clockRuns" }, ...rules] },
    });
    chart.states = {
      hearing: {
        meta: { status: 4, desk: "specialist" },
        on: { RECORD_MINUTES: [{ target: "voting", guard: guard("specialist") }] },
      },
      voting: {
        meta: { status: 4, desk: "leader" },
        on: {
          APPROVE: [{ target: "done", guard: guard("leader"), actions: [{ type: "finish" }] }],
          SEND_BACK: [{ target: "hearing", guard: guard("leader"), actions: [{ type: "sentBack" }] }],
        },
      },
    };
    const [first, last] = [chart.steps[0]!, chart.steps.at(-1)!];
    chart.steps = [
      first,
      { state: "hearing", name: "Họp lấy ý kiến", role: "specialist", unit: "processing", share: "1/2" },
      { state: "voting", name: "Biểu quyết", role: "leader", unit: "processing", share: "1/2" },
      last,
    ];
  });

  it("runs through them, with every wait beside them", () => {
    const desk = inProcessing(own);
    assert.equal(desk.work(), "hearing");
    desk.does("specialist@processing", "REQUEST_SUPPLEMENT");
    const refused = refusedBy(desk.refuses("specialist@processing", "RECORD_MINUTES"));
    assert.equal(refused.rule, "clock-runs");
    desk.does("citizen", "SUPPLEMENT").does("specialist@processing", "RECORD_MINUTES");
    assert.match(refusedBy(desk.refuses("specialist@processing", "RECORD_MINUTES")).message, /“Biểu quyết”/);
    assert.equal(desk.does("leader@processing", "APPROVE").does("frontdesk@intake", "RETURN").status(), 10);
  });
});

describe("a refusal", () => {
  it("names its rule, says it in Vietnamese, and the step where the dossier is", () => {
    const desk = inProcessing(sample("d"));
    const refused = refusedBy(desk.refuses("clerk@processing", "SEAL"));
    assert.deepEqual(refused, {
      ok: false,
      kind: "refused",
      rule: "state",
      message: `Không thực hiện được việc “Đóng dấu, phát hành” khi hồ sơ đang ở bước “${stepNamed("examining")}”.`,
    });
    assert.deepEqual(desk.allowed("clerk@processing"), []);
    assert.deepEqual(desk.allowed("specialist@processing"), [
      "REQUEST_SUPPLEMENT",
      "ASSIGN",
      "REQUEST_PAYMENT",
      "DRAFT_RESULT",
      "CORRECT",
    ]);
  });

  it("is 403 when it is never theirs, whatever the moment", () => {
    const desk = inProcessing(sample("d"));
    for (const who of ["clerk@processing", "leader@unit-another", "citizen", "worker"]) {
      const refused = desk.refuses(who, "APPROVE");
      assert.equal(refused.kind, "not-allowed");
      assert.match((refused as { message: string }).message, /không thuộc thẩm quyền/);
    }
    assert.equal(refusedBy(desk.refuses("leader@processing", "APPROVE")).rule, "state");
  });

  it("says who holds the dossier; heads and leaders may give it to another, colleagues may not take it", () => {
    const desk = inProcessing(sample("d"));
    const second = "specialist:second@processing";
    const held = refusedBy(desk.refuses(second, "DRAFT_RESULT"));
    assert.equal(held.rule, "holder");
    assert.match(held.message, new RegExp(`specialist@${PLACES.deciding} thụ lý`));
    assert.equal(refusedBy(desk.refuses(second, "ASSIGN")).rule, "may-take-over");
    assert.ok(!desk.allowed(second).includes("ASSIGN"));
    assert.ok(desk.allowed("head@processing").includes("ASSIGN"));
    const stranger = { payload: { assignee: `clerk@${PLACES.deciding}` } };
    assert.equal(invalidAt(desk.refuses("head@processing", "ASSIGN", stranger)), "assignee");
  });

  const stepNamed = (state: string) =>
    declarationOf(SAMPLES.d.code).charts.province!.steps.find((step) => step.state === state)!.name;
});
