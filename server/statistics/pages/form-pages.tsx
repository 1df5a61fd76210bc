import { Router } from "express";
import { queryText } from "../../platform/http.ts";
import { deskOf } from "../../web/desk.ts";
import { sendPage } from "../../web/layout.tsx";
import { aggregateForm } from "../aggregates.ts";
import { FiguresDisagree } from "../columns.ts";
import { exportKind, sendTable } from "../exports/send-table.ts";
import { formA, lastDay } from "../form-06a.ts";
import { nightsStanding } from "../nights.ts";
import { overdueCauses } from "../overdue-causes.ts";
import { addressOf, askedOf, ownOf, reportingMonth, withinOf, type Asked, type Group } from "./asked.ts";
import { aboutOf, fieldsOf, lookOf, type Look, type StatisticsPagesDeps } from "./deps.ts";
import { AGGREGATE_TITLES, aggregateTable, causesTable, formATable, type LinkOf } from "./form-tables.ts";
import { Downloads, StatisticsFilter, StatisticsPage, type FilterProps } from "./frame.tsx";
import { exported, TableView, type ShownTable } from "./shown-table.tsx";
import { periodText } from "./words.ts";
import type { Request, Response } from "express";
import type { VNode } from "preact";

type Aggregate = keyof typeof AGGREGATE_TITLES;

/** The forms of circular 01/2020 over any period, unit, tier and field; every number opens its dossiers. */
export function formPages(deps: StatisticsPagesDeps): Router {
  const { db, agencies, clock } = deps;
  const router = Router();
  const look = (req: Request): Look =>
    lookOf(deps, deskOf(req), (sight, today) => askedOf(req, sight, reportingMonth(today)));

  /** Shows a table, or hands it out; figures that disagree are not shown at all, and said loudly. */
  const answer = async (
    req: Request,
    res: Response,
    title: string,
    at: Look,
    make: () => Promise<ShownTable>,
    filter: Omit<FilterProps, "asked" | "today" | "units" | "allName">,
  ) => {
    const kind = exportKind(queryText(req, "dang"));
    let table: ShownTable | undefined;
    let disagreeing: FiguresDisagree | undefined;
    try {
      table = await make();
    } catch (error) {
      if (!(error instanceof FiguresDisagree)) throw error;
      disagreeing = error;
    }
    if (kind !== undefined && table !== undefined) {
      await sendTable(res, kind, exported(table));
      return;
    }
    const nights = await nightsStanding(db, clock.now());
    const { asked, today, units, sight, unitName } = at;
    const address = addressOf(filter.path, asked, filter.kept ?? {});
    sendPage(
      res,
      disagreeing === undefined ? 200 : 500,
      <StatisticsPage desk={deskOf(req)} title={title} nights={nights}>
        <StatisticsFilter
          {...filter}
          asked={asked}
          today={today}
          units={units}
          allName={allName(sight.all, sight.name)}
        />
        {table === undefined ? (
          <Disagreement lines={disagreeing?.disagreeing ?? []} />
        ) : (
          <section class="card">
            <div class="stat-over">
              <p>
                <strong>{table.formNumber}</strong> · {unitName} · {periodText(asked, today)}
              </p>
              <Downloads address={address} what="biểu" />
            </div>
            <TableView
              table={table}
              caption={`${table.formNumber ?? title}, ${unitName}, ${periodText(asked, today)}`}
            />
            {(table.notes ?? []).map((note) => (
              <p class="hint">{note}</p>
            ))}
          </section>
        )}
      </StatisticsPage>,
    );
  };

  router.get("/thong-ke/ii06a", async (req, res) => {
    const at = look(req);
    const detailed = queryText(req, "chiTiet") === "1";
    const link: LinkOf = (column, more) => addressOf("/thong-ke/ho-so", at.asked, { ...more, cot: column });
    const make = async () => {
      const form = await formA(db, at.filter);
      return formATable(form, aboutOf(at, clock.now(), form.until), link, detailed);
    };
    await answer(req, res, "Biểu II.06a/VPCP/KSTT", at, make, {
      ...{ path: "/thong-ke/ii06a", fields: fieldsOf(deps) },
      ...(detailed ? { kept: { chiTiet: "1" } } : {}),
      children: (
        <p class="stat-detail">
          <a href={addressOf("/thong-ke/ii06a", at.asked, detailed ? {} : { chiTiet: "1" })}>
            {detailed ? "Gộp theo lĩnh vực" : "Từng thủ tục"}
          </a>
        </p>
      ),
    });
  });

  router.get("/thong-ke/tong-hop", async (req, res) => {
    const at = look(req);
    const wanted = queryText(req, "bieu") ?? "06b";
    const form: Aggregate = wanted in AGGREGATE_TITLES ? (wanted as Aggregate) : "06b";
    const group: Group | undefined = form === "06đ" ? undefined : form;
    const asked = { ...at.asked, group };
    // A department's line is that department alone; a district's are all that the form counts in it.
    const ofRow = (key: string): Asked =>
      form === "06đ"
        ? { ...asked, tier: key }
        : form === "06b"
          ? { ...asked, ...ownOf(key, agencies) }
          : withinOf(key, asked, at.sight, agencies);
    const make = async () => {
      const found = await aggregateForm(db, agencies, form, at.filter);
      const about = aboutOf(at, clock.now(), await lastDay(db, at.asked.to));
      return aggregateTable(form, found, about, {
        row: (column, { key }) => addressOf("/thong-ke/ho-so", ofRow(key), { cot: column }),
        total: (column, more) => addressOf("/thong-ke/ho-so", asked, { ...more, cot: column }),
      });
    };
    await answer(req, res, `Biểu II.${form}/VPCP/KSTT`, at, make, {
      ...{ path: "/thong-ke/tong-hop", kept: { bieu: form } },
      children: <Aggregates chosen={form} asked={at.asked} />,
    });
  });

  router.get("/thong-ke/qua-han", async (req, res) => {
    const at = look(req);
    const link: LinkOf = (column, more) => addressOf("/thong-ke/ho-so", at.asked, { ...more, cot: column });
    const make = async () =>
      causesTable(
        await overdueCauses(db, at.filter),
        aboutOf(at, clock.now(), await lastDay(db, at.asked.to)),
        link,
      );
    await answer(req, res, "Nguyên nhân quá hạn (II.07a, II.07b)", at, make, {
      ...{ path: "/thong-ke/qua-han", fields: fieldsOf(deps) },
    });
  });
  return router;
}

export function allName(all: boolean, name: string): string {
  return all ? "Toàn tỉnh" : `${name} và các đơn vị trực thuộc`;
}

function Aggregates({ chosen, asked }: { chosen: Aggregate; asked: Look["asked"] }): VNode {
  return (
    <ul class="stat-choices" aria-label="Biểu tổng hợp">
      {(Object.entries(AGGREGATE_TITLES) as [Aggregate, string][]).map(([form, name]) => (
        <li>
          <a
            href={addressOf("/thong-ke/tong-hop", asked, { bieu: form })}
            {...(form === chosen ? { "aria-current": "page" as const } : {})}
          >
            {`${form}: ${name}`}
          </a>
        </li>
      ))}
    </ul>
  );
}

function Disagreement({ lines }: { lines: readonly string[] }): VNode {
  return (
    <div class="notice late" role="alert">
      <p>
        <strong>
          Số liệu mâu thuẫn: số phải giải quyết không bằng số đã và đang giải quyết. Biểu không được hiển thị.
        </strong>
      </p>
      <p>Báo người quản trị chạy lại kiểm tra số liệu. Các dòng mâu thuẫn:</p>
      <ul class="plain-list">
        {lines.slice(0, 20).map((line) => (
          <li>{line}</li>
        ))}
      </ul>
    </div>
  );
}
