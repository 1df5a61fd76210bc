import type { Correction, Declaration, LimitDeclaration } from "../../workflows/declaration.ts";
import { declareCharts } from "./charts.ts";
import { declarePapers } from "./documents.ts";
import { declareFees, feeNeedsReview } from "./fees.ts";
import { canonicalField } from "./fields.ts";
import { declareNames } from "./names.ts";
import { matterOf } from "./matter.ts";
import {
  applicabilityOf,
  channelConflictOf,
  districtDivisionOf,
  intakeAlsoOf,
  legalHintOf,
  levelConflictOf,
  possibleSuccessorOf,
} from "./reviews.ts";
import { declareResult } from "./results.ts";
import type { SourceRow } from "./source.ts";

/** The declaration of one procedure: the source's facts, and what the catalogue's rules add to them. */
export function declare(row: SourceRow): Declaration {
  const matter = matterOf(row);
  const names = declareNames(row);
  const papers = declarePapers(row);
  const field = canonicalField(row.field);
  const charts = declareCharts(row);
  const notes = [...(row.notes ?? [])];
  const corrections: Correction[] = [...names.corrections, ...papers.corrections];
  if (field !== row.field) corrections.push({ field: "field", rule: "F1", was: row.field });

  const channels = [...row.channels];
  const addCounter = row.onlineLevel === 2 && !channels.includes("counter");
  if (addCounter) {
    corrections.push({ field: "channels", rule: "O3", was: row.channels });
    channels.unshift("counter");
  }
  if (row.audience === null) {
    notes.push("audience-unknown");
    corrections.push({ field: "audience", rule: "A1", was: null });
  }
  const result = declareResult(row, names.displayName ?? row.name);
  if (result.title !== row.result && row.result !== null && row.resultPaper !== false) {
    corrections.push({
      field: "result/title",
      rule: result.title.startsWith("Văn bản giải quyết") ? "R2" : "R3+N3",
      was: row.result,
    });
  }
  const byNamedBoard =
    matter.name.includes("thuộc thẩm quyền của ban quản lý") && row.department === "BQLKCN";
  if (byNamedBoard) corrections.push({ field: "department", rule: "P1", was: null });

  const division = districtDivisionOf(row);
  const applicability = applicabilityOf(row);
  const intakeAlso = intakeAlsoOf(matter);
  const channelConflict = channelConflictOf(row);
  const levelConflict = levelConflictOf(row);
  const legalHint = legalHintOf(matter);
  const successor = possibleSuccessorOf(row.code);

  return {
    code: row.code,
    name: row.name,
    ...(names.displayName === undefined ? {} : { displayName: names.displayName }),
    ...(names.shortName === undefined ? {} : { shortName: names.shortName }),
    field,
    ...(field === row.field ? {} : { sourceField: row.field }),
    levels: [...row.levels],
    levelsFrom: row.levelsFrom,
    ...(row.levels.length > 1
      ? {
          levelsMean:
            Object.values(charts)[0]?.process === "f" ? ("chain" as const) : ("alternative" as const),
        }
      : {}),
    department: row.department,
    ...(row.department === null ? {} : { departmentFrom: byNamedBoard ? "name" : "field" }),
    ...(division === undefined ? {} : { districtDivision: division, districtDivisionFrom: "rule" as const }),
    audience: row.audience ?? [],
    channels,
    ...(addCounter ? { channelsFrom: "rule" as const } : {}),
    ...(channelConflict === undefined ? {} : { channelConflict }),
    onlineLevel: row.onlineLevel,
    onlineLevelFrom: row.onlineLevelFrom,
    nationalPortal: row.nationalPortal,
    nationalPortalFrom: "assigned",
    limits: limitsOf(row),
    limitFrom: row.limitFrom,
    ...(row.notes?.includes("limit-doubtful") ? { limitConfidence: "low" as const } : {}),
    ...(row.limit?.unit === "day" && row.limit.value <= 5 ? { limitReview: true as const } : {}),
    ...(legalHint === undefined ? {} : { legalHint }),
    cases: papers.cases,
    documents: papers.documents,
    documentsFrom: row.documents.length === 0 ? "none-listed" : "source",
    documentCodesFrom: "assigned",
    fees: declareFees(row),
    ...(feeNeedsReview(row) ? { feeReview: true as const } : {}),
    result,
    charts,
    ...(intakeAlso === undefined ? {} : { intakeAlso }),
    ...(applicability === undefined ? {} : { applicability }),
    ...(levelConflict === undefined ? {} : { levelConflict }),
    ...(successor === undefined ? {} : { possibleSuccessor: successor }),
    notes,
    corrections,
  };
}

function limitsOf(row: SourceRow): LimitDeclaration[] {
  return row.limit === null ? [] : [{ value: row.limit.value, unit: row.limit.unit }];
}
