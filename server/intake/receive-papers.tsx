import type { VNode } from "preact";
import type { DocumentDeclaration } from "../../workflows/declaration.ts";
import { Key } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import type { Chosen } from "./chosen-procedure.ts";
import type { StoreOffers } from "./store-offers.ts";
import { StoreChoice, StoreSearch } from "./receive-store.tsx";
import type { Typed } from "./typed-application.ts";

/** The checklist: what was brought, how many originals and copies. */
export function Papers({
  chosen,
  typed,
  errors,
  store,
}: {
  chosen: Chosen;
  typed: Typed;
  errors: FieldErrors;
  store?: StoreOffers | undefined;
}): VNode {
  return (
    <section class="card" aria-labelledby="thanh-phan">
      <h2 id="thanh-phan">
        Thành phần hồ sơ <Key name="F4" />
      </h2>
      {chosen.papers.length === 0 && <p class="muted">Thủ tục không công bố giấy tờ nào.</p>}
      {chosen.papers.length > 0 && <StoreSearch typed={typed} errors={errors} store={store} />}
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
            <>
              <Paper paper={paper} typed={typed} error={errors[`paper.${paper.code}`]} first={at === 0} />
              <StoreChoice
                paper={paper}
                typed={typed}
                error={errors[`dung.${paper.code}`]}
                offers={store?.byPaper.get(paper.code) ?? []}
              />
            </>
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
