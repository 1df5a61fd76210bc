import type { VNode } from "preact";
import type { EventType } from "../../workflows/events.ts";
import type { AllowedEvent, Need, Option } from "../dossier/allowed.ts";
import { dong } from "../forms/moments.ts";
import { Checkboxes, Radios, Select, TextArea, TextField } from "../web/form.tsx";
import type { Choice } from "../web/form.tsx";
import { Corrections, Draft } from "./content-fields.tsx";
import { IDENTITY_TYPES, LIMIT_UNITS, RETURN_METHODS } from "./dossier-words.ts";
import { choicesOf } from "./filling.ts";
import type { Filling } from "./filling.ts";
import { Items, NotScanned, Received } from "./paper-fields.tsx";
import { textIn } from "./typed-form.ts";

/** The fields of one action: only what this event asks for, with the choices that this dossier has. */
export function ActionFields(filling: Filling): VNode {
  return (
    <>
      {filling.event.needs.map((need) => (
        <NeedField need={need} filling={filling} />
      ))}
    </>
  );
}

/** Whether an event asks for nothing that must be entered. */
export function asksNothing({ needs }: AllowedEvent): boolean {
  return needs.every(
    ({ field, required, choices }) => !required && (field === "pin" || choices?.length === 0),
  );
}

function NeedField({ need, filling }: { need: Need; filling: Filling }): VNode | null {
  const { field, choices = [] } = need;
  const { event, typed, errors } = filling;
  const plain = (name: string) => ({ name, value: textIn(typed, name), error: errors[name] });
  switch (field) {
    case "reason":
      return <TextArea {...plain("reason")} label={reasonLabel(event.type)} />;
    case "opinion":
      return <TextArea {...plain("opinion")} label="Ý kiến của đơn vị" rows={5} />;
    case "finding":
      return <TextArea {...plain("finding")} label="Kết luận kiểm tra, thẩm định" rows={5} />;
    case "agency":
      return <Select {...plain("agency")} label="Chuyển đến" choices={choices} {...emptyFor(choices)} />;
    case "assignee":
      return <Select {...plain("assignee")} label="Người thụ lý" choices={choices} {...emptyFor(choices)} />;
    case "agencies":
      return (
        <Checkboxes
          name="agencies"
          label="Lấy ý kiến của"
          choices={choices}
          values={typed.agencies ?? []}
          error={errors.agencies}
        />
      );
    case "dueAt":
      return <MomentField filling={filling} required={need.required} />;
    case "documentId":
      return choices.length === 0 ? null : (
        <Select
          {...plain("documentId")}
          label={event.type === "RECORD_MINUTES" ? "Tệp biên bản đã tải lên" : "Tệp dự thảo đã tải lên (PDF)"}
          choices={choices}
          empty="Không dùng tệp"
        />
      );
    case "feeCode":
      return (
        <Select
          {...plain("feeCode")}
          label="Khoản thu"
          choices={choices.map(feeChoice)}
          {...emptyFor(choices)}
        />
      );
    case "amount":
      return (
        <TextField
          {...plain("amount")}
          label="Số tiền (đồng)"
          hint="Để trống nếu thu đúng mức ghi ở khoản thu."
          inputMode="numeric"
          width="middle"
        />
      );
    case "method":
      return <Radios {...plain("method")} label="Cách nộp" choices={choices} inline />;
    case "reference":
      return (
        <TextField
          {...plain("reference")}
          label="Số biên lai hoặc mã giao dịch"
          width="middle"
          maxLength={100}
        />
      );
    case "ground":
      return (
        <TextField
          {...plain("ground")}
          label="Căn cứ tính"
          hint="Chỉ cần khi khoản thu không có mức cố định."
          maxLength={500}
        />
      );
    case "outcome":
      return <Radios {...plain("outcome")} label="Đề xuất" choices={choices} inline />;
    case "pin":
      return (
        <TextField
          {...plain("pin")}
          type="password"
          label="Mã PIN của chữ ký số"
          hint="Để trống nếu khóa ký không có mã PIN."
          width="short"
        />
      );
    case "fields":
      return event.type === "CORRECT" ? (
        <Corrections filling={filling} />
      ) : (
        <Draft typed={typed} errors={errors} />
      );
    case "items":
      return <Items choices={choices} filling={filling} />;
    case "documents":
      return <Received choices={choices} filling={filling} />;
    case "notApplicable":
      return choices.length === 0 ? null : <NotScanned choices={choices} filling={filling} />;
    case "leaderConsent":
      return (
        <fieldset class="group">
          <legend>Ý kiến đồng ý của lãnh đạo (bắt buộc từ lần yêu cầu thứ hai)</legend>
          <Select
            {...plain("leaderConsent.username")}
            label="Lãnh đạo"
            choices={choices}
            empty="Chọn lãnh đạo"
          />
          <TextField {...plain("leaderConsent.reason")} label="Nội dung đồng ý" />
        </fieldset>
      );
    case "limit":
      return <LimitField filling={filling} />;
    case "recipient":
      return <Recipient filling={filling} />;
    default:
      return <TextField {...plain(field)} label={field} />;
  }
}

function reasonLabel(type: EventType): string {
  if (type === "PROPOSE") return "Lý do (bắt buộc khi từ chối)";
  return type === "CORRECT" ? "Lý do sửa" : "Lý do";
}

const emptyFor = (choices: readonly Option[]) => (choices.length === 1 ? {} : { empty: "Hãy chọn" });

const feeChoice = ({ value, label, amount }: Option): Choice => ({
  value,
  label: amount === undefined ? `${label} (mức theo từng trường hợp)` : `${label}: ${dong(amount)}`,
});

function MomentField({ filling, required }: { filling: Filling; required: boolean }): VNode {
  const { typed, errors, event } = filling;
  return (
    <div class="pair">
      <TextField
        name="dueAt.date"
        label={event.type === "CONSULT" ? "Trả lời trước ngày" : "Ngày hẹn mới"}
        hint={required ? "Ví dụ 25/11/2026" : "Ví dụ 25/11/2026; để trống thì theo quy trình"}
        value={textIn(typed, "dueAt.date")}
        error={errors["dueAt.date"]}
        inputMode="numeric"
        width="middle"
      />
      <TextField
        name="dueAt.time"
        label="Giờ"
        hint="Ví dụ 17:00"
        value={textIn(typed, "dueAt.time")}
        inputMode="numeric"
        width="short"
      />
    </div>
  );
}

function LimitField({ filling: { typed, errors, event } }: { filling: Filling }): VNode {
  const plain = (name: string) => ({ name, value: textIn(typed, name), error: errors[name] });
  return (
    <fieldset class="group">
      <legend>{event.type === "CORRECT" ? "Thời hạn giải quyết đã nhập" : "Thời hạn giải quyết"}</legend>
      <p class="hint">Thủ tục này không nêu thời hạn. Nếu có căn cứ thì nhập, không thì để trống.</p>
      <div class="pair">
        <TextField {...plain("limit.value")} label="Số" inputMode="numeric" width="short" />
        <Select {...plain("limit.unit")} label="Đơn vị" choices={choicesOf(LIMIT_UNITS)} />
      </div>
      <TextField {...plain("limit.ground")} label="Căn cứ" maxLength={500} />
    </fieldset>
  );
}

function Recipient({ filling: { typed, errors } }: { filling: Filling }): VNode {
  const plain = (name: string) => ({ name, value: textIn(typed, name), error: errors[name] });
  return (
    <>
      <TextField {...plain("recipient.name")} label="Họ tên người nhận" maxLength={200} />
      <div class="pair">
        <Select {...plain("recipient.type")} label="Giấy tờ tùy thân" choices={choicesOf(IDENTITY_TYPES)} />
        <TextField {...plain("recipient.number")} label="Số" maxLength={40} width="middle" />
      </div>
      <Radios {...plain("recipient.method")} label="Cách trả" choices={choicesOf(RETURN_METHODS)} inline />
    </>
  );
}
