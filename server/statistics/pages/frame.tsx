import type { ComponentChildren, VNode } from "preact";
import { TIER_NAMES } from "../aggregates.ts";
import type { NightsStanding } from "../nights.ts";
import { DeskPage, type Notice } from "../../web/desk-page.tsx";
import { pathOf, type Desk } from "../../web/desk.ts";
import type { Asked } from "./asked.ts";
import type { UnitChoice } from "./unit-choices.ts";
import { dayText, namedPeriods, type NamedPeriod } from "./words.ts";

const NIGHTS = "/thong-ke/dem";
const PAGES = [
  { href: "/thong-ke", name: "Tổng quan" },
  { href: "/thong-ke/ii06a", name: "Biểu II.06a" },
  { href: "/thong-ke/tong-hop", name: "Biểu tổng hợp 06b–06đ" },
  { href: "/thong-ke/qua-han", name: "Nguyên nhân quá hạn 07" },
  { href: "/thong-ke/chi-so-766", name: "Chỉ số 766" },
  { href: "/thong-ke/so-hoa", name: "Số hóa" },
  { href: NIGHTS, name: "Các đêm chốt số liệu" },
];

/** The sheet of the figures: what is wrong with them above all, then the ways to the others. */
export function StatisticsPage(props: {
  desk: Desk;
  title: string;
  nights: NightsStanding;
  notice?: Notice | undefined;
  action?: ComponentChildren;
  children: ComponentChildren;
}): VNode {
  const { desk, title, nights, children } = props;
  const here = pathOf(desk);
  return (
    <DeskPage desk={desk} title={title} notice={props.notice} action={props.action}>
      <NightWarning nights={nights} here={here} />
      <nav class="tabs" aria-label="Thống kê">
        <ul>
          {PAGES.map(({ href, name }) => (
            <li>
              <a href={href} {...(here === href ? { "aria-current": "page" as const } : {})}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </DeskPage>
  );
}

/** Loud where the figures are not those of this morning, or where the portal holds something else. */
export function NightWarning({ nights, here }: { nights: NightsStanding; here: string }): VNode | null {
  const { warning, failedUnits, leftOver, lastClosed } = nights;
  const units = new Set(failedUnits.map(({ unit }) => unit)).size;
  const lines = [
    ...(warning === "" ? [] : [warning]),
    ...(units === 0 ? [] : [`Có ${units} đơn vị chưa chốt được số liệu.`]),
    ...((leftOver ?? 0) === 0
      ? []
      : [
          `Sau lần đối soát gần nhất còn ${leftOver ?? 0} điểm khác nhau giữa hồ sơ và Cổng Dịch vụ công quốc gia; mục tiêu mỗi đêm là 0.`,
        ]),
    ...(lastClosed === null ? ["Chưa có đêm nào được chốt; các biểu còn trống."] : []),
  ];
  if (lines.length === 0) return null;
  return (
    <div class="notice late" role="alert">
      {lines.map((line) => (
        <p>
          <strong>{line}</strong>
        </p>
      ))}
      {here !== NIGHTS && (
        <p>
          <a href={NIGHTS}>Xem các đêm chốt số liệu</a>
        </p>
      )}
    </div>
  );
}

export interface FilterProps {
  path: string;
  asked: Asked;
  today: string;
  units: readonly UnitChoice[];
  /** What stands for all of them. */
  allName: string;
  fields?: readonly string[];
  tiers?: boolean;
  period?: boolean;
  /** Further parts of the address that stay. */
  kept?: Readonly<Record<string, string>>;
  children?: ComponentChildren;
}

/** Period, unit, tier and field: a plain form whose values land in the address. */
export function StatisticsFilter(props: FilterProps): VNode {
  const { path, asked, today, units, fields, allName, kept = {} } = props;
  const chosen = `${asked.from}_${asked.to}`;
  const periods = [...namedPeriods(today, "reporting"), ...namedPeriods(today, "calendar")];
  const isNamed = periods.some(({ from, to }) => `${from}_${to}` === chosen);
  return (
    <form class="work-filters stat-filter" method="get" action={path} aria-label="Chọn số liệu">
      {Object.entries(kept).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <div class="work-filter-line">
        {props.period !== false && (
          <div class="work-filter">
            <label for="ky">Kỳ báo cáo</label>
            <select id="ky" name="ky" class="govuk-select">
              {!isNamed && (
                <option value={chosen} selected>
                  {`${dayText(asked.from)} – ${dayText(asked.to)}`}
                </option>
              )}
              <Periods
                label="Kỳ báo cáo (từ ngày 15 đến ngày 14)"
                periods={namedPeriods(today, "reporting")}
                chosen={chosen}
              />
              <Periods label="Theo dương lịch" periods={namedPeriods(today, "calendar")} chosen={chosen} />
            </select>
          </div>
        )}
        {units.length > 1 && (
          <div class="work-filter wide">
            <label for="donVi">Đơn vị giải quyết</label>
            <select id="donVi" name="donVi" class="govuk-select">
              <option value="">{allName}</option>
              {[...new Set(units.map(({ group }) => group))].map((group) => (
                <optgroup label={group}>
                  {units
                    .filter((unit) => unit.group === group)
                    .map(({ code, name }) => (
                      <option value={code} selected={code === asked.unit}>
                        {name}
                      </option>
                    ))}
                </optgroup>
              ))}
            </select>
          </div>
        )}
        {props.tiers !== false && (
          <div class="work-filter">
            <label for="cap">Cấp</label>
            <select id="cap" name="cap" class="govuk-select">
              <option value="">Mọi cấp</option>
              {Object.entries(TIER_NAMES).map(([tier, name]) => (
                <option value={tier} selected={tier === asked.tier}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        )}
        {fields !== undefined && (
          <div class="work-filter">
            <label for="linhVuc">Lĩnh vực</label>
            <select id="linhVuc" name="linhVuc" class="govuk-select">
              <option value="">Mọi lĩnh vực</option>
              {fields.map((field) => (
                <option value={field} selected={field === asked.field}>
                  {field}
                </option>
              ))}
            </select>
          </div>
        )}
        {props.children}
        <button type="submit" class="second">
          Xem
        </button>
      </div>
      {props.period !== false && (
        <details>
          <summary>Chọn từ ngày, đến ngày</summary>
          <div class="work-filter-line">
            <Day name="tu" label="Từ ngày" />
            <Day name="den" label="Đến hết ngày" />
          </div>
        </details>
      )}
    </form>
  );
}

function Periods(props: { label: string; periods: readonly NamedPeriod[]; chosen: string }): VNode {
  const { label, periods, chosen } = props;
  return (
    <optgroup label={label}>
      {periods.map(({ name, from, to }) => (
        <option value={`${from}_${to}`} selected={`${from}_${to}` === chosen}>
          {`${name} (${dayText(from)} – ${dayText(to)})`}
        </option>
      ))}
    </optgroup>
  );
}

function Day({ name, label }: { name: string; label: string }): VNode {
  return (
    <div class="work-filter">
      <label for={name}>{label}</label>
      <input id={name} name={name} type="date" class="govuk-input" />
    </div>
  );
}

/** Where a table can be had as a file. `address` is the page's own, with its query. */
export function Downloads({ address, what = "bảng này" }: { address: string; what?: string }): VNode {
  const joined = (kind: string) => `${address}${address.includes("?") ? "&" : "?"}dang=${kind}`;
  return (
    <p class="stat-downloads">
      <span>Tải {what}: </span>
      <a href={joined("xlsx")} aria-label={`Tải ${what} dạng Excel`}>
        Excel
      </a>
      <a href={joined("csv")} aria-label={`Tải ${what} dạng CSV`}>
        CSV
      </a>
      <a href={joined("json")} aria-label={`Tải ${what} dạng JSON`}>
        JSON
      </a>
    </p>
  );
}

/** A chart that was drawn by us, with what it shows in words. */
export function ChartFigure({ svg, caption }: { svg: string; caption: string }): VNode {
  return (
    <figure class="stat-chart">
      <figcaption>{caption}</figcaption>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label={caption}
        dangerouslySetInnerHTML={{ __html: svg }}
      />
    </figure>
  );
}

/** The list behind a number: how many and whose, as a file, its rows, and the ways to its first and next page. */
export function BehindNumber(props: {
  what: string;
  about: string;
  /** The page's own, with its query. */
  address: string;
  first: string | undefined;
  next: string | undefined;
  children: ComponentChildren;
}): VNode {
  const { what, about, address, first, next, children } = props;
  return (
    <section class="card">
      <div class="stat-over">
        <p>
          <strong>{what}</strong> · {about}
        </p>
        <Downloads address={address} what="danh sách" />
      </div>
      {children}
      <p class="work-pages">
        {first !== undefined && <a href={first}>« Trang đầu</a>}
        {next !== undefined && (
          <a href={next} rel="next">
            Trang sau »
          </a>
        )}
      </p>
    </section>
  );
}
