import { chartTiers, limitFor } from "../../workflows/declaration.ts";
import type { Declaration } from "../../workflows/declaration.ts";
import { decidingAgencies } from "./agencies.ts";
import { fullCode } from "./catalogue.ts";
import type { ProcedureVersion } from "./catalogue.ts";
import type { Agencies } from "./units.ts";

const CASE_FREE = null;

/** A procedure as a list shows it. */
export function procedureSummary({ code, version, declaration }: ProcedureVersion) {
  return {
    code,
    fullCode: fullCode(code),
    name: declaration.displayName ?? declaration.name,
    ...(declaration.shortName === undefined ? {} : { shortName: declaration.shortName }),
    version,
    field: declaration.field,
    levels: declaration.levels,
    channels: declaration.channels,
    onlineLevel: declaration.onlineLevel,
    nationalPortal: declaration.nationalPortal,
    limit: limitView(declaration),
    process: mainChart(declaration).process,
    ...(declaration.applicability === undefined ? {} : { applicability: declaration.applicability }),
  };
}

/** The whole declaration in the words of contract.md; what is not known says so. */
export function procedureView(procedure: ProcedureVersion, agencies: Agencies) {
  const { declaration } = procedure;
  const chart = mainChart(declaration);
  return {
    ...procedureSummary(procedure),
    officialName: declaration.name,
    levelsMean: declaration.levelsMean ?? null,
    department: declaration.department,
    agencies: decidingAgencies(declaration, agencies.all),
    audience: declaration.audience,
    limitFrom: declaration.limitFrom,
    ...(declaration.limitConfidence === undefined ? {} : { limitConfidence: declaration.limitConfidence }),
    ...(declaration.legalHint === undefined ? {} : { legalHint: declaration.legalHint }),
    cases: declaration.cases,
    documents: declaration.documents.map(({ code, title, originals, copies, required, ...rest }) => ({
      code,
      title,
      ...(rest.case === undefined ? {} : { case: rest.case }),
      originals,
      copies,
      required,
      handling: rest.handling,
      ...(rest.kind === undefined ? {} : { kind: rest.kind }),
      ...(rest.onlyChannel === undefined ? {} : { onlyChannel: rest.onlyChannel }),
      ...(rest.truncated === undefined ? {} : { truncated: rest.truncated }),
    })),
    fees: declaration.fees.map(({ code, name, kind, amount, dueAt, examples }) => ({
      code,
      name,
      kind,
      amount,
      dueAt,
      ...(examples === undefined ? {} : { examples }),
    })),
    process: chart.process,
    processFrom: chart.processFrom,
    steps: chart.steps.map(({ name, role, unit, share, state }) => ({ name, role, unit, share, state })),
    tiers: chartTiers(declaration),
    ...(chart.consulted === undefined ? {} : { consulted: chart.consulted }),
    pausesFor: ["supplement", "withdrawal", ...(chart.pausesFor ?? []).map(({ wait }) => wait)],
    result: declaration.result,
    notes: declaration.notes,
  };
}

/** The chart of the highest tier: the default where several decide. */
export function mainChart(declaration: Declaration) {
  const tier = chartTiers(declaration)[0];
  const chart = tier === undefined ? undefined : declaration.charts[tier];
  if (chart === undefined) throw new Error(`${declaration.code} has no chart`);
  return chart;
}

function limitView(declaration: Declaration) {
  const limit = limitFor(declaration, CASE_FREE, "counter");
  return limit === null ? null : { value: limit.value, unit: limit.unit, from: declaration.limitFrom };
}
