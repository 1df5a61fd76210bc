import type { Knex } from "knex";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { CHAIR, type Agencies } from "../catalogue/units.ts";
import { dateInWords } from "../forms/moments.ts";
import type { Clock } from "../platform/clock.ts";
import { aggregateForm } from "./aggregates.ts";
import { AGGREGATES, type AskedFigures } from "./asked-figures.ts";
import { causesByUnit, type UnitCauses } from "./causes-by-unit.ts";
import type { ExportTable, TableRow } from "./exports/table.ts";
import { formA, lastDay } from "./form-06a.ts";
import { indexAnswer } from "./index-answer.ts";
import { indexTable } from "./index-table.ts";
import { overdueCauses } from "./overdue-causes.ts";
import { aggregateTable, causesTable, formATable, type About } from "./pages/form-tables.ts";
import { exported } from "./pages/shown-table.tsx";
import { periodText } from "./pages/words.ts";
import { dayOf } from "./vietnam-days.ts";

export interface FiguresTableDeps {
  db: Knex;
  agencies: Agencies;
  catalogue: Pick<Catalogue, "all">;
  clock: Clock;
}

/** The pages' tables link their numbers; a file does not. */
const unlinked = () => "";

/** The figures that `GET /statistics` answers, set as the form that is printed. Throws FiguresDisagree. */
export async function figuresTable(deps: FiguresTableDeps, asked: AskedFigures): Promise<ExportTable> {
  const { db, agencies } = deps;
  const { form, filter } = asked;
  const about = await aboutOf(deps, asked);
  if (form === "766") return indexTable(await indexAnswer(deps, filter), about);
  if (form === "II.07a" || form === "II.07b") {
    const causes = form === "II.07a" ? await overdueCauses(db, filter) : [];
    const table = exported(causesTable(causes, about, unlinked));
    const common = {
      fileName: `bieu-ii${form.slice(3)}-${about.from}-${about.to}`,
      formNumber: `Biểu số ${form}/VPCP/KSTT`,
    };
    if (form === "II.07a") return { ...table, ...common };
    return { ...table, ...common, ...byUnit(table, await causesByUnit(db, agencies, filter)) };
  }
  const aggregate = AGGREGATES[form];
  if (aggregate !== undefined) {
    const found = await aggregateForm(db, agencies, aggregate, filter);
    return exported(aggregateTable(aggregate, found, about, { row: unlinked, total: unlinked }));
  }
  return exported(formATable(await formA(db, filter), about, unlinked, false));
}

async function aboutOf(
  { db, agencies, clock }: FiguresTableDeps,
  { filter, agency }: AskedFigures,
): Promise<About & { from: string }> {
  const { from, to } = filter;
  const now = clock.now();
  const parent = agencies.get(agency)?.parent ?? CHAIR;
  return {
    ...{ from, to, until: await lastDay(db, to), unitName: agencies.name(agency) },
    parentName: agency === CHAIR ? "Văn phòng Chính phủ" : agencies.name(parent),
    period: `Kỳ báo cáo: ${periodText(filter, dayOf(now.getTime()))}`,
    madeOn: dateInWords(now).replace(/^n/, "N"),
  };
}

/** 07b has the columns of 07a: a line a unit, under it its causes. */
function byUnit(
  { columns }: ExportTable,
  units: readonly UnitCauses[],
): Pick<ExportTable, "columns" | "rows"> {
  const sum = (part: "handled" | "open") => units.reduce((total, unit) => total + unit[part], 0);
  const line = (
    number: string,
    { name, handled, open }: Omit<UnitCauses, "key" | "causes">,
    strong = false,
  ) => ({ cells: [number, name, handled, open], strong }) satisfies TableRow;
  return {
    columns: columns.map((column) =>
      column.name === "cause" ? { ...column, title: "Đơn vị, hồ sơ chờ gì khi quá hạn" } : column,
    ),
    rows: [
      line("", { name: "Tổng số", handled: sum("handled"), open: sum("open") }, true),
      ...units.flatMap((unit, at) => [
        line(String(at + 1), unit, true),
        ...unit.causes.map((cause, below) => line(`${at + 1}.${below + 1}`, cause)),
      ]),
    ],
  };
}
