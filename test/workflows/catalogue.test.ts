import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { after, before, describe, it } from "mocha";

import { decidingAgencies, chartTierOf, readAgencySeeds } from "../../server/catalogue/agencies.ts";
import {
  BadDeclarations,
  PROCEDURES_DIR,
  readDeclarations,
} from "../../server/catalogue/read-declarations.ts";
import { chartTiers } from "../../workflows/declaration.ts";
import type { ChartDeclaration, Declaration } from "../../workflows/declaration.ts";
import { stepStates } from "../../workflows/step-states.ts";

const agencies = readAgencySeeds();
let declarations: Declaration[];
let byCode: Map<string, Declaration>;
const get = (code: string) => byCode.get(code)!;
const charts = () => declarations.flatMap((one) => Object.values(one.charts));

before(() => {
  declarations = readDeclarations();
  byCode = new Map(declarations.map((one) => [one.code, one]));
});

describe("the province's figures", () => {
  it("are 1,851 procedures, each with a code of its own", () => {
    assert.equal(declarations.length, 1851);
    assert.equal(byCode.size, 1851);
  });

  it("are 395 at online level 2, 140 at 3, 1,316 at 4", () => {
    const at = (level: number) => declarations.filter(({ onlineLevel }) => onlineLevel === level).length;
    assert.deepEqual([at(2), at(3), at(4)], [395, 140, 1316]);
  });

  it("are 1,047 offered online at the national portal", () => {
    assert.equal(declarations.filter(({ nationalPortal }) => nationalPortal).length, 1047);
  });

  it("are 458 units with a code of their own, 354 of them assigned divisions", () => {
    const all = JSON.parse(
      readFileSync(new URL("../../seeds/agencies.json", import.meta.url), "utf8"),
    ) as unknown[];
    assert.equal(all.length, 458);
    assert.equal(agencies.size, 458);
    assert.equal([...agencies.values()].filter(({ assigned }) => assigned).length, 354);
  });
});

describe("the units", () => {
  it("stand under a unit that is there, all below the People's Committee of the province", () => {
    for (const { code, parent } of agencies.values()) {
      if (code === "000.00.00.H30") assert.equal(parent, null);
      else assert.ok(parent !== null && agencies.has(parent), `${code} under ${parent}`);
    }
  });

  it("are 20 of the province, 8 districts and 75 communes under a district", () => {
    const of = (kind: string) => [...agencies.values()].filter((agency) => agency.kind === kind);
    assert.equal(of("department").length + of("centre").length, 20);
    assert.equal(of("district").length, 8);
    assert.equal(of("commune").length, 75);
    assert.ok(of("commune").every(({ parent }) => agencies.get(parent!)?.kind === "district"));
  });
});

describe("a declaration", () => {
  it("lies in the folder of its field, under its code", () => {
    const fieldOf = new Map<string, string>();
    for (const folder of readdirSync(PROCEDURES_DIR)) {
      assert.match(folder, /^[a-z0-9-]+$/);
      for (const file of readdirSync(join(PROCEDURES_DIR, folder))) {
        const { field } = get(file.replace(".json", ""));
        assert.equal(fieldOf.get(folder) ?? field, field);
        fieldOf.set(folder, field);
      }
    }
    assert.equal(new Set(fieldOf.values()).size, fieldOf.size);
  });

  it("charges only a fixed fee, and lets the officer enter another", () => {
    for (const { code, fees } of declarations) {
      assert.ok(
        fees.some((fee) => fee.code === "other" && fee.amount === null),
        code,
      );
      for (const { kind, amount, name } of fees) {
        assert.equal(amount !== null, kind === "fixed", code);
        assert.doesNotMatch(name, /miễn phí/i);
      }
    }
    const kinds = (kind: string) => declarations.filter(({ fees }) => fees[0]?.kind === kind).length;
    assert.deepEqual(
      [kinds("fixed"), kinds("varies"), kinds("none-stated"), kinds("unknown")],
      [33, 207, 1059, 552],
    );
  });

  it("keeps the published name, and shows another where that one cannot be shown", () => {
    const shouting = get("1.012929");
    assert.equal(shouting.name, "THỦ TỤC THÀNH LẬP HỘI (CẤP TỈNH).");
    assert.equal(shouting.displayName, "Thủ tục thành lập hội (cấp tỉnh)");
    assert.ok(
      shouting.corrections.some(({ field, was }) => field === "displayName" && was === shouting.name),
    );
    assert.ok(
      declarations.every(
        ({ name, shortName }) => name === name.normalize("NFC") && (shortName?.length ?? 0) <= 120,
      ),
    );
  });

  it("never passes off a rule as a fact", () => {
    assert.deepEqual([get("1.001193").limitFrom, get("1.001193").limits[0]?.unit], ["rule", "same-day"]);
    assert.deepEqual([get("1.004873").limitConfidence, Boolean(get("1.004873").legalHint)], ["low", true]);
    for (const one of declarations)
      assert.equal(one.limits.length === 0, one.limitFrom === "unknown", one.code);
    assert.equal(declarations.filter(({ limitFrom }) => limitFrom === "unknown").length, 104);
  });

  it("knows the two procedures without a result paper from those of which it is not known", () => {
    const paper = (value: unknown) =>
      declarations.filter(({ result }) => result.paper === value).map(({ code }) => code);
    assert.deepEqual(paper(false), ["1.001147", "2.000609"]);
    assert.ok(paper("unknown").includes("1.000168") && paper("unknown").includes("2.001241"));
    assert.equal(new Set(declarations.map(({ result }) => result.code)).size, 1851);
  });
});

describe("the charts", () => {
  it("use each of the ten processes for at least two procedures", () => {
    for (const process of "abcdefghij") {
      const found = declarations.filter((one) =>
        Object.values(one.charts).some((chart) => chart.process === process),
      );
      assert.ok(found.length >= 2, `${process}: ${found.length}`);
    }
  });

  it("keep the sample procedures in their processes", () => {
    const samples: [string, string][] = [
      ["2.000815", "a"],
      ["1.001776", "b"],
      ["1.003702", "c"],
      ["1.000664", "d"],
      ["1.013225", "e"],
      ["2.000986", "f"],
      ["1.010803", "f"],
      ["1.012753", "g"],
      ["1.001029", "h"],
      ["2.002884", "i"],
      ["1.001147", "j"],
    ];
    for (const [code, process] of samples) {
      const [tier] = chartTiers(get(code));
      assert.equal(get(code).charts[tier!]?.process, process, code);
    }
  });

  it("share out exactly the whole limit", () => {
    for (const { steps } of charts()) {
      const common = steps.reduce((product, { share }) => product * BigInt(share.split("/")[1]!), 1n);
      const sum = steps.reduce((total, { share }) => {
        const [n, d] = share.split("/");
        return total + (BigInt(n!) * common) / BigInt(d!);
      }, 0n);
      assert.equal(sum, common);
    }
  });

  it("begin and end at the front desk that received the dossier", () => {
    for (const { steps } of charts()) {
      assert.deepEqual([steps[0]?.state, steps.at(-1)?.state], ["accepted", "done"]);
      assert.ok(
        [steps[0], steps.at(-1)].every((step) => step?.role === "frontdesk" && step.unit === "intake"),
      );
    }
  });

  it("run a chain of three tiers as well as of two", () => {
    const chart: Pick<ChartDeclaration, "process" | "chain"> = {
      process: "f",
      chain: ["intake", "superior", "deciding"],
    };
    const states = stepStates(chart, "province").map(({ state, role, unit }) => `${state} ${role} ${unit}`);
    assert.ok(states.includes("forwarding2 clerk superior"));
    assert.ok(states.includes("assigning3 head deciding"));
    assert.ok(!states.some((state) => state.startsWith("forwarding3")));
  });

  it("bring a commune's dossier back from its district for signature", () => {
    const steps = get("2.000986").charts.commune!.steps.map(({ state, unit }) => `${state} ${unit}`);
    assert.deepEqual(steps.slice(-4), [
      "forwarding2 superior",
      "signing deciding",
      "sealing deciding",
      "done intake",
    ]);
  });

  it("consult two to four departments, none of which decides, each for less than the limit", () => {
    for (const one of declarations) {
      for (const { process, consulted = [] } of Object.values(one.charts)) {
        if (process !== "e") continue;
        assert.ok(consulted.length >= 2 && consulted.length <= 4, one.code);
        for (const { agency, workingDays } of consulted) {
          assert.notEqual(agencies.get(agency)?.key, one.department, one.code);
          const [limit] = one.limits;
          if (limit?.unit === "working-day") assert.ok(workingDays < limit.value, one.code);
        }
      }
    }
  });
});

describe("who decides", () => {
  it("is the department, the 8 districts or the 75 communes, by the tiers of the charts", () => {
    const deciding = (code: string) => decidingAgencies(get(code), agencies.values());
    assert.deepEqual(deciding("1.000664"), ["000.00.06.H30"]);
    assert.equal(deciding("1.013225").length, 8);
    assert.equal(deciding("1.001193").length, 75);
    assert.deepEqual(deciding("1.010803"), ["000.00.12.H30"]);
    assert.equal(deciding("1.014199").length, 76);
  });

  it("says which chart a dossier follows", () => {
    const tier = (code: string, agency: string) => chartTierOf(get(code), agencies.get(agency)!);
    assert.equal(tier("1.014199", "000.00.12.H30"), "province");
    assert.equal(tier("1.014199", "000.15.32.H30"), "commune");
    assert.equal(tier("1.014199", "000.00.32.H30"), undefined);
    assert.equal(tier("1.001193", "000.00.20.H30"), undefined);
  });

  it("is somebody for every procedure", () => {
    assert.ok(declarations.every((one) => decidingAgencies(one, agencies.values()).length > 0));
  });
});

describe("bad declarations", () => {
  let dir: string;
  before(() => (dir = mkdtempSync(join(tmpdir(), "declarations-"))));
  after(() => rmSync(dir, { recursive: true }));

  /** Plants declarations in a folder of their own, each changed, and returns what reading them finds. */
  function findings(plants: Record<string, (one: Declaration) => unknown>): string[] {
    const root = mkdtempSync(join(dir, "plant-"));
    mkdirSync(join(root, "ho-tich"));
    for (const [code, change] of Object.entries(plants)) {
      const planted = change(structuredClone(get(code)));
      writeFileSync(
        join(root, "ho-tich", `${code}.json`),
        typeof planted === "string" ? planted : JSON.stringify(planted),
      );
    }
    try {
      readDeclarations(root);
    } catch (error) {
      assert.ok(error instanceof BadDeclarations);
      return error.findings.map(({ file, path, cause }) => `${file} ${path}: ${cause}`);
    }
    return [];
  }
  const chart = (one: Declaration) => Object.values(one.charts)[0]!;

  it("are none where nothing was changed", () => {
    assert.deepEqual(findings({ "1.001193": (one) => one }), []);
  });

  const plants: [what: string, change: (one: Declaration) => unknown, expected: RegExp][] = [
    [
      "an unknown property",
      (one) => ({ ...one, colour: "red" }),
      /1\.001193\.json : .*additional properties "colour"/,
    ],
    ["no JSON", () => "{", /1\.001193\.json : .*JSON/],
    [
      "an unknown channel",
      (one) => ({ ...one, channels: ["fax"] }),
      /\/channels\/0: .*counter, online, postal/,
    ],
    [
      "a limit of nothing",
      (one) => ({ ...one, limits: [{ value: 0, unit: "working-day" }] }),
      /\/limits\/0\/value: must be >= 1/,
    ],
    [
      "a paper of no case",
      (one) => ({ ...one, documents: [{ ...one.documents[0], case: "9" }] }),
      /\/documents\/0\/case: the case 9 is not declared/,
    ],
    [
      "a paper code twice",
      (one) => ({ ...one, documents: [one.documents[0], one.documents[0]] }),
      /\/documents\/1\/code: .*twice/,
    ],
    [
      "no fee of the officer's",
      (one) => ({ ...one, fees: one.fees.slice(0, 1) }),
      /\/fees: the fee "other" is missing/,
    ],
    [
      "a charge that is not fixed",
      (one) => ({ ...one, fees: [{ ...one.fees[0], amount: 5000 }, one.fees[1]] }),
      /\/fees\/0\/amount: must be null/,
    ],
    [
      "shares that do not add up",
      (one) => ((chart(one).steps[1]!.share = "1/7"), one),
      /\/charts\/commune\/steps: .*add up to 1/,
    ],
    [
      "a state of another process",
      (one) => ((chart(one).steps[1]!.state = "inspecting"), one),
      /\/charts\/commune\/steps\/1\/state: process a of tier commune has no state inspecting/,
    ],
    [
      "a step of another role",
      (one) => ((chart(one).steps[1]!.role = "clerk"), one),
      /\/charts\/commune\/steps\/1\/role: .*specialist/,
    ],
    [
      "a tier that is no level",
      (one) => ({ ...one, levels: ["district"] }),
      /\/charts\/commune: commune is none of the levels/,
    ],
    [
      "an unknown department",
      (one) => ({ ...one, department: "SKT" }),
      /\/department: no unit has the key SKT/,
    ],
    [
      "another code than its file",
      (one) => ({ ...one, code: "1.001194" }),
      /\/code: the file is not named 1\.001194\.json/,
    ],
  ];
  for (const [what, change, expected] of plants) {
    it(`${what}: file, path and cause are named`, () => {
      const found = findings({ "1.001193": change });
      assert.ok(
        found.some((finding) => expected.test(finding)),
        found.join("\n"),
      );
      assert.ok(found.every((finding) => finding.startsWith("ho-tich/1.001193.json")));
    });
  }

  it("are all reported together, and nothing is loaded", () => {
    const found = findings({
      "1.001193": (one) => ({ ...one, onlineLevel: 5 }),
      "1.000656": (one) => ({ ...one, channels: [] }),
      "1.000894": (one) => one,
    });
    assert.equal(
      found.filter((finding) => finding.startsWith("ho-tich/1.001193.json /onlineLevel")).length,
      1,
    );
    assert.equal(found.filter((finding) => finding.startsWith("ho-tich/1.000656.json /channels")).length, 1);
    assert.ok(!found.some((finding) => finding.includes("1.000894")));
  });

  it("are found in an empty folder, too", () => {
    assert.match(findings({}).join(), /no declaration/);
  });
});
