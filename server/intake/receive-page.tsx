import type { VNode } from "preact";
import { shortMoment } from "../forms/moments.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import type { Notice } from "../web/desk-page.tsx";
import { Button, ErrorSummary, Form, Key, Select } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import type { Chosen } from "./chosen-procedure.ts";
import type { EarlierPerson } from "./earlier-people.ts";
import type { StoreOffers } from "./store-offers.ts";
import { inPageOrder } from "./error-order.ts";
import { OpenDrafts } from "./open-drafts.tsx";
import type { ListedDraft } from "./open-drafts.tsx";
import { Papers } from "./receive-papers.tsx";
import { Applicant } from "./receive-person.tsx";
import { Promised } from "./receive-promise.tsx";
import type { Typed } from "./typed-application.ts";

export interface ReceiveProps {
  desk: Desk;
  typed: Typed;
  errors: FieldErrors;
  notice?: Notice | undefined;
  query: string;
  found?: { code: string; name: string; field: string }[] | undefined;
  chosen?: Chosen | undefined;
  savedAt?: Date | undefined;
  /** Why the draft was not saved, for the officer. */
  unsaved?: string | undefined;
  /** What the account has not sent yet, shown while no form is open. */
  drafts: ListedDraft[];
  earlier?: EarlierPerson | undefined;
  duplicates: { code: string; submittedAt: Date }[];
  /** What the person's store has for the checklist; undefined until he has agreed to the search. */
  store?: StoreOffers | undefined;
  once: string;
  /** Under which the browser encrypts what it keeps while the line is cut. */
  seal: string;
}

/** Receiving a dossier: one screen, from the procedure to the receipt. */
export function ReceivePage(props: ReceiveProps): VNode {
  const { desk, query, found, chosen, errors, notice } = props;
  return (
    <DeskPage desk={desk} title="Tiếp nhận hồ sơ" notice={notice} scripts={["receive.js"]}>
      <form method="get" action="/tiep-nhan" class="find-procedure">
        <label class="govuk-label" for="tim">
          Thủ tục <Key name="F2" />
        </label>
        {chosen !== undefined && <input type="hidden" name="phieu" value={props.once} />}
        <input
          class="govuk-input"
          id="tim"
          name="tim"
          type="text"
          autocomplete="off"
          spellcheck={false}
          value={query}
          placeholder={chosen === undefined ? "Gõ tên hoặc mã thủ tục, không cần dấu" : undefined}
          data-key="F2"
          aria-keyshortcuts="F2"
          autofocus={chosen === undefined}
        />
        <button type="submit" class="govuk-button govuk-button--secondary">
          Tìm
        </button>
        <ul id="goi-y" class="suggestions" hidden />
      </form>
      {found !== undefined && (
        <Found found={found} query={query} form={chosen === undefined ? undefined : props.once} />
      )}
      <ErrorSummary
        errors={inPageOrder(errors, chosen?.papers ?? [])}
        title="Chưa tiếp nhận được, hãy xem lại"
      />
      {chosen === undefined ? (
        <>
          <OpenDrafts desk={desk} drafts={props.drafts} />
          <Nothing />
        </>
      ) : (
        <Sheet {...props} chosen={chosen} />
      )}
    </DeskPage>
  );
}

function Found({
  found,
  query,
  form,
}: {
  found: { code: string; name: string; field: string }[];
  query: string;
  /** The form that is open already: it goes on with the procedure that is chosen. */
  form: string | undefined;
}): VNode {
  if (found.length === 0)
    return (
      <p class="notice soon" role="status">
        Không có thủ tục nào khớp với “{query}”. Thử gõ ít từ hơn, hoặc gõ mã thủ tục.
      </p>
    );
  return (
    <ul class="card plain-list found">
      {found.map(({ code, name, field }) => (
        <li data-row="">
          <a
            href={`/tiep-nhan?${form === undefined ? "" : `phieu=${encodeURIComponent(form)}&`}thuTuc=${code}`}
          >
            {name}
          </a>{" "}
          <span class="muted">
            {code} · {field}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Nothing(): VNode {
  return (
    <div class="card">
      <p>
        Chọn thủ tục để bắt đầu: gõ tên không cần dấu (“khai sinh”, “xay nha”) hoặc mã thủ tục, rồi bấm Enter.
      </p>
      <p class="muted">
        Nội dung đang nhập được lưu nháp theo tài khoản của bạn, mỗi biểu mẫu một nháp; nháp chưa gửi hiện ở
        trang này.
      </p>
    </div>
  );
}

function Sheet(props: ReceiveProps & { chosen: Chosen }): VNode {
  const { desk, typed, chosen, errors, savedAt, unsaved, once, seal, duplicates } = props;
  const { declaration } = chosen;
  return (
    <>
      <div class="chosen">
        <p>
          <strong>{declaration.displayName ?? declaration.name}</strong>{" "}
          <span class="muted">
            {declaration.code} · {declaration.field}
          </span>
        </p>
        {declaration.cases.length > 0 && (
          <form method="get" action="/tiep-nhan" class="choose-case">
            <input type="hidden" name="phieu" value={once} />
            <input type="hidden" name="thuTuc" value={declaration.code} />
            <Select
              name="truongHop"
              label="Trường hợp"
              value={typed.case}
              empty="Chọn trường hợp"
              error={errors.case}
              choices={declaration.cases.map(({ code, name }) => ({ value: code, label: name }))}
            />
            <button type="submit" class="govuk-button govuk-button--secondary">
              Chọn
            </button>
          </form>
        )}
      </div>
      <Form desk={desk} action="/tiep-nhan" once={once} id="ho-so-moi" class="receive">
        <input type="hidden" name="procedureCode" value={declaration.code} />
        <input type="hidden" name="case" value={typed.case ?? ""} />
        {/* What Enter presses in a field, a scanner's too: it keeps, it never files. */}
        <button class="hidden-label" type="submit" name="viec" value="nhap" tabIndex={-1} aria-hidden="true">
          Lưu nháp
        </button>
        <input type="hidden" id="khoa-nhap" value={seal} data-saved={savedAt?.toISOString() ?? ""} />
        {duplicates.length > 0 && <Duplicates duplicates={duplicates} />}
        <div class="receive-columns">
          <Applicant typed={typed} errors={errors} earlier={props.earlier} />
          <Papers chosen={chosen} typed={typed} errors={errors} store={props.store} />
          <Promised chosen={chosen} typed={typed} errors={errors} />
        </div>
        <div class="buttons receive-end">
          <Button shortcut="Ctrl+Enter" name="viec" value="tiep-nhan">
            Tiếp nhận và in phiếu
          </Button>
          <Button kind="second" name="viec" value="nop">
            Chỉ nộp, chưa tiếp nhận
          </Button>
          <Button kind="second" name="viec" value="nhap">
            Lưu nháp
          </Button>
          <Button kind="second" name="viec" value="moi">
            Bỏ nháp, hồ sơ mới
          </Button>
          <p id="trang-thai-nhap" role="status" class={unsaved === undefined ? "muted" : "error"}>
            {unsaved ?? (savedAt === undefined ? "" : `Nháp đã lưu ${timeOf(savedAt)}`)}
          </p>
        </div>
      </Form>
    </>
  );
}

function Duplicates({ duplicates }: { duplicates: { code: string; submittedAt: Date }[] }): VNode {
  return (
    <div class="notice soon" role="alert">
      <p>
        <strong>Có thể trùng:</strong> người này đang có hồ sơ cùng thủ tục tại đơn vị, chưa kết thúc:
      </p>
      <ul>
        {duplicates.map(({ code, submittedAt }) => (
          <li>
            <a href={`/ho-so/${code}`}>{code}</a>, nộp {shortMoment(submittedAt)}
          </li>
        ))}
      </ul>
      <input type="hidden" name="_biTrung" value="co" />
      <p>Nếu vẫn là hồ sơ mới, bấm tiếp nhận lần nữa.</p>
    </div>
  );
}

const CLOCK = new Intl.DateTimeFormat("vi-VN", {
  timeZone: "Asia/Ho_Chi_Minh",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** "08:31:05". */
export function timeOf(moment: Date): string {
  return CLOCK.format(moment);
}
