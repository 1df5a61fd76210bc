import assert from "node:assert/strict";

import { describe, it } from "mocha";

import { move } from "../../workflows/chart.ts";
import type { StateNode } from "../../workflows/chart.ts";
import { chartTiers } from "../../workflows/declaration.ts";
import { compileMachine } from "../../workflows/machine.ts";
import type { MachineConfig } from "../../workflows/machine.ts";
import { STATUS_CHANGES, findingLine, structureOf, verifyMachines } from "../../workflows/verify.ts";
import type { Fault, Subject } from "../../workflows/verify.ts";
import { agencies, calendar, declarationOf, declarations } from "./charts.ts";

const world = { agencies, calendar };

function subject(code: string): Subject {
  const declaration = declarationOf(code);
  const tier = chartTiers(declaration)[0]!;
  return { declaration, tier, config: structuredClone(compileMachine(declaration, tier)) };
}

const open = (config: MachineConfig) => config.states!.open!;
const region = (config: MachineConfig, name: string) => open(config).states![name]!;
const work = (config: MachineConfig) => region(config, "work").states!;

describe("the machines of the catalogue", () => {
  it("are 1,913 of 1,851 procedures, and none breaks a rule", function () {
    this.timeout(60_000);
    const subjects = declarations().flatMap((declaration) =>
      chartTiers(declaration).map((tier) => ({
        declaration,
        tier,
        config: compileMachine(declaration, tier),
      })),
    );
    const found = verifyMachines(subjects, world);
    assert.deepEqual(found.findings.map(findingLine), []);
    assert.deepEqual([found.procedures, found.machines], [1851, 1913]);
    assert.ok(found.structures >= 10 && found.structures < 60, `${found.structures} structures`);
    assert.ok(found.places > 10_000 && found.transitions > 50_000, `${found.places} ${found.transitions}`);
  });

  it("share an exploration only with those that behave alike", () => {
    const [one, other] = [subject("1.000028").config, subject("1.000664").config];
    assert.equal(structureOf(one), structureOf(other));
    work(other).signing!.on!.SIGN![0]!.guard.params.rules = [];
    assert.notEqual(structureOf(one), structureOf(other));
  });

  it("are judged by the changes of status that contract.md lists", () => {
    const count = Object.values(STATUS_CHANGES).reduce((sum, { length }) => sum + length, 0);
    assert.equal(count, 4 + 5 + 5 + 7 + 5 + 6 + 1);
    assert.deepEqual([STATUS_CHANGES[3], STATUS_CHANGES[8], STATUS_CHANGES[10]], [[], [], []]);
  });
});

interface Plant {
  fault: Fault;
  what: string;
  code: string;
  plant: (config: MachineConfig, subject: Subject) => void;
  expected: RegExp;
}

const pit: StateNode = { meta: { status: 4, desk: "leader", approved: true }, on: {} };

const PLANTS: Plant[] = [
  {
    fault: "unreachable",
    what: "a state that nothing leads to",
    code: "1.000664",
    plant: (config) => (work(config).waitingRoom = { meta: { status: 4, desk: "specialist" } }),
    expected: /state open\.work\.waitingRoom is never reached/,
  },
  {
    fault: "trap",
    what: "a state that nothing leads out of",
    code: "1.000664",
    plant: (config) => {
      work(config).pit = structuredClone(pit);
      work(config).approving!.on!.APPROVE![1]!.target = "pit";
    },
    expected: /no end can be reached from pit — after ACCEPT \(frontdesk\) › .* › APPROVE \(leader\)$/,
  },
  {
    fault: "trap",
    what: "a seal that asks for a signature never given",
    code: "1.000664",
    plant: (config) => (work(config).signing!.on!.SIGN![0]!.actions = []),
    expected: /no end can be reached from sealing — after .* › SIGN \(leader\)$/,
  },
  {
    fault: "step",
    what: "a dossier that is sent on and stays where it was",
    code: "1.010803",
    plant: (config) => (work(config).forwarding1!.on!.TRANSFER![0]!.actions = []),
    expected:
      /step assigning2 is for the unit deciding, but the dossier lies with unit-intake — after .* TRANSFER/,
  },
  {
    fault: "no-status",
    what: "a state without a portal status",
    code: "1.001776",
    plant: (config) => (work(config).examining!.meta = { desk: "specialist" }),
    expected: /state open\.work\.examining has no portal status/,
  },
  {
    fault: "status-change",
    what: "a status that may not follow",
    code: "1.001776",
    plant: (config) => (work(config).digitized!.on!.TRANSFER![0]!.target = "done"),
    expected: /status 2 \(digitized\) is followed by 9 \(done\) — after ACCEPT .* › TRANSFER \(frontdesk\)$/,
  },
  {
    fault: "wait-without-exit",
    what: "a withdrawal that nobody can confirm",
    code: "1.003702",
    plant: (config) => delete open(config).on!.CONFIRM_WITHDRAWAL,
    expected:
      /in filed \+ withdrawal \(status 7\) nobody can do CONFIRM_WITHDRAWAL frontdesk — after REQUEST_/,
  },
  {
    fault: "wait-without-exit",
    what: "a withdrawal that nobody can reject during processing",
    code: "1.003702",
    plant: (config) => region(config, "withdrawal").states!.requested!.on!.REJECT_WITHDRAWAL!.splice(1, 1),
    expected: /in assigning \+ withdrawal .* REJECT_WITHDRAWAL frontdesk or REJECT_WITHDRAWAL specialist/,
  },
  {
    fault: "wait-without-exit",
    what: "a supplement that the citizen cannot send",
    code: "1.003702",
    plant: (config) =>
      region(config, "supplement").states!.asked!.on!.SUPPLEMENT![0]!.guard.params.who.splice(1, 1),
    expected: /in filed \+ supplement \(status 5\) nobody can do SUPPLEMENT citizen/,
  },
  {
    fault: "wait-without-exit",
    what: "a payment that no leader can give up",
    code: "1.003702",
    plant: (config) => open(config).on!.STOP![0]!.guard.params.rules.push({ type: "clockRuns" }),
    expected: /in accepted \+ payment \(status 6\) nobody can do STOP leader/,
  },
  {
    fault: "wait-without-exit",
    what: "a silent agency without a limit",
    code: "1.013225",
    plant: (config) => delete work(config).consulting!.states!.agency2!.states!.waiting!.on!.LIMIT_PASSED,
    expected: /in consulting .*nobody can do LIMIT_PASSED 000\.\d\d\.\d\d\.H30 — after .*CONSULT/,
  },
  {
    fault: "nobody",
    what: "an event for a unit that such a dossier has not",
    code: "1.000664",
    plant: (config) =>
      work(config).signing!.on!.SIGN!.push(move("sealing", [{ role: "leader", unit: "superior" }], [])),
    expected: /SIGN in open\.work\.signing is for leader of superior: only a commune has a superior/,
  },
  {
    fault: "nobody",
    what: "an event for a role that may never do it",
    code: "1.000664",
    plant: (config) =>
      work(config).sealing!.on!.SEAL!.push(move("done", [{ role: "head", unit: "processing" }], [])),
    expected: /SEAL in open\.work\.sealing is for head, who may never do it/,
  },
  {
    fault: "nobody",
    what: "an agency that is no unit",
    code: "1.013225",
    plant: (config) =>
      (work(config).consulting!.states!.agency1!.states!.waiting!.on!.ANSWER![0]!.guard.params.who = [
        { role: "specialist", unit: "agency:000.00.99.H30" },
      ]),
    expected: /ANSWER in .* is for specialist of agency:000\.00\.99\.H30: there is no such unit/,
  },
  {
    fault: "paper",
    what: "a paper left out",
    code: "1.001193",
    plant: (config) => config.meta.declared.papers.splice(1, 1),
    expected: /paper 02 true submit\s+is missing in the machine/,
  },
  {
    fault: "fee",
    what: "another amount",
    code: "2.000815",
    plant: (config) => (config.meta.declared.fees[0]!.amount = 1),
    expected: /fee .* is missing in the machine/,
  },
  {
    fault: "step",
    what: "a state of the work without a step",
    code: "1.000664",
    plant: (config, { declaration, tier }) => {
      declaration.charts[tier]!.steps.splice(2, 1);
      config.meta.declared.steps.splice(2, 1);
    },
    expected: /step for state examining is missing/,
  },
  {
    fault: "step",
    what: "a step without a state",
    code: "1.000664",
    plant: (config, { declaration, tier }) => {
      declaration.charts[tier]!.steps[2]!.state = "inspecting";
      config.meta.declared.steps[2]!.state = "inspecting";
    },
    expected: /step inspecting has no state/,
  },
  {
    fault: "consulted",
    what: "an agency that is asked and cannot answer",
    code: "1.013225",
    plant: (config) => delete work(config).consulting!.states!.agency1,
    expected: /agency 000\.\d\d\.\d\d\.H30 cannot answer/,
  },
  {
    fault: "broken",
    what: "a rule that nobody wrote",
    code: "1.000664",
    plant: (config) =>
      work(config).signing!.on!.SIGN![0]!.guard.params.rules.push({ type: "moonIsFull" as never }),
    expected: /SIGN in open\.work\.signing names the unknown rule moonIsFull/,
  },
  {
    fault: "broken",
    what: "a target that is no state",
    code: "1.000664",
    plant: (config) => (work(config).signing!.on!.SIGN![0]!.target = "nowhere"),
    expected: /XState or decide\(\) cannot run it: .*nowhere/,
  },
];

describe("a planted fault is found, and the machine named", () => {
  for (const { fault, what, code, plant, expected } of PLANTS) {
    it(`${fault}: ${what}`, () => {
      const planted = subject(code);
      plant(planted.config, planted);
      const healthy = subject("1.000028");
      const { findings } = verifyMachines([healthy, planted], world);
      const lines = findings.filter((finding) => finding.fault === fault).map(findingLine);
      assert.ok(
        lines.some((line) => expected.test(line)),
        findings.map(findingLine).join("\n"),
      );
      assert.ok(findings.every(({ machine }) => machine.startsWith(`${code}-`)));
    });
  }
});
