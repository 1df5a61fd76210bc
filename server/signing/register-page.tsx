import type { VNode } from "preact";
import { shortMoment } from "../forms/moments.ts";
import { Chip } from "../web/chips.tsx";
import type { Tone } from "../web/chips.tsx";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import { ButtonLink } from "../web/form.tsx";
import { NUMBER_STATES } from "./read-register.ts";
import type { NumberState, RegisterEntry } from "./read-register.ts";
import { reasonInWords } from "./signing-words.ts";

const STATES: Record<NumberState, { tone: Tone; text: string }> = {
  reserved: { tone: "soon", text: "Đã giữ số" },
  issued: { tone: "done", text: "Đã phát hành" },
  cancelled: { tone: "plain", text: "Đã hủy" },
};

export interface RegisterPageProps {
  desk: Desk;
  year: number;
  years: readonly number[];
  state: NumberState | undefined;
  q: string;
  entries: readonly RegisterEntry[];
  isCut: boolean;
  procedureName: (code: string) => string;
}

/** A unit's register of outgoing documents: every number of a year, what it stands on, and why it was cancelled. */
export function RegisterPage(props: RegisterPageProps): VNode {
  const { desk, year, entries, isCut } = props;
  const issued = entries.filter(({ state }) => state === "issued").length;
  const cancelled = entries.filter(({ state }) => state === "cancelled").length;
  return (
    <DeskPage
      desk={desk}
      title={`Sổ văn bản năm ${year}`}
      action={<ButtonLink href="/ho-so/ky-so">Ký số</ButtonLink>}
    >
      <Filter {...props} />
      <section class="card register" aria-labelledby="cac-so">
        <p class="register-unit">
          Sổ văn bản năm {year} – {desk.unitName}
        </p>
        <h2 id="cac-so">
          {entries.length} số: {issued} đã phát hành, {entries.length - issued - cancelled} đang giữ,{" "}
          {cancelled} đã hủy
        </h2>
        <p class="muted buttons">In sổ: bấm Ctrl+P; chỉ bảng dưới đây được in, khổ A4 ngang.</p>
        {isCut && <p>Chỉ hiện những số đầu. Hãy tìm theo số, hồ sơ hoặc tên để thu hẹp.</p>}
        {entries.length === 0 ? (
          <p class="muted">Không có số nào phù hợp.</p>
        ) : (
          <div class="scroll" tabIndex={0} role="region" aria-label="Các số văn bản">
            <Entries {...props} />
          </div>
        )}
      </section>
    </DeskPage>
  );
}

function Filter({ year, years, state, q }: RegisterPageProps): VNode {
  const offered = years.includes(year) ? years : [year, ...years];
  return (
    <form method="get" action="/ho-so/so-van-ban" class="inline-search register-filter">
      <div class="field">
        <label for="nam">Năm</label>
        <select id="nam" name="nam" class="govuk-select">
          {offered.map((one) => (
            <option value={String(one)} selected={one === year}>
              {one}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="trang-thai">Trạng thái</label>
        <select id="trang-thai" name="trang-thai" class="govuk-select">
          <option value="">Tất cả</option>
          {NUMBER_STATES.map((one) => (
            <option value={one} selected={one === state}>
              {STATES[one].text}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label for="q">Số, mã hồ sơ hoặc tên</label>
        <input
          class="govuk-input"
          type="search"
          id="q"
          name="q"
          value={q}
          data-key="/"
          aria-keyshortcuts="/"
          autocomplete="off"
        />
      </div>
      <button type="submit" class="second">
        Xem
      </button>
    </form>
  );
}

function Entries({ entries, procedureName }: RegisterPageProps): VNode {
  return (
    <table class="govuk-table register-table">
      <thead>
        <tr>
          <th scope="col">Số</th>
          <th scope="col">Số, ký hiệu</th>
          <th scope="col">Hồ sơ</th>
          <th scope="col">Người được giải quyết</th>
          <th scope="col">Thủ tục</th>
          <th scope="col">Giữ số</th>
          <th scope="col">Phát hành, hủy</th>
          <th scope="col">Trạng thái</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr>
            <td class="figures">{entry.number}</td>
            <td class="figures">{entry.symbol}</td>
            <td>
              <a class="figures" href={`/ho-so/${entry.dossierCode}`}>
                {entry.dossierCode}
              </a>
            </td>
            <td>{entry.applicantName}</td>
            <td>{procedureName(entry.procedureCode)}</td>
            <td class="figures">{shortMoment(entry.reservedAt)}</td>
            <td class="figures">{entry.settledAt === null ? "" : shortMoment(entry.settledAt)}</td>
            <td>
              <Chip {...STATES[entry.state]} />
              {entry.reason !== null && <span class="muted"> {reasonInWords(entry.reason)}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
