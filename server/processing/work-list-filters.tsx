import type { VNode } from "preact";
import { STATUS_NAMES } from "../dossier/view.ts";
import { Key } from "../web/form.tsx";
import type { Load } from "./bulk.ts";
import type { WorkList } from "./work-lists.ts";

/** The filters as they stand in the address. */
export interface TypedFilters {
  q: string;
  status: string;
  procedure: string;
  field: string;
  dueFrom: string;
  dueTo: string;
  assignee: string;
  order: string;
  after: string;
  /** Whether anything narrows the list. */
  narrowed: boolean;
  /** This list with these filters, after another end of page. */
  address: (after: string) => string;
}

const ORDERS: [value: string, name: string][] = [
  ["han", "Hạn gần nhất trước"],
  ["nop", "Mới nộp trước"],
  ["ma", "Theo mã hồ sơ"],
];

/** The search of a list and what narrows it: a plain form whose values land in the address. */
export function Filters(props: {
  list: WorkList;
  typed: TypedFilters;
  fields: readonly string[];
  colleagues: readonly Load[];
}): VNode {
  const { list, typed, fields, colleagues } = props;
  const further = [typed.procedure, typed.field, typed.dueFrom, typed.dueTo, typed.assignee];
  const isOpen = further.some((one) => one !== "");
  return (
    <form class="work-filters" method="get" action="/ho-so" role="search" aria-label="Tìm và lọc hồ sơ">
      <input type="hidden" name="loc" value={list.key} />
      <div class="work-filter-line">
        <div class="work-filter wide">
          <label for="q">
            Tìm <Key name="/" />
          </label>
          <input
            id="q"
            name="q"
            type="search"
            class="govuk-input"
            value={typed.q}
            autocomplete="off"
            spellcheck={false}
            maxLength={100}
            placeholder="Mã hồ sơ, họ tên, số điện thoại"
            data-key="/"
            aria-keyshortcuts="/"
          />
        </div>
        <Choice name="trangThai" label="Trạng thái" value={typed.status} empty="Mọi trạng thái">
          {Object.entries(STATUS_NAMES)}
        </Choice>
        <Choice name="sapXep" label="Sắp xếp" value={typed.order}>
          {ORDERS}
        </Choice>
        <button type="submit" class="second">
          Tìm
        </button>
      </div>
      <details open={isOpen}>
        <summary>Lọc thêm: thủ tục, lĩnh vực, thời hạn, người xử lý</summary>
        <div class="work-filter-line">
          <div class="work-filter wide">
            <label for="thuTuc">Thủ tục</label>
            <input
              id="thuTuc"
              name="thuTuc"
              class="govuk-input"
              value={typed.procedure}
              autocomplete="off"
              spellcheck={false}
              maxLength={100}
              placeholder="Mã hoặc tên thủ tục"
            />
          </div>
          <Choice name="linhVuc" label="Lĩnh vực" value={typed.field} empty="Mọi lĩnh vực">
            {fields.map((field): [string, string] => [field, field])}
          </Choice>
          <Day name="hanTu" label="Hạn từ ngày" value={typed.dueFrom} />
          <Day name="hanDen" label="đến hết ngày" value={typed.dueTo} />
          <Choice name="nguoiXuLy" label="Người thụ lý" value={typed.assignee} empty="Mọi người">
            {[
              ["chua-giao", "Chưa giao ai"],
              ...colleagues.map(({ username, name }): [string, string] => [username, name]),
            ]}
          </Choice>
        </div>
      </details>
    </form>
  );
}

function Choice(props: {
  name: string;
  label: string;
  value: string;
  empty?: string;
  children: [string, string][];
}): VNode {
  const { name, label, value, empty, children } = props;
  return (
    <div class="work-filter">
      <label for={name}>{label}</label>
      <select id={name} name={name} class="govuk-select">
        {empty !== undefined && <option value="">{empty}</option>}
        {children.map(([one, text]) => (
          <option value={one} selected={one === value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

function Day({ name, label, value }: { name: string; label: string; value: string }): VNode {
  return (
    <div class="work-filter">
      <label for={name}>{label}</label>
      <input id={name} name={name} type="date" class="govuk-input" value={value} />
    </div>
  );
}
