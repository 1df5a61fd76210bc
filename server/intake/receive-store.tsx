import type { VNode } from "preact";
import type { DocumentDeclaration } from "../../workflows/declaration.ts";
import { shortDate } from "../forms/moments.ts";
import type { OfferedPaper } from "../person-store/find-papers.ts";
import type { FieldErrors } from "../web/form.tsx";
import type { StoreOffers } from "./store-offers.ts";
import { isStoreOpen } from "./typed-application.ts";
import type { Typed } from "./typed-application.ts";

/** Opens the person's store once he has agreed, and says what was found. */
export function StoreSearch(props: {
  typed: Typed;
  errors: FieldErrors;
  store: StoreOffers | undefined;
}): VNode {
  const { typed, errors, store } = props;
  const error = errors._khoDongY;
  const kept = (
    <>
      <input type="hidden" name="kho" value={typed.kho ?? ""} />
      <input type="hidden" name="khoSo" value={typed.khoSo ?? ""} />
      <input type="hidden" name="khoCoMat" value={typed.khoCoMat ?? ""} />
    </>
  );
  if (store !== undefined && isStoreOpen(typed))
    return (
      <div class={store.byPaper.size === 0 ? "notice" : "notice done"} role="status">
        {kept}
        <p>
          {store.byPaper.size === 0
            ? `Kho giấy tờ điện tử chưa có giấy tờ nào dùng được cho thủ tục này${typed.khoCoMat === "co" ? "" : " do đơn vị bạn số hóa; giấy tờ do đơn vị khác số hóa chỉ tìm khi người nộp có mặt"}.`
            : `Kho giấy tờ điện tử có sẵn ${store.byPaper.size} giấy tờ của thủ tục này: chọn dùng lại bên dưới, người nộp không phải nộp bản giấy.`}
        </p>
      </div>
    );
  return (
    <details class="store-search" {...(error === undefined ? {} : { open: true })}>
      <summary>Tìm giấy tờ đã số hóa trong kho của người nộp</summary>
      {kept}
      {error !== undefined && (
        <p class="govuk-error-message" id="_khoDongY-error">
          {error}
        </p>
      )}
      <label class="tick">
        <input
          type="checkbox"
          id="_khoDongY"
          name="_khoDongY"
          value="co"
          checked={typed._khoDongY === "co"}
        />
        <span>Người nộp đồng ý cho tìm và dùng lại giấy tờ trong kho</span>
      </label>
      <label class="tick">
        <input type="checkbox" name="_khoCoMat" value="co" checked={typed._khoCoMat === "co"} />
        <span>
          Người nộp có mặt tại quầy <span class="muted">– cần có để dùng giấy tờ do đơn vị khác số hóa</span>
        </span>
      </label>
      <button type="submit" class="govuk-button govuk-button--secondary" name="viec" value="kho">
        Tìm trong kho
      </button>
      <p class="muted">Mỗi lần tìm và dùng đều được ghi lại.</p>
    </details>
  );
}

/** What of the store may stand for one component: the officer chooses, nothing is chosen for him. */
export function StoreChoice(props: {
  paper: DocumentDeclaration;
  typed: Typed;
  error: string | undefined;
  offers: (OfferedPaper & { agencyName: string })[];
}): VNode | null {
  const { paper, typed, error, offers } = props;
  const name = `dung.${paper.code}`;
  if (offers.length === 0 && error === undefined) return null;
  const chosen = offers.some(({ id }) => String(id) === typed[name]) ? typed[name] : "";
  return (
    <tr class="from-store">
      <td colSpan={3}>
        <fieldset id={name}>
          <legend class="hidden-label">Giấy tờ trong kho cho: {paper.title}</legend>
          {error !== undefined && <p class="govuk-error-message">{error}</p>}
          <label class="tick">
            <input type="radio" name={name} value="" checked={chosen === ""} />
            <span>Nộp bản giấy</span>
          </label>
          {offers.map((offer) => (
            <label class="tick">
              <input
                type="radio"
                name={name}
                value={String(offer.id)}
                checked={chosen === String(offer.id)}
              />
              <span>
                <strong>Dùng lại</strong> – đã có trong kho: {offer.title}{" "}
                <span class="muted">({toldOf(offer)})</span>
              </span>
            </label>
          ))}
        </fieldset>
      </td>
    </tr>
  );
}

/** "số 12/QĐ-UBND, ngày 20/09/2022, UBND xã Đại Thành, còn hiệu lực đến 20/09/2027". */
function toldOf(offer: OfferedPaper & { agencyName: string }): string {
  const day = (iso: string) => shortDate(new Date(`${iso}T12:00:00+07:00`));
  return [
    ...(offer.number === null ? [] : [`số ${offer.number}`]),
    ...(offer.issuedOn === null ? [] : [`ngày ${day(offer.issuedOn)}`]),
    ...(offer.issuer === null ? [] : [offer.issuer]),
    offer.validTo === null ? "không ghi thời hạn" : `còn hiệu lực đến ${day(offer.validTo)}`,
    `${offer.source === "result" ? "kết quả điện tử" : "bản quét"} của ${offer.agencyName}, ${shortDate(offer.digitizedAt)}`,
  ].join(", ");
}
