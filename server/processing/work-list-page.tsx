import type { VNode } from "preact";
import type { Deps } from "../dossier/deps.ts";
import { STATUS_NAMES } from "../dossier/view.ts";
import { shortMoment } from "../forms/moments.ts";
import { Chip, dueWord } from "../web/chips.tsx";
import type { Tone } from "../web/chips.tsx";
import { DeskPage } from "../web/desk-page.tsx";
import { ROLE_NAMES } from "../web/desk.ts";
import type { Desk } from "../web/desk.ts";
import { ButtonLink, Form, Key } from "../web/form.tsx";
import { BulkBar } from "./bulk-pages.tsx";
import type { Load } from "./bulk.ts";
import { RISK_WORDS } from "./late-risk.ts";
import { apologyAddress } from "./prepared-apology.ts";
import { Filters } from "./work-list-filters.tsx";
import type { TypedFilters } from "./work-list-filters.tsx";
import type { ListPage, ListRow } from "./work-list.ts";
import { MOST_COUNTED } from "./unit-counts.ts";
import { ALL } from "./work-lists.ts";
import type { WorkList } from "./work-lists.ts";

/** A row with what the catalogue says of it. */
export interface ShownRow extends ListRow {
  procedure: string;
  step: string;
  holder: string;
}

export interface WorkListProps {
  desk: Desk;
  now: Date;
  list: WorkList;
  lists: readonly WorkList[];
  counts: Map<string, number>;
  typed: TypedFilters;
  rows: readonly ShownRow[];
  next: string | null;
  fields: readonly string[];
  colleagues: readonly Load[];
  /** What a form for many lacked, and the rows that were ticked in it. */
  missing: string | undefined;
  chosen: ReadonlySet<string>;
}

/** The work of a unit: its lists with their counts, and one of them. */
export function WorkListPage(props: WorkListProps): VNode {
  const { desk, list, lists, counts, typed, rows, next } = props;
  const receives = desk.roles.includes("frontdesk");
  const hands = desk.roles.includes("head") || desk.roles.includes("leader");
  return (
    <DeskPage
      desk={desk}
      title={`Hồ sơ: ${list.name.toLowerCase()}`}
      heading={list.name}
      scripts={["work-list.js"]}
      notice={props.missing === undefined ? undefined : { tone: "late", text: props.missing }}
      action={
        receives ? (
          <ButtonLink href="/tiep-nhan" kind="main">
            Tiếp nhận hồ sơ
          </ButtonLink>
        ) : hands ? (
          <ButtonLink href="/ho-so/ban-giao">Bàn giao khi vắng mặt</ButtonLink>
        ) : undefined
      }
    >
      <div class="work">
        <nav class="work-counts" aria-label="Danh sách công việc">
          <ul>
            {lists.map((one) => (
              <li>
                <a
                  href={`/ho-so?loc=${one.key}`}
                  {...(one.key === list.key ? { "aria-current": "page" as const } : {})}
                >
                  <span>{one.name}</span> <Count of={one} count={counts.get(one.key) ?? 0} />
                </a>
              </li>
            ))}
            <li>
              <a
                href={`/ho-so?loc=${ALL.key}`}
                {...(list.key === ALL.key ? { "aria-current": "page" as const } : {})}
              >
                <span>{ALL.name}</span>
              </a>
            </li>
            {receives && (
              <li>
                <a href="/ho-so/so-theo-doi">Sổ theo dõi hồ sơ</a>
              </li>
            )}
            {(desk.roles.includes("leader") || desk.roles.includes("clerk")) && (
              <>
                <li>
                  <a href="/ho-so/ky-so">Ký số</a>
                </li>
                <li>
                  <a href="/ho-so/so-van-ban">Sổ văn bản</a>
                </li>
              </>
            )}
          </ul>
        </nav>
        <div class="work-list">
          <Filters list={list} typed={typed} fields={props.fields} colleagues={props.colleagues} />
          {rows.length === 0 ? (
            <div class="card work-empty">
              <p>{typed.narrowed ? "Không có hồ sơ nào phù hợp với điều kiện tìm và lọc." : list.empty}</p>
              {typed.narrowed && (
                <p>
                  <a href={`/ho-so?loc=${list.key}`}>Bỏ điều kiện lọc</a>
                  {typed.q !== "" && list.key !== ALL.key && (
                    <>
                      {" · "}
                      <a href={`/ho-so?loc=${ALL.key}&q=${encodeURIComponent(typed.q)}`}>
                        Tìm “{typed.q}” trong tất cả hồ sơ
                      </a>
                    </>
                  )}
                </p>
              )}
            </div>
          ) : (
            <Form desk={desk} action="/ho-so/hang-loat" class="work-form">
              <input type="hidden" name="_ve" value={desk.path} />
              <BulkBar desk={desk} colleagues={props.colleagues} />
              <Rows {...props} />
              <p class="work-pages">
                {typed.after !== "" && <a href={typed.address("")}>« Trang đầu</a>}
                {next !== null && (
                  <a href={typed.address(next)} data-key="n" aria-keyshortcuts="n" rel="next">
                    Trang sau » <Key name="n" />
                  </a>
                )}
              </p>
              <p class="work-keys muted">
                <Key name="j" /> <Key name="k" /> xuống, lên · <Key name="Enter" /> mở · <Key name="x" /> chọn
                · <Key name="/" /> tìm
              </p>
            </Form>
          )}
        </div>
      </div>
    </DeskPage>
  );
}

function Count({ of, count }: { of: WorkList; count: number }): VNode {
  const late = of.key === "qua-han" && count > 0 ? " late" : "";
  const text =
    count > MOST_COUNTED ? `${MOST_COUNTED.toLocaleString("vi-VN")}+` : count.toLocaleString("vi-VN");
  return <span class={`work-count figures${late}`}>{text}</span>;
}

function Rows({ rows, now, list, chosen, desk }: WorkListProps): VNode {
  return (
    <table class="work-table">
      <caption class="hidden-label">{list.name}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="hidden-label">Chọn</span>
            <input type="checkbox" hidden data-all="" aria-label="Chọn tất cả hồ sơ của trang" />
          </th>
          <th scope="col">Mã hồ sơ</th>
          <th scope="col">Người nộp</th>
          <th scope="col">Thủ tục</th>
          <th scope="col">Bước và người giữ</th>
          <th scope="col">Thời hạn</th>
          <th scope="col">Cổng quốc gia</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr data-row="">
            <td class="work-tick">
              <label>
                <input
                  type="checkbox"
                  name="ma"
                  value={row.code}
                  checked={chosen.has(row.code)}
                  aria-label={`Chọn hồ sơ ${row.code}`}
                />
              </label>
            </td>
            <td class="work-code">
              <a href={`/ho-so/${row.code}`}>{row.code}</a>
            </td>
            <td class="work-who">{row.applicant}</td>
            <td class="work-what">
              <span class="two-lines" title={row.procedure}>
                {row.procedure}
              </span>
            </td>
            <td class="work-step">
              {row.step}
              <span class="second">{row.holder}</span>
            </td>
            <td class="work-due">
              <DueCell row={row} now={now} desk={desk} />
            </td>
            <td class="work-portal">
              <PortalMark portal={row.portal} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function DueCell({ row, now, desk }: { row: ShownRow; now: Date; desk: Desk }): VNode {
  const { tone, text } = urgencyWord(row, now);
  const moment = row.status === 9 ? row.lastDueAt : (row.dueAt ?? row.answerBy ?? row.lastDueAt);
  return (
    <>
      <Chip tone={tone} text={text} />
      {moment !== null && row.closedAt === null && (
        <time class="second" dateTime={moment.toISOString()}>
          {row.dueAt === null && row.answerBy !== null ? "trả lời trước " : ""}
          {shortMoment(moment)}
          {row.provisional ? " (dự kiến)" : ""}
        </time>
      )}
      {row.risk !== null && (
        <span class="second">
          <Chip tone="soon" text={RISK_WORDS[row.risk]} />
        </span>
      )}
      {row.risk !== null && row.promise !== null && desk.roles.includes("leader") && (
        <span class="second">
          <a href={apologyAddress(row, row.promise, now)}>Chuẩn bị phiếu xin lỗi</a>
        </span>
      )}
    </>
  );
}

/** The word of the chip; what is done waits for its applicant, what came in online for an answer. */
function urgencyWord(row: ShownRow, now: Date): { tone: Tone; text: string } {
  if (row.closedAt === null && row.status === 9) return { tone: "done", text: "Đã xong" };
  if (row.closedAt === null && row.receivedAt === null && row.answerBy !== null)
    return dueWord({ ...row, dueAt: row.answerBy, receivedAt: row.submittedAt }, now);
  return dueWord(row, now);
}

function PortalMark({ portal }: Pick<ListRow, "portal">): VNode {
  if (portal === "failed") return <Chip tone="late" text="Lỗi gửi" />;
  if (portal === "pending") return <Chip tone="plain" text="Đang chờ" />;
  return portal === "sent" ? <span class="work-sent">✓ Đã gửi</span> : <span class="muted">–</span>;
}

const BEFORE_AND_AFTER: Record<string, { step: string; role: string }> = {
  filed: { step: "Chờ tiếp nhận", role: "frontdesk" },
  accepted: { step: "Chờ số hóa", role: "frontdesk" },
  digitized: { step: "Chờ chuyển xử lý", role: "frontdesk" },
  done: { step: "Chờ trả kết quả", role: "frontdesk" },
};

/** The rows with the names of procedure, step and holder, as `agency` reads them. */
export async function shownRows(deps: Deps, page: ListPage, agency: string | null): Promise<ShownRow[]> {
  return Promise.all(
    page.rows.map(async (row) => {
      const { declaration } = await deps.catalogue.version(row.versionId);
      const procedure = declaration.shortName ?? declaration.displayName ?? declaration.name;
      if (row.closedAt !== null)
        return { ...row, procedure, step: STATUS_NAMES[row.status] ?? "", holder: "" };
      const declared = declaration.charts[row.tier]?.steps.find(({ state }) => state === row.workState);
      const { step, role } = BEFORE_AND_AFTER[row.workState] ?? {
        step: declared?.name ?? row.workState,
        role: declared?.role ?? "specialist",
      };
      const waits = row.status === 7;
      // Papers and money are awaited from the applicant; a withdrawal is answered by whoever has the dossier.
      if (row.status === 5 || row.status === 6)
        return { ...row, procedure, step: STATUS_NAMES[row.status] ?? "", holder: "Người nộp hồ sơ" };
      const unit = role === "frontdesk" ? row.intake : row.processing;
      const person = role === "specialist" ? row.assigneeName : null;
      const holder = person ?? ROLE_NAMES[role] ?? role;
      return {
        ...row,
        procedure,
        step: waits ? (STATUS_NAMES[row.status] ?? "") : step,
        holder: unit === agency ? holder : `${holder}, ${deps.agencies.name(unit)}`,
      };
    }),
  );
}
