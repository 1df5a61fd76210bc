import { TIERS, limitFor } from "../../workflows/declaration.ts";
import type { ChartDeclaration, Declaration, Tier } from "../../workflows/declaration.ts";
import { stepStates } from "../../workflows/step-states.ts";
import type { AgencySeed } from "./agencies.ts";

/** What is wrong in a declaration, and where: a JSON pointer into it. */
export interface Finding {
  path: string;
  cause: string;
}

/**
 * Checks what the schema cannot say: codes are unique and those referred to exist, shares add up to 1, steps
 * name states of their process, units and departments are known. Returns all findings, none when it is good.
 */
export function checkDeclaration(
  declaration: Declaration,
  agencies: ReadonlyMap<string, AgencySeed>,
): Finding[] {
  return [
    ...checkDepartment(declaration, agencies),
    ...checkPapers(declaration),
    ...checkFees(declaration),
    ...TIERS.flatMap((tier) => checkTier(declaration, tier, agencies)),
  ];
}

function checkDepartment(
  { department, charts }: Declaration,
  agencies: ReadonlyMap<string, AgencySeed>,
): Finding[] {
  if (department === null) {
    return charts.province === undefined
      ? []
      : [{ path: "/department", cause: "a chart of tier province needs a department" }];
  }
  const known = [...agencies.values()].some(({ key }) => key === department);
  return known ? [] : [{ path: "/department", cause: `no unit has the key ${department}` }];
}

function checkPapers({ cases, documents, limits }: Declaration): Finding[] {
  const codes = new Set(cases.map(({ code }) => code));
  const papers = new Set(documents.map(({ code }) => code));
  const unknownCase = (path: string, code: string | undefined) =>
    code === undefined || codes.has(code) ? [] : [{ path, cause: `the case ${code} is not declared` }];
  return [
    ...twice(cases, "/cases"),
    ...twice(documents, "/documents"),
    ...documents.flatMap((document, n) => unknownCase(`/documents/${n}/case`, document.case)),
    ...documents.flatMap(({ sameAs }, n) =>
      sameAs === undefined || papers.has(sameAs)
        ? []
        : [{ path: `/documents/${n}/sameAs`, cause: `the paper ${sameAs} is not declared` }],
    ),
    ...limits.flatMap((limit, n) => unknownCase(`/limits/${n}/case`, limit.case)),
  ];
}

function checkFees({ fees }: Declaration): Finding[] {
  const other = fees.some(({ code, kind }) => code === "other" && kind === "other");
  return [
    ...twice(fees, "/fees"),
    ...(other ? [] : [{ path: "/fees", cause: 'the fee "other" is missing' }]),
  ];
}

function twice(items: { code: string }[], path: string): Finding[] {
  const seen = new Set<string>();
  return items.flatMap(({ code }, n) => {
    if (seen.has(code)) return [{ path: `${path}/${n}/code`, cause: `the code ${code} is there twice` }];
    seen.add(code);
    return [];
  });
}

function checkTier(
  declaration: Declaration,
  tier: Tier,
  agencies: ReadonlyMap<string, AgencySeed>,
): Finding[] {
  const chart = declaration.charts[tier];
  if (chart === undefined) return [];
  const path = `/charts/${tier}`;
  const findings = declaration.levels.includes(tier)
    ? []
    : [{ path, cause: `${tier} is none of the levels ${declaration.levels.join(", ")}` }];
  return [
    ...findings,
    ...checkProcess(chart, tier, path),
    ...checkSteps(chart, tier, path),
    ...checkConsulted(chart, declaration, path, agencies),
  ];
}

function checkProcess(chart: ChartDeclaration, tier: Tier, path: string): Finding[] {
  const findings: Finding[] = [];
  if ((chart.process === "f") !== (chart.chain !== undefined)) {
    findings.push({ path: `${path}/chain`, cause: "process f has a chain, and no other process has one" });
  }
  if ((chart.process === "e") !== (chart.consulted !== undefined)) {
    findings.push({
      path: `${path}/consulted`,
      cause: "process e consults agencies, and no other process does",
    });
  }
  if (chart.process === "i" && tier !== "province") {
    findings.push({ path: `${path}/process`, cause: "process i needs a provincial department" });
  }
  if (chart.process === "g" && !chart.pausesFor?.some(({ wait }) => wait === "financial-duty")) {
    findings.push({ path: `${path}/pausesFor`, cause: "process g waits for the financial duty" });
  }
  return findings;
}

function checkSteps(chart: ChartDeclaration, tier: Tier, path: string): Finding[] {
  const findings: Finding[] = [];
  const known = new Map(stepStates(chart, tier).map((step) => [step.state, step]));
  const own = chart.states ?? {};
  chart.steps.forEach((step, n) => {
    const state = known.get(step.state);
    if (state === undefined && !(step.state in own)) {
      findings.push({
        path: `${path}/steps/${n}/state`,
        cause: `process ${chart.process} of tier ${tier} has no state ${step.state}`,
      });
    } else if (state !== undefined && chart.states === undefined && state.role !== step.role) {
      findings.push({
        path: `${path}/steps/${n}/role`,
        cause: `${step.state} is a step of the ${state.role}`,
      });
    }
  });
  if (!addUpToOne(chart.steps.map(({ share }) => share))) {
    findings.push({ path: `${path}/steps`, cause: "the shares of the limit do not add up to 1" });
  }
  return findings;
}

/** Exact: fractions are added as whole numbers, n/d + m/e = (n·e + m·d)/(d·e). */
function addUpToOne(shares: string[]): boolean {
  let [sum, over] = [0n, 1n];
  for (const share of shares) {
    const [n = "0", d = "1"] = share.split("/");
    [sum, over] = [sum * BigInt(d) + BigInt(n) * over, over * BigInt(d)];
  }
  return sum === over;
}

function checkConsulted(
  chart: ChartDeclaration,
  declaration: Declaration,
  path: string,
  agencies: ReadonlyMap<string, AgencySeed>,
): Finding[] {
  const limit = limitFor(declaration, null, "counter");
  return (chart.consulted ?? []).flatMap(({ agency, workingDays }, n) => {
    const at = `${path}/consulted/${n}`;
    const unit = agencies.get(agency);
    if (unit === undefined) return [{ path: `${at}/agency`, cause: `there is no unit ${agency}` }];
    if (unit.key !== undefined && unit.key === declaration.department) {
      return [{ path: `${at}/agency`, cause: `${unit.name} decides and is not consulted` }];
    }
    if (limit?.unit === "working-day" && workingDays >= limit.value) {
      return [
        { path: `${at}/workingDays`, cause: `not shorter than the limit of ${limit.value} working days` },
      ];
    }
    return [];
  });
}
