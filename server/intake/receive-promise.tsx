import type { VNode } from "preact";
import { feeInWords } from "../forms/fees.ts";
import { shortMoment } from "../forms/moments.ts";
import { momentInProse } from "../web/dates.ts";
import { Radios, Select, TextArea } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import type { Chosen } from "./chosen-procedure.ts";
import type { Typed } from "./typed-application.ts";

/** What is promised before anything is saved: the day with its reckoning, the fees, how the result comes back. */
export function Promised({
  chosen,
  typed,
  errors,
}: {
  chosen: Chosen;
  typed: Typed;
  errors: FieldErrors;
}): VNode {
  const { dueAt, provisional, dueReason, ledger, agencies, declaration } = chosen;
  const stated = declaration.fees.filter(({ kind }) => kind === "fixed" || kind === "varies");
  return (
    <section class="card" aria-labelledby="hen-tra">
      <h2 id="hen-tra">Hẹn trả</h2>
      <p class="promised">
        {dueAt === null
          ? (dueReason ?? "Theo quy định của thủ tục.")
          : `${provisional ? "Dự kiến " : ""}${momentInProse(dueAt)}`}
      </p>
      <p class="muted">Tính theo giờ tiếp nhận bây giờ.</p>
      {ledger.length > 0 && (
        <details>
          <summary>Vì sao?</summary>
          <ul class="plain-list ledger-lines">
            {ledger.map(({ from, to, reason, counted }) => (
              <li class={counted ? "" : "muted"}>
                {`${shortMoment(new Date(from))} – ${shortMoment(new Date(to))}: ${reason}`}
              </li>
            ))}
          </ul>
        </details>
      )}
      <h3>Phí, lệ phí</h3>
      <ul class="plain-list">
        {stated.length === 0 && <li>Không có khoản phí, lệ phí nào được công bố.</li>}
        {stated.map((fee) => (
          <li class="figures">{feeInWords(fee).replace(/^./u, (first) => first.toUpperCase())}</li>
        ))}
      </ul>
      {agencies.length > 1 ? (
        <Select
          name="agencyCode"
          label="Cơ quan giải quyết"
          value={typed.agencyCode}
          error={errors.agencyCode}
          choices={agencies.map(({ code, name }) => ({ value: code, label: name }))}
        />
      ) : (
        <input type="hidden" name="agencyCode" value={agencies[0]?.code ?? ""} />
      )}
      <Radios
        name="returnMethod"
        label="Nhận kết quả"
        value={typed.returnMethod ?? "counter"}
        error={errors.returnMethod}
        inline
        choices={[
          { value: "counter", label: "Tại quầy" },
          { value: "postal", label: "Qua bưu chính" },
          { value: "online", label: "Trực tuyến" },
        ]}
      />
      <details
        {...((typed.note ?? "") === "" && errors.channel === undefined && errors.note === undefined
          ? {}
          : { open: true })}
      >
        <summary>Cách nộp và ghi chú</summary>
        <Radios
          name="channel"
          label="Hồ sơ đến"
          value={typed.channel ?? "counter"}
          error={errors.channel}
          inline
          choices={[
            { value: "counter", label: "Tại quầy" },
            { value: "postal", label: "Qua bưu chính" },
          ]}
        />
        <TextArea name="note" label="Ghi chú" value={typed.note} rows={2} error={errors.note} />
      </details>
      <input type="hidden" name="tuHoSo" value={typed.tuHoSo ?? ""} />
      <input type="hidden" name="tuSo" value={typed.tuSo ?? ""} />
    </section>
  );
}
