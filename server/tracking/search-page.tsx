import type { VNode } from "preact";
import { Page } from "../web/layout.tsx";

/** The field for a dossier's code; `wrong` is said beside it, `typed` is what stood in it. */
export function CodeForm({ typed = "", wrong }: { typed?: string; wrong?: string }): VNode {
  const described = wrong === undefined ? "ma-goi-y" : "ma-sai ma-goi-y";
  return (
    <form method="get" action="/tra-cuu" class="stack">
      <div class={wrong === undefined ? "field" : "field wrong"}>
        <label for="ma">Mã hồ sơ</label>
        <p class="hint" id="ma-goi-y">
          In trên giấy tiếp nhận hồ sơ và hẹn trả kết quả, ví dụ 000.00.20.H30-261123-0001. Gõ hoa hay thường,
          có hay không có dấu chấm và dấu cách đều được.
        </p>
        {wrong !== undefined && (
          <p class="error" id="ma-sai">
            {wrong}
          </p>
        )}
        <input
          type="text"
          id="ma"
          name="ma"
          value={typed}
          maxLength={200}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          aria-describedby={described}
          {...(wrong === undefined ? {} : { "aria-invalid": "true" })}
        />
      </div>
      <button type="submit">Tra cứu</button>
    </form>
  );
}

/** The field for the secret of one dossier; it goes in the body of a POST, never in an address. */
export function SecretForm({
  code,
  wrong,
  second,
}: {
  code: string;
  wrong?: string;
  second?: boolean;
}): VNode {
  const described = wrong === undefined ? "bi-mat-goi-y" : "bi-mat-sai bi-mat-goi-y";
  return (
    <form method="post" action={`/tra-cuu/${encodeURIComponent(code)}`} class="stack" id="ma-tra-cuu">
      <div class={wrong === undefined ? "field" : "field wrong"}>
        <label for="secret">Mã tra cứu</label>
        <p class="hint" id="bi-mat-goi-y">
          8 chữ và số in trên giấy tiếp nhận hồ sơ và hẹn trả kết quả, cạnh mã hồ sơ. Không đưa mã này cho
          người khác.
        </p>
        {wrong !== undefined && (
          <p class="error" id="bi-mat-sai">
            {wrong}
          </p>
        )}
        <input
          type="text"
          id="secret"
          name="secret"
          maxLength={40}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          aria-describedby={described}
          {...(wrong === undefined ? {} : { "aria-invalid": "true" })}
        />
      </div>
      <button type="submit" class={second === true ? "second" : undefined}>
        Xem chi tiết
      </button>
    </form>
  );
}

/** Where tracking begins: one field. */
export function SearchPage({
  owner,
  typed,
  wrong,
}: {
  owner: string;
  typed?: string;
  wrong?: string;
}): VNode {
  return (
    <Page title={wrong === undefined ? "Tra cứu hồ sơ" : "Chưa tra cứu được – Tra cứu hồ sơ"} owner={owner}>
      <h1>Tra cứu hồ sơ</h1>
      <div class="card">
        <CodeForm {...(typed === undefined ? {} : { typed })} {...(wrong === undefined ? {} : { wrong })} />
      </div>
      <p class="muted">
        Không cần đăng nhập. Trang tra cứu không hiện tên hay thông tin cá nhân của người nộp.
      </p>
      <p>
        Chưa nộp hồ sơ? <a href="/thu-tuc">Xem thủ tục cần giấy tờ gì, bao lâu, nộp ở đâu</a>
      </p>
      <p>
        Nhận được văn bản ký số? <a href="/kiem-tra">Kiểm tra ai đã ký, nội dung có bị sửa không</a>
      </p>
    </Page>
  );
}

/** A wrong code and an unknown one look alike. */
export function UnknownCodePage({ owner, typed }: { owner: string; typed: string }): VNode {
  return (
    <Page title="Không tìm thấy hồ sơ – Tra cứu hồ sơ" owner={owner} unlisted>
      <h1>Không tìm thấy hồ sơ</h1>
      <p>
        Không có hồ sơ nào mang mã này. Hãy so lại từng chữ số với giấy tiếp nhận hồ sơ rồi thử lại; nếu vẫn
        không được, hãy hỏi bộ phận Một cửa nơi bạn đã nộp hồ sơ.
      </p>
      <div class="card">
        <CodeForm typed={typed} wrong="Không tìm thấy hồ sơ mang mã này." />
      </div>
    </Page>
  );
}

/** After a secret that opened nothing: whether the code or the secret was wrong is not said. */
export function WrongSecretPage({ owner, code }: { owner: string; code: string }): VNode {
  return (
    <Page title="Chưa mở được hồ sơ – Tra cứu hồ sơ" owner={owner} unlisted>
      <h1>Chưa mở được hồ sơ</h1>
      <p>Mã hồ sơ hoặc mã tra cứu không đúng. Hãy so lại cả hai với giấy tiếp nhận hồ sơ rồi thử lại.</p>
      <div class="card">
        <p>
          Mã hồ sơ: <strong class="figures">{code}</strong>
        </p>
        <SecretForm code={code} wrong="Mã hồ sơ hoặc mã tra cứu không đúng." />
      </div>
      <p>
        <a href="/tra-cuu">Nhập lại mã hồ sơ</a>
      </p>
    </Page>
  );
}
