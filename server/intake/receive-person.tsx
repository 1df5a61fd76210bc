import type { VNode } from "preact";
import { Key, Select, TextField } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import { confirmationOf, isCitizenWithTaxCode } from "./asked-first.ts";
import type { EarlierPerson } from "./earlier-people.ts";
import { isForAnother } from "./typed-application.ts";
import type { Typed } from "./typed-application.ts";

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

/** Whose papers they are: the applicant, and for whom he applies where it is not for himself. */
export function Applicant({
  typed,
  errors,
  earlier,
}: {
  typed: Typed;
  errors: FieldErrors;
  earlier?: EarlierPerson | undefined;
}): VNode {
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

/** Asked once a citizen was sent with a tax code: a company as a rule, but it may be a household business. */
function TaxCodeConfirmed(props: {
  path: "applicant" | "owner";
  typed: Typed;
  error: string | undefined;
}): VNode | null {
  const { path, typed, error } = props;
  const name = confirmationOf(path);
  const confirmed = typed[name] === "co";
  if (error === undefined && !(confirmed && isCitizenWithTaxCode(typed, path))) return null;
  return (
    <div class="notice soon">
      {error !== undefined && (
        <p class="govuk-error-message" id={`${path}.kind-error`}>
          {error}
        </p>
      )}
      {isCitizenWithTaxCode(typed, path) && (
        <label class="tick">
          <input type="checkbox" id={name} name={name} value="co" checked={confirmed} />
          <span>Đúng là cá nhân, hộ kinh doanh có mã số thuế</span>
        </label>
      )}
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
        <Select
          {...field("kind")}
          error={undefined}
          label={path === "owner" ? "Chủ hồ sơ là" : "Người nộp là"}
          choices={KINDS}
        />
      </div>
      <TaxCodeConfirmed path={path} typed={typed} error={errors[`${path}.kind`]} />
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
