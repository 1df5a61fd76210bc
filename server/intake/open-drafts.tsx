import type { VNode } from "preact";
import { shortMoment } from "../forms/moments.ts";
import type { Desk } from "../web/desk.ts";
import { Form, Key } from "../web/form.tsx";
import { MOST_DRAFTS } from "./drafts.ts";

/** A draft as the list shows it. */
export interface ListedDraft {
  form: string;
  procedure: string;
  /** As typed so far; blank while nothing is. */
  applicant: string;
  updatedAt: Date;
}

/** What the officer has not sent yet: each is gone on with, or thrown away, by one click. */
export function OpenDrafts({ desk, drafts }: { desk: Desk; drafts: ListedDraft[] }): VNode | null {
  if (drafts.length === 0) return null;
  return (
    <section class="card" aria-labelledby="nhap-dang-mo">
      <h2 id="nhap-dang-mo">Nháp chưa gửi ({drafts.length})</h2>
      {drafts.length >= MOST_DRAFTS && (
        <p class="notice soon">
          Đã đủ {MOST_DRAFTS} nháp: hồ sơ mới vẫn tiếp nhận được nhưng không được lưu nháp. Hãy nhận nốt hoặc
          bỏ bớt.
        </p>
      )}
      <Form desk={desk} action="/tiep-nhan/nhap/bo">
        <ul class="plain-list draft-list">
          {drafts.map((draft, at) => (
            <DraftLine draft={draft} first={at === 0} />
          ))}
        </ul>
      </Form>
      <p class="muted">Nháp không sửa trong 7 ngày thì tự xóa.</p>
    </section>
  );
}

function DraftLine({ draft, first }: { draft: ListedDraft; first: boolean }): VNode {
  const { form, procedure, updatedAt } = draft;
  const applicant = draft.applicant === "" ? "Chưa nhập tên" : draft.applicant;
  return (
    <li data-row="">
      <p>
        <a
          href={`/tiep-nhan?phieu=${encodeURIComponent(form)}`}
          {...(first ? { "data-key": "F4", "aria-keyshortcuts": "F4" } : {})}
        >
          <span class="hidden-label">Nhập tiếp: </span>
          <strong>{applicant}</strong>
        </a>{" "}
        {first && <Key name="F4" />} <span class="muted">lưu lúc {shortMoment(updatedAt)}</span>
        <span class="draft-procedure">{procedure}</span>
      </p>
      <button
        type="submit"
        class="govuk-button govuk-button--secondary small"
        name="phieu"
        value={form}
        aria-label={`Bỏ nháp: ${applicant}, ${procedure}`}
      >
        Bỏ nháp
      </button>
    </li>
  );
}
