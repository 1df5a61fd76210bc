import type { VNode } from "preact";
import type { LedgerLine } from "../../workflows/ledger.ts";
import type { Declaration, DocumentDeclaration } from "../../workflows/declaration.ts";
import { dong, shortMoment } from "../forms/moments.ts";
import { momentInProse } from "../web/dates.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import type { Notice } from "../web/desk-page.tsx";
import { Button, ErrorSummary, Form, Key, Radios, Select, TextArea, TextField } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import type { EarlierPerson } from "./earlier-people.ts";
import { isForAnother } from "./typed-application.ts";
import type { Typed } from "./typed-application.ts";

/** What is known of the chosen procedure, for this unit and this moment. */
export interface Chosen {
  declaration: Declaration;
  papers: DocumentDeclaration[];
  /** Units for which this front desk may receive it. */
  agencies: { code: string; name: string }[];
  dueAt: string | null;
  provisional: boolean;
  /** Why there is no date. */
  dueReason?: string;
  ledger: LedgerLine[];
}

export interface ReceiveProps {
  desk: Desk;
  typed: Typed;
  errors: FieldErrors;
  notice?: Notice | undefined;
  query: string;
  found?: { code: string; name: string; field: string }[] | undefined;
  chosen?: Chosen | undefined;
  savedAt?: Date | undefined;
  earlier?: EarlierPerson | undefined;
  duplicates: { code: string; submittedAt: Date }[];
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
      {found !== undefined && <Found found={found} query={query} />}
      <ErrorSummary errors={errors} title="Chưa tiếp nhận được, hãy xem lại" />
      {chosen === undefined ? <Nothing /> : <Sheet {...props} chosen={chosen} />}
    </DeskPage>
  );
}

function Found({
  found,
  query,
}: {
  found: { code: string; name: string; field: string }[];
  query: string;
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
          <a href={`/tiep-nhan?thuTuc=${code}`}>{name}</a>{" "}
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
      <p class="muted">Nội dung đang nhập được lưu nháp theo tài khoản của bạn, mở lại trang này là thấy.</p>
    </div>
  );
}

function Sheet(props: ReceiveProps & { chosen: Chosen }): VNode {
  const { desk, typed, chosen, errors, savedAt, once, seal, duplicates } = props;
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
          <Applicant {...props} />
          <Papers chosen={chosen} typed={typed} errors={errors} />
          <Promise chosen={chosen} typed={typed} errors={errors} />
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
          <p id="trang-thai-nhap" role="status" class="muted">
            {savedAt === undefined ? "" : `Nháp đã lưu ${timeOf(savedAt)}`}
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

const IDENTITIES = [
  { value: "cccd", label: "Số định danh (CCCD)" },
  { value: "cmnd", label: "Chứng minh nhân dân" },
  { value: "passport", label: "Hộ chiếu" },
  { value: "taxCode", label: "Mã số thuế" },
];

const KINDS = [
  { value: "citizen", label: "Công dân" },
  { value: "business", label: "Doanh nghiệp" },
  { value: "agency", label: "Cơ quan" },
  { value: "organisation", label: "Tổ chức" },
];

function Applicant({ typed, errors, earlier }: ReceiveProps): VNode {
  return (
    <section class="card" aria-labelledby="nguoi-nop">
      <h2 id="nguoi-nop">
        Người nộp <Key name="F3" />
      </h2>
      <div class="pair">
        <Select
          name="applicant.identity.type"
          label="Loại giấy tờ"
          value={typed["applicant.identity.type"]}
          choices={IDENTITIES}
        />
        <TextField
          name="applicant.identity.number"
          label="Số"
          value={typed["applicant.identity.number"]}
          error={errors["applicant.identity.number"]}
          shortcut="F3"
          maxLength={20}
        />
      </div>
      <div id="ho-so-truoc">
        {earlier !== undefined && <Earlier earlier={earlier} error={errors._dongY} />}
      </div>
      <PersonFields path="applicant" typed={typed} errors={errors} />
      <details {...(isForAnother(typed) ? { open: true } : {})}>
        <summary>Nộp thay cho người khác</summary>
        <div class="govuk-checkboxes govuk-checkboxes--small">
          <div class="govuk-checkboxes__item">
            <input
              class="govuk-checkboxes__input"
              id="thay"
              name="thay"
              type="checkbox"
              value="co"
              checked={isForAnother(typed)}
            />
            <label class="govuk-label govuk-checkboxes__label" for="thay">
              Người nộp được ủy quyền
            </label>
          </div>
        </div>
        <TextField
          name="authorisation"
          label="Văn bản ủy quyền (số, ngày, nơi lập)"
          value={typed.authorisation}
          error={errors.authorisation}
        />
        <div class="pair">
          <Select
            name="owner.identity.type"
            label="Giấy tờ của chủ hồ sơ"
            value={typed["owner.identity.type"]}
            choices={IDENTITIES}
          />
          <TextField
            name="owner.identity.number"
            label="Số"
            value={typed["owner.identity.number"]}
            error={errors["owner.identity.number"]}
          />
        </div>
        <PersonFields path="owner" typed={typed} errors={errors} />
      </details>
    </section>
  );
}

/** Offered, never filled in by itself: the person is asked first, and his consent is noted with the dossier. */
function Earlier({ earlier, error }: { earlier: EarlierPerson; error: string | undefined }): VNode {
  const { person, code } = earlier;
  return (
    <div class="notice">
      <p>
        Hồ sơ trước của đơn vị ({code}): <strong>{person.name}</strong>
      </p>
      {error !== undefined && (
        <p class="govuk-error-message" id="_dongY-error">
          {error}
        </p>
      )}
      <label class="tick">
        <input type="checkbox" id="_dongY" name="_dongY" value="co" data-key="F8" aria-keyshortcuts="F8" />
        <span>
          Người nộp đồng ý dùng lại thông tin này <Key name="F8" />
        </span>
      </label>
      <button type="submit" class="govuk-button govuk-button--secondary" name="viec" value="dien">
        Điền lại
      </button>
    </div>
  );
}

function PersonFields({
  path,
  typed,
  errors,
}: {
  path: "applicant" | "owner";
  typed: Typed;
  errors: FieldErrors;
}): VNode {
  const field = (name: string) => ({
    name: `${path}.${name}`,
    value: typed[`${path}.${name}`],
    error: errors[`${path}.${name}`],
  });
  return (
    <>
      <div class="pair wide-first">
        <TextField
          {...field("name")}
          label={path === "owner" ? "Họ tên chủ hồ sơ" : "Họ và tên"}
          maxLength={200}
        />
        <Select {...field("kind")} label="Là" choices={KINDS} />
      </div>
      <div class="pair">
        <TextField {...field("phone")} label="Điện thoại" type="tel" maxLength={20} />
        <TextField {...field("email")} label="Thư điện tử (nếu có)" type="email" maxLength={200} />
      </div>
      <div class="triple">
        <TextField {...field("address.province")} label="Tỉnh, thành" />
        <TextField {...field("address.district")} label="Huyện" />
        <TextField {...field("address.commune")} label="Xã" />
      </div>
      <TextField {...field("address.street")} label="Số nhà, ấp, đường" />
    </>
  );
}

function Papers({ chosen, typed, errors }: { chosen: Chosen; typed: Typed; errors: FieldErrors }): VNode {
  return (
    <section class="card" aria-labelledby="thanh-phan">
      <h2 id="thanh-phan">
        Thành phần hồ sơ <Key name="F4" />
      </h2>
      {chosen.papers.length === 0 && <p class="muted">Thủ tục không công bố giấy tờ nào.</p>}
      <table class="govuk-table papers">
        <thead>
          <tr>
            <th scope="col">Giấy tờ đã nhận</th>
            <th scope="col">Chính</th>
            <th scope="col">Sao</th>
          </tr>
        </thead>
        <tbody>
          {chosen.papers.map((paper, at) => (
            <Paper paper={paper} typed={typed} error={errors[`paper.${paper.code}`]} first={at === 0} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Paper(props: {
  paper: DocumentDeclaration;
  typed: Typed;
  error: string | undefined;
  first: boolean;
}): VNode {
  const { paper, typed, error, first } = props;
  const name = `paper.${paper.code}`;
  if (paper.kind === "heading")
    return (
      <tr>
        <th scope="rowgroup" colSpan={3}>
          {paper.title}
        </th>
      </tr>
    );
  const pieces = (kind: "originals" | "copies", label: string) => (
    <td>
      <input
        class="govuk-input pieces"
        type="text"
        inputMode="numeric"
        name={`${name}.${kind}`}
        aria-label={`${label}: ${paper.title}`}
        value={typed[`${name}.${kind}`] ?? String(paper[kind])}
        maxLength={3}
      />
    </td>
  );
  return (
    <tr>
      <td>
        <label class="tick">
          <input
            type="checkbox"
            id={name}
            name={name}
            value="co"
            checked={typed[name] === "co"}
            {...(first ? { "data-key": "F4", "aria-keyshortcuts": "F4" } : {})}
          />
          <span>
            {paper.title}
            <span class="muted">
              {paper.required ? "" : " – nếu có"}
              {paper.handling === "present" ? " – xuất trình để đối chiếu" : ""}
            </span>
          </span>
        </label>
        {error !== undefined && <p class="govuk-error-message">{error}</p>}
      </td>
      {pieces("originals", "Số bản chính")}
      {pieces("copies", "Số bản sao")}
    </tr>
  );
}

function Promise({ chosen, typed, errors }: { chosen: Chosen; typed: Typed; errors: FieldErrors }): VNode {
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
        {stated.map(({ name, amount }) => (
          <li>
            {name}: <strong class="figures">{amount === null ? "tùy trường hợp" : dong(amount)}</strong>
          </li>
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
      <details {...((typed.note ?? "") === "" ? {} : { open: true })}>
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
