import type { VNode } from "preact";
import { Chip } from "../web/chips.tsx";
import { DeskPage } from "../web/desk-page.tsx";
import type { Desk } from "../web/desk.ts";
import { Button, ErrorSummary, Form, Select } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import type { BulkResult, Load } from "./bulk.ts";

/** What can be done with the ticked rows of a list, by somebody with these roles. */
export function BulkBar({ desk, colleagues }: { desk: Desk; colleagues: readonly Load[] }): VNode {
  const has = (...roles: string[]) => roles.some((role) => desk.roles.includes(role));
  return (
    <div class="bulk-bar" role="group" aria-label="Làm với các hồ sơ đã chọn">
      <span class="bulk-chosen" data-chosen="">
        Với hồ sơ đã chọn:
      </span>
      {has("head", "leader") && (
        <span class="bulk-assign">
          <label class="hidden-label" for="giaoCho">
            Giao cho
          </label>
          <select id="giaoCho" name="giaoCho" class="govuk-select">
            <option value="">Giao cho…</option>
            {colleagues.filter(({ active }) => active).map(colleagueOption)}
          </select>
          <Act name="giao" text="Giao việc" />
        </span>
      )}
      {has("specialist") && <Act name="nhan" text="Nhận về tôi" />}
      {has("frontdesk", "clerk") && <Act name="chuyen" text="Chuyển bước tiếp" />}
      {has("frontdesk") && <Act name="in-receipt" text="In giấy tiếp nhận" />}
      <Act name="in-control" text="In phiếu kiểm soát" />
    </div>
  );
}

function Act({ name, text }: { name: string; text: string }): VNode {
  return (
    <button type="submit" class="second" name="viec" value={name}>
      {text}
    </button>
  );
}

const colleagueOption = ({ username, name, open }: Load) => (
  <option value={username}>{`${name} (đang có ${open})`}</option>
);

export interface BulkResultProps {
  desk: Desk;
  title: string;
  results: readonly BulkResult[];
  /** What was asked for, to be asked again for what failed. */
  again: Readonly<Record<string, string>>;
  /** The list it came from. */
  back: string;
  /** The address of the papers of what can be printed. */
  paper?: string | undefined;
}

/** What became of each of many dossiers; what failed can be tried again in one step. */
export function BulkResultPage({ desk, title, results, again, back, paper }: BulkResultProps): VNode {
  const failed = results.filter(({ done }) => !done);
  const done = results.length - failed.length;
  const text =
    results.length === 0
      ? "Không có hồ sơ nào."
      : failed.length === 0
        ? `Xong cả ${results.length} hồ sơ.`
        : `Xong ${done} trên ${results.length} hồ sơ; ${failed.length} hồ sơ chưa làm được.`;
  return (
    <DeskPage
      desk={desk}
      title={title}
      notice={{ tone: failed.length === 0 ? "done" : done === 0 ? "late" : "soon", text }}
    >
      <div class="buttons">
        {paper !== undefined && done > 0 && (
          <a class="govuk-button" href={paper} target="_blank" rel="noopener">
            {`Mở tệp in của ${done} hồ sơ (PDF)`}
          </a>
        )}
        {failed.length > 0 && (
          <Form desk={desk} action="/ho-so/hang-loat">
            <input type="hidden" name="_ve" value={back} />
            {Object.entries(again).map(([name, value]) => (
              <input type="hidden" name={name} value={value} />
            ))}
            {failed.map(({ code }) => (
              <input type="hidden" name="ma" value={code} />
            ))}
            <Button kind="second">{`Làm lại ${failed.length} hồ sơ chưa được`}</Button>
          </Form>
        )}
        <a href={back}>Về danh sách</a>
      </div>
      {results.length > 0 && (
        <div class="card">
          <table class="work-table bulk-results">
            <caption class="hidden-label">Kết quả từng hồ sơ</caption>
            <thead>
              <tr>
                <th scope="col">Mã hồ sơ</th>
                <th scope="col">Người nộp</th>
                <th scope="col">Kết quả</th>
              </tr>
            </thead>
            <tbody>
              {[...failed, ...results.filter((result) => result.done)].map((result) => (
                <tr data-row="">
                  <td class="work-code">
                    <a href={`/ho-so/${result.code}`}>{result.code}</a>
                  </td>
                  <td>{result.applicant}</td>
                  <td>
                    <Chip tone={result.done ? "done" : "late"} text={result.done ? "Xong" : "Chưa được"} />{" "}
                    {result.text}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </DeskPage>
  );
}

export interface HandOverProps {
  desk: Desk;
  loads: readonly Load[];
  from: string;
  to: string;
  errors?: FieldErrors;
}

/** An absent colleague's dossiers go to another in one step. */
export function HandOverPage({ desk, loads, from, to, errors = {} }: HandOverProps): VNode {
  const holding = loads.filter(({ open }) => open > 0);
  return (
    <DeskPage desk={desk} title="Bàn giao hồ sơ của người vắng mặt">
      <ErrorSummary errors={errors} />
      {holding.length === 0 ? (
        <div class="card">
          <p>Trong đơn vị chưa có ai đang thụ lý hồ sơ nào.</p>
          <p>
            <a href="/ho-so">Về danh sách hồ sơ</a>
          </p>
        </div>
      ) : (
        <div class="columns">
          <div class="card">
            <Form desk={desk} action="/ho-so/ban-giao">
              <Select
                name="tu"
                label="Người vắng mặt"
                value={from}
                empty="Chọn người đang giữ hồ sơ"
                error={errors.tu}
                choices={holding.map(({ username, name, open, active }) => ({
                  value: username,
                  label: `${name}${active ? "" : " (đã nghỉ)"} – ${open} hồ sơ`,
                }))}
              />
              <Select
                name="den"
                label="Giao lại cho"
                value={to}
                empty="Chọn chuyên viên nhận"
                error={errors.den}
                choices={loads
                  .filter(({ active }) => active)
                  .map(({ username, name, open }) => ({
                    value: username,
                    label: `${name} – đang có ${open} hồ sơ`,
                  }))}
              />
              <Button shortcut="Ctrl+Enter">Bàn giao tất cả</Button>
            </Form>
          </div>
          <div class="card">
            <h2>Việc này làm gì</h2>
            <p>
              Mọi hồ sơ đang mở mà người vắng mặt thụ lý ở đơn vị này được giao lại, mỗi hồ sơ ghi riêng vào
              lịch sử của nó. Hồ sơ đang chờ công dân, hoặc đang chờ duyệt, ký, đóng dấu thì chưa giao lại
              được ngay; trang kết quả nêu rõ từng hồ sơ và lý do.
            </p>
          </div>
        </div>
      )}
    </DeskPage>
  );
}
