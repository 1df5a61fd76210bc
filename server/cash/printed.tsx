import type { ComponentChildren, VNode } from "preact";
import { dateInWords, dong, momentInWords } from "../forms/moments.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import { Key } from "../web/form.tsx";
import { amountInWords } from "./amount-in-words.ts";
import { METHODS, PaymentTable, TotalTable, dayInFigures } from "./cash-page.tsx";
import { sumOf, totalsBy } from "./payments.ts";
import type { Payment } from "./payments.ts";

/** A sheet of A4: on the screen as it comes out of the printer. */
function Sheet(props: { desk: Desk; title: string; back: string; children: ComponentChildren }): VNode {
  const { desk, title, back, children } = props;
  return (
    <DeskPage desk={desk} title={title}>
      <p class="buttons">
        <span>
          Bấm <Key name="Ctrl+P" /> để in trên khổ A4.
        </span>
        <a href={back}>Về trang thu phí</a>
      </p>
      <article class="printed">{children}</article>
    </DeskPage>
  );
}

function Head({ unit }: { unit: string }): VNode {
  return (
    <div class="printed-head">
      <p>
        <strong>{unit}</strong>
        <br />
        Bộ phận Một cửa
      </p>
      <p>
        <strong>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</strong>
        <br />
        <strong>Độc lập – Tự do – Hạnh phúc</strong>
      </p>
    </div>
  );
}

/** The receipt of one payment, for the payer and the books of the unit; the tax receipt is issued beside it. */
export function PaymentReceipt({ desk, payment }: { desk: Desk; payment: Payment }): VNode {
  const { dossierCode, seq, at, payer, feeName, ground, method, reference, amount, officerName } = payment;
  return (
    <Sheet desk={desk} title="Biên lai thu phí, lệ phí" back="/thu-phi">
      <Head unit={desk.unitName} />
      <h2 class="printed-title">BIÊN LAI THU PHÍ, LỆ PHÍ</h2>
      <p class="printed-under figures">
        Số: {dossierCode}/{seq}
      </p>
      <dl class="facts">
        <Line name="Người nộp">{payer}</Line>
        <Line name="Hồ sơ">
          <span class="figures">{dossierCode}</span>
        </Line>
        <Line name="Thủ tục">
          {payment.procedureName} ({payment.procedureCode})
        </Line>
        <Line name="Khoản thu">
          {feeName}
          {ground !== null && <> – {ground}</>}
        </Line>
        <Line name="Số tiền">
          <strong class="figures">{dong(amount)}</strong>
        </Line>
        <Line name="Bằng chữ">{amountInWords(amount)}</Line>
        <Line name="Hình thức nộp">{METHODS[method]}</Line>
        <Line name="Số chứng từ">
          <span class="figures">{reference}</span>
        </Line>
        <Line name="Thu lúc">{momentInWords(at)}</Line>
      </dl>
      <div class="signatures">
        <p>
          <strong>Người nộp tiền</strong>
          <br />
          (Ký, ghi rõ họ tên)
        </p>
        <p>
          <strong>Người thu tiền</strong>
          <br />
          (Ký, ghi rõ họ tên)
          <span class="signed-name">{officerName}</span>
        </p>
      </div>
      <p class="printed-note">
        Chứng từ nội bộ của bộ phận Một cửa, không thay thế biên lai thuế, phí, lệ phí do cơ quan thu phát
        hành.
      </p>
    </Sheet>
  );
}

/** What one officer took on one day: the sums, each payment, and who hands over to whom. */
export function ClosingSheet(props: {
  desk: Desk;
  day: string;
  officerName: string;
  payments: readonly Payment[];
  now: Date;
}): VNode {
  const { desk, day, officerName, payments, now } = props;
  const sum = sumOf(payments);
  const cash = sumOf(payments.filter(({ method }) => method === "cash"));
  return (
    <Sheet desk={desk} title={`Phiếu chốt ca ngày ${dayInFigures(day)}`} back={`/thu-phi?ngay=${day}`}>
      <Head unit={desk.unitName} />
      <h2 class="printed-title">PHIẾU CHỐT CA THU PHÍ, LỆ PHÍ</h2>
      <p class="printed-under">
        {dateInWords(new Date(`${day}T12:00:00+07:00`))} · Cán bộ thu: {officerName}
      </p>
      <TotalTable
        title="Theo hình thức"
        totals={totalsBy(payments, ({ method }) => METHODS[method])}
        sum={sum}
      />
      <TotalTable title="Theo khoản thu" totals={totalsBy(payments, ({ feeName }) => feeName)} sum={sum} />
      <p>
        Tiền mặt phải bàn giao: <strong class="figures">{dong(cash)}</strong> ({amountInWords(cash)}).
      </p>
      {payments.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Các khoản thu">
          <PaymentTable payments={payments} />
        </div>
      )}
      <div class="signatures">
        <p>
          <strong>Người nhận bàn giao</strong>
          <br />
          (Ký, ghi rõ họ tên)
        </p>
        <p>
          <strong>Cán bộ thu</strong>
          <br />
          (Ký, ghi rõ họ tên)
          <span class="signed-name">{officerName}</span>
        </p>
      </div>
      <p class="printed-note">Lập lúc {momentInWords(now)}, theo các khoản thu đã ghi trong hồ sơ.</p>
    </Sheet>
  );
}

function Line({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
