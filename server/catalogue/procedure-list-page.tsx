import type { VNode } from "preact";
import { TIERS, limitFor } from "../../workflows/declaration.ts";
import type { Declaration, Tier } from "../../workflows/declaration.ts";
import type { Desk } from "../web/desk.ts";
import { ProcedureFrame } from "./procedure-frame.tsx";
import { ONLINE_LEVELS, TIER_NAMES, limitInWords, nameOf } from "./procedure-words.ts";
import type { Referral } from "./referrals.ts";
import type { Agencies, Agency } from "./units.ts";

/** What was asked for, as it stands in the address. */
export interface Asked {
  q: string;
  field: string;
  level: Tier | "";
  agency: string;
  onlineLevel: Declaration["onlineLevel"] | "";
  page: number;
}

export interface ProcedureListProps {
  desk: Desk | undefined;
  owner: string;
  agencies: Agencies;
  asked: Asked;
  /** All fields with how many procedures each has. */
  fields: readonly { field: string; count: number }[];
  items: readonly Declaration[];
  total: number;
  pageSize: number;
  referral: Referral | undefined;
}

/** The procedures of the province, to search and to browse. Everything asked for stands in the address. */
export function ProcedureListPage(props: ProcedureListProps): VNode {
  const { desk, owner, asked, fields, items, total, pageSize, referral } = props;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const isPlain = addressOf({ ...asked, page: 1 }) === "/thu-tuc";
  return (
    <ProcedureFrame desk={desk} owner={owner} title="Thủ tục hành chính" heading="Thủ tục hành chính">
      <SearchForm {...props} />
      {referral !== undefined && <ReferralBox referral={referral} />}
      <section class="stack" aria-labelledby="ket-qua">
        <h2 id="ket-qua">{resultWords(asked, total, isPlain)}</h2>
        {items.length === 0 ? (
          <div class="card">
            <p>
              Không có thủ tục nào khớp. Hãy thử ít chữ hơn, bỏ bớt điều kiện lọc, hoặc{" "}
              <a href="/thu-tuc">xem tất cả thủ tục</a>.
            </p>
          </div>
        ) : (
          <ol class="procedure-list" start={(asked.page - 1) * pageSize + 1}>
            {items.map((declaration) => (
              <Item declaration={declaration} />
            ))}
          </ol>
        )}
        {pages > 1 && <Paging asked={asked} pages={pages} />}
      </section>
      {isPlain && asked.page === 1 && (
        <details class="card">
          <summary>Xem theo {fields.length} lĩnh vực</summary>
          <ul class="field-index">
            {fields.map(({ field, count }) => (
              <li>
                <a href={addressOf({ ...NOTHING, field })}>{field}</a>{" "}
                <span class="muted figures">{count}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {desk === undefined && (
        <p>
          Đã nộp hồ sơ? <a href="/tra-cuu">Tra cứu hồ sơ</a>
        </p>
      )}
    </ProcedureFrame>
  );
}

function resultWords(asked: Asked, total: number, isPlain: boolean): string {
  const count = String(total).replace(/\B(?=(\d{3})+$)/g, ".");
  if (isPlain) return `Tất cả ${count} thủ tục`;
  return asked.q === "" ? `${count} thủ tục` : `${count} thủ tục cho “${asked.q}”`;
}

function SearchForm({ asked, fields, agencies, desk }: ProcedureListProps): VNode {
  return (
    <form method="get" action="/thu-tuc" class="card procedure-search" role="search" aria-label="Tìm thủ tục">
      <div class="field search-words">
        <label for="q">Tìm thủ tục</label>
        <p class="hint" id="q-goi-y">
          Gõ có dấu hay không dấu đều được, ví dụ khai sinh, xay nha, 1.001193.
        </p>
        <input
          type="text"
          id="q"
          name="q"
          value={asked.q}
          maxLength={300}
          autocomplete="off"
          aria-describedby="q-goi-y"
          {...(desk === undefined ? {} : { "data-key": "/", "aria-keyshortcuts": "/" })}
        />
      </div>
      <div class="field">
        <label for="linh-vuc">Lĩnh vực</label>
        <select id="linh-vuc" name="linh-vuc">
          <option value="">Mọi lĩnh vực</option>
          {fields.map(({ field }) => (
            <option value={field} selected={field === asked.field}>
              {field}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="cap">Cấp thực hiện</label>
        <select id="cap" name="cap">
          <option value="">Mọi cấp</option>
          {TIERS.map((tier) => (
            <option value={tier} selected={tier === asked.level}>
              {TIER_NAMES[tier]}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="co-quan">Cơ quan giải quyết</label>
        <select id="co-quan" name="co-quan">
          <option value="">Mọi cơ quan</option>
          {GROUPS.map(([label, kinds]) => (
            <optgroup label={label}>
              {agencies.all
                .filter(({ kind, key }) => kinds.includes(kind) && (kind !== "department" || key !== null))
                .map(({ code, name }) => (
                  <option value={code} selected={code === asked.agency}>
                    {name}
                  </option>
                ))}
            </optgroup>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="muc-do">Dịch vụ công trực tuyến</label>
        <select id="muc-do" name="muc-do">
          <option value="">Mọi mức độ</option>
          {([4, 3, 2] as const).map((level) => (
            <option value={level} selected={level === asked.onlineLevel}>
              {ONLINE_LEVELS[level]}
            </option>
          ))}
        </select>
      </div>
      <div class="search-buttons">
        <button type="submit">Tìm</button>
        {addressOf({ ...asked, page: 1 }) !== "/thu-tuc" && <a href="/thu-tuc">Bỏ mọi điều kiện</a>}
      </div>
    </form>
  );
}

const GROUPS: [string, Agency["kind"][]][] = [
  ["Sở, ban, ngành", ["department"]],
  ["Huyện, thị xã, thành phố", ["district"]],
  ["Xã, phường, thị trấn", ["commune"]],
];

function ReferralBox({ referral }: { referral: Referral }): VNode {
  return (
    <section class="box" aria-labelledby="noi-khac">
      <h2 id="noi-khac">{referral.title}: thực hiện ở nơi khác</h2>
      <p>
        <strong>{referral.where}</strong>
      </p>
      <p>{referral.text}</p>
    </section>
  );
}

function Item({ declaration }: { declaration: Declaration }): VNode {
  const { code, field, levels, onlineLevel, applicability } = declaration;
  return (
    <li data-row="">
      <a class="procedure-name" href={`/thu-tuc/${code}`}>
        {nameOf(declaration)}
      </a>
      <p class="procedure-facts">
        <span class="figures">{code}</span>
        <span>{field}</span>
        <span>
          {TIERS.filter((tier) => levels.includes(tier))
            .map((tier) => TIER_NAMES[tier])
            .join(", ")}
        </span>
        <span>{sentence(limitInWords(limitFor(declaration, null, "counter")))}</span>
        <span class={`chip ${onlineLevel === 4 ? "done" : onlineLevel === 3 ? "" : "plain"}`}>
          {ONLINE_LEVELS[onlineLevel]}
        </span>
        {applicability === "no-local-case" && <span class="chip soon">Không phát sinh tại tỉnh</span>}
      </p>
    </li>
  );
}

function Paging({ asked, pages }: { asked: Asked; pages: number }): VNode {
  return (
    <nav class="paging" aria-label="Các trang kết quả">
      {asked.page > 1 && (
        <a class="button second" rel="prev" href={addressOf({ ...asked, page: asked.page - 1 })}>
          Trang trước
        </a>
      )}
      <span>
        Trang {asked.page} / {pages}
      </span>
      {asked.page < pages && (
        <a class="button second" rel="next" href={addressOf({ ...asked, page: asked.page + 1 })}>
          Trang sau
        </a>
      )}
    </nav>
  );
}

const NOTHING: Asked = { q: "", field: "", level: "", agency: "", onlineLevel: "", page: 1 };

/** The address that shows this; what is not asked for is not in it. */
function addressOf({ q, field, level, agency, onlineLevel, page }: Asked): string {
  const given = Object.entries({
    q,
    "linh-vuc": field,
    cap: level,
    "co-quan": agency,
    "muc-do": String(onlineLevel),
    trang: page > 1 ? String(page) : "",
  }).filter(([, value]) => value !== "");
  return given.length === 0 ? "/thu-tuc" : `/thu-tuc?${new URLSearchParams(given).toString()}`;
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
