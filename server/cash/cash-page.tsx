import type { VNode } from "preact";
import { dong, shortMoment } from "../forms/moments.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import { ButtonLink } from "../web/form.tsx";
import { sumOf, totalsBy } from "./payments.ts";
import type { Payment, Total } from "./payments.ts";

export const METHODS: Record<Payment["method"], string> = {
  cash: "Tiền mặt",
  transfer: "Chuyển khoản",
  online: "Trực tuyến",
};

/** "2026-11-23" → "23/11/2026". */
export const dayInFigures = (day: string) => day.split("-").reverse().join("/");

/** What the unit took on a day; `all` is everybody's, `officer` narrows what is shown. */
export function CashPage(props: {
  desk: Desk;
  day: string;
  officer: string | undefined;
  all: readonly Payment[];
}): VNode {
  const { desk, day, officer, all } = props;
  const shown = officer === undefined ? all : all.filter((payment) => payment.officer === officer);
  const officers = new Map([
    [desk.username, desk.name],
    ...all.map((payment): [string, string] => [payment.officer, payment.officerName]),
  ]);
  const closing = officer ?? desk.username;
  const address = new URLSearchParams({ ngay: day, "can-bo": closing }).toString();
  return (
    <DeskPage
      desk={desk}
      title={`Thu phí, lệ phí ngày ${dayInFigures(day)}`}
      action={
        <ButtonLink kind="main" href={`/thu-phi/chot?${address}`} shortcut="Alt+i">
          Phiếu chốt ca của {officers.get(closing) ?? closing}
        </ButtonLink>
      }
    >
      <form method="get" action="/thu-phi" class="inline-search">
        <div class="field">
          <label for="ngay">Ngày</label>
          <input type="date" id="ngay" name="ngay" value={day} data-key="/" aria-keyshortcuts="/" />
        </div>
        <div class="field">
          <label for="can-bo">Cán bộ</label>
          <select id="can-bo" name="can-bo" class="govuk-select">
            <option value="">Cả đơn vị</option>
            {[...officers].map(([username, name]) => (
              <option value={username} selected={username === officer}>
                {name} ({username})
              </option>
            ))}
          </select>
        </div>
        <button type="submit" class="second">
          Xem
        </button>
      </form>
      <div class="columns">
        <TotalCard
          title="Theo hình thức"
          totals={totalsBy(shown, ({ method }) => METHODS[method])}
          sum={sumOf(shown)}
        />
        <TotalCard
          title="Theo khoản thu"
          totals={totalsBy(shown, ({ feeName }) => feeName)}
          sum={sumOf(shown)}
        />
        {officer === undefined && (
          <TotalCard
            title="Theo cán bộ"
            totals={totalsBy(shown, ({ officerName }) => officerName)}
            sum={sumOf(shown)}
          />
        )}
      </div>
      <section class="card" aria-labelledby="khoan-thu">
        <h2 id="khoan-thu">{shown.length} khoản thu</h2>
        {shown.length === 0 ? (
          <p>
            Chưa thu khoản nào trong ngày này. Khoản thu được ghi ở trang hồ sơ, bằng việc “Thu phí, lệ phí”.
          </p>
        ) : (
          <div class="scroll" tabIndex={0} role="region" aria-label="Các khoản thu">
            <PaymentTable payments={shown} withReceipt />
          </div>
        )}
      </section>
    </DeskPage>
  );
}

function TotalCard({ title, totals, sum }: { title: string; totals: readonly Total[]; sum: number }): VNode {
  return (
    <section class="card">
      <TotalTable title={title} totals={totals} sum={sum} />
    </section>
  );
}

export function TotalTable({
  title,
  totals,
  sum,
}: {
  title: string;
  totals: readonly Total[];
  sum: number;
}): VNode {
  return (
    <table class="govuk-table dense totals">
      <caption>{title}</caption>
      <thead class="hidden-label">
        <tr>
          <th scope="col">Tên</th>
          <th scope="col">Số khoản</th>
          <th scope="col">Số tiền</th>
        </tr>
      </thead>
      <tbody>
        {totals.map(({ name, count, amount }) => (
          <tr>
            <td>{name}</td>
            <td class="amount">{count} khoản</td>
            <td class="amount">{dong(amount)}</td>
          </tr>
        ))}
        <tr class="sum">
          <th scope="row">Cộng</th>
          <td class="amount">{totals.reduce((all, { count }) => all + count, 0)} khoản</td>
          <td class="amount">{dong(sum)}</td>
        </tr>
      </tbody>
    </table>
  );
}

export function PaymentTable({
  payments,
  withReceipt,
}: {
  payments: readonly Payment[];
  withReceipt?: boolean;
}): VNode {
  return (
    <table class="govuk-table dense payments">
      <thead>
        <tr>
          <th scope="col">Giờ</th>
          <th scope="col">Hồ sơ</th>
          <th scope="col">Người nộp</th>
          <th scope="col">Khoản thu</th>
          <th scope="col">Hình thức</th>
          <th scope="col">Số chứng từ</th>
          <th scope="col" class="amount">
            Số tiền
          </th>
          {withReceipt === true && <th scope="col">Cán bộ, biên lai</th>}
        </tr>
      </thead>
      <tbody>
        {payments.map((payment) => {
          const { at, dossierCode, seq, payer, feeName, ground, method, reference, amount, officerName } =
            payment;
          return (
            <tr {...(withReceipt === true ? { "data-row": "" } : {})}>
              <td>
                <time dateTime={at.toISOString()}>{shortMoment(at).slice(0, 5)}</time>
              </td>
              <td class="figures">
                {withReceipt === true ? <a href={`/ho-so/${dossierCode}`}>{dossierCode}</a> : dossierCode}
              </td>
              <td>{payer}</td>
              <td>
                {feeName}
                {ground !== null && <p class="muted">{ground}</p>}
              </td>
              <td>{METHODS[method]}</td>
              <td class="figures">{reference}</td>
              <td class="amount">{dong(amount)}</td>
              {withReceipt === true && (
                <td>
                  {officerName}
                  <br />
                  <a href={`/thu-phi/bien-lai/${dossierCode}/${seq}`}>
                    Biên lai<span class="hidden-label"> của hồ sơ {dossierCode}</span>
                  </a>
                </td>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
