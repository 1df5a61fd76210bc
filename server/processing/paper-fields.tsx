import type { VNode } from "preact";
import type { Option } from "../dossier/allowed.ts";
import type { FieldErrors } from "../web/form.tsx";
import type { Filling } from "./filling.ts";
import { textIn } from "./typed-form.ts";
import type { Typed } from "./typed-form.ts";

interface PapersProps {
  choices: Option[];
  filling: Filling;
}

/** What is to be supplemented: papers of the checklist, and others in words. */
export function Items({ choices, filling: { typed, errors } }: PapersProps): VNode {
  return (
    <fieldset
      class="group"
      id="items"
      aria-describedby={errors.items === undefined ? undefined : "items-error"}
    >
      <legend>Giấy tờ cần bổ sung, hoàn thiện</legend>
      <ErrorLine name="items" errors={errors} />
      {choices.map(({ value, label }) => (
        <div class="item-row">
          <Tick name="items" value={value} label={label} typed={typed} />
          <Small
            name={`items.note.${value}`}
            label={`Ghi chú cho ${label}`}
            placeholder="Sai, thiếu gì"
            typed={typed}
          />
        </div>
      ))}
      {[1, 2].map((n) => (
        <div class="item-row">
          <Small
            name={`items.text.${n}`}
            label={`Giấy tờ khác ${n}`}
            placeholder="Giấy tờ khác"
            typed={typed}
          />
          <Small
            name={`items.textnote.${n}`}
            label={`Ghi chú giấy tờ khác ${n}`}
            placeholder="Ghi chú"
            typed={typed}
          />
        </div>
      ))}
    </fieldset>
  );
}

/** Which papers were handed in, with how many originals and copies. */
export function Received({ choices, filling: { typed, errors } }: PapersProps): VNode {
  return (
    <fieldset class="group" id="documents">
      <legend>Giấy tờ nhận được</legend>
      <ErrorLine name="documents" errors={errors} />
      {choices.map(({ value, label }) => (
        <div class="item-row counts">
          <Tick name="documents" value={value} label={label} typed={typed} />
          <Small
            name={`documents.originals.${value}`}
            label={`Số bản chính: ${label}`}
            placeholder="Bản chính"
            typed={typed}
          />
          <Small
            name={`documents.copies.${value}`}
            label={`Số bản sao: ${label}`}
            placeholder="Bản sao"
            typed={typed}
          />
        </div>
      ))}
    </fieldset>
  );
}

/** Why papers are not scanned. */
export function NotScanned({ choices, filling: { typed, errors } }: PapersProps): VNode {
  return (
    <fieldset class="group" id="notApplicable">
      <legend>Giấy tờ chưa có tệp</legend>
      <p class="hint">
        Quét và tải lên ở trang hồ sơ, hoặc ghi lý do không số hóa. Giấy tờ không nộp thì để trống.
      </p>
      <ErrorLine name="notApplicable" errors={errors} />
      {choices.map(({ value, label }) => (
        <div class="item-row">
          <span>{label}</span>
          <Small
            name={`notApplicable.${value}`}
            label={`Lý do không số hóa: ${label}`}
            placeholder="Lý do không số hóa"
            typed={typed}
          />
        </div>
      ))}
    </fieldset>
  );
}

function ErrorLine({ name, errors }: { name: string; errors: FieldErrors }): VNode | null {
  const text = errors[name];
  return text === undefined ? null : (
    <p class="govuk-error-message" id={`${name}-error`}>
      {text}
    </p>
  );
}

function Tick(props: { name: string; value: string; label: string; typed: Typed }): VNode {
  const { name, value, label, typed } = props;
  return (
    <label class="tick">
      <input type="checkbox" name={name} value={value} checked={typed[name]?.includes(value) === true} />
      <span>{label}</span>
    </label>
  );
}

function Small(props: { name: string; label: string; placeholder: string; typed: Typed }): VNode {
  const { name, label, placeholder, typed } = props;
  return (
    <input
      class="govuk-input"
      type="text"
      id={name}
      name={name}
      aria-label={label}
      placeholder={placeholder}
      autocomplete="off"
      value={textIn(typed, name)}
    />
  );
}
