import type { VNode } from "preact";
import { Page } from "../web/layout.tsx";

export interface CheckPageProps {
  owner: string;
  wrongFile?: string;
  wrongCode?: string;
  /** The code that was typed. */
  typed?: string;
}

/** Where a check begins: a file, or the code of a result. */
export function CheckPage({ owner, wrongFile, wrongCode, typed }: CheckPageProps): VNode {
  const isWrong = wrongFile !== undefined || wrongCode !== undefined;
  return (
    <Page title={`${isWrong ? "Chưa kiểm tra được – " : ""}Kiểm tra văn bản ký số`} owner={owner}>
      <h1>Kiểm tra văn bản ký số</h1>
      <FileForm {...(wrongFile === undefined ? {} : { wrong: wrongFile })} />
      <section class="card" aria-labelledby="theo-ma">
        <h2 id="theo-ma">Chỉ có bản in?</h2>
        <CodeForm {...(wrongCode === undefined ? {} : { wrong: wrongCode })} typed={typed ?? ""} />
      </section>
      <p class="muted">
        Trang này cho biết ai đã ký, ký lúc nào, nội dung có bị sửa sau khi ký hay không và chứng thư số lúc
        ký có hiệu lực hay không. Không cần đăng nhập; tệp bạn gửi được kiểm tra rồi xóa ngay, không lưu lại.
      </p>
      <p>
        <a href="/tra-cuu">Tra cứu hồ sơ</a>
      </p>
    </Page>
  );
}

/** The field for a file. */
export function FileForm({ wrong }: { wrong?: string }): VNode {
  const described = wrong === undefined ? "tep-goi-y" : "tep-sai tep-goi-y";
  return (
    <form method="post" action="/kiem-tra" enctype="multipart/form-data" class="card check-file">
      <div class={wrong === undefined ? "field" : "field wrong"}>
        <label for="file">Tệp PDF cần kiểm tra</label>
        <p class="hint" id="tep-goi-y">
          Tệp gốc nhận từ cơ quan, tối đa 50 MB. Bản in, bản chụp hoặc bản quét không còn chữ ký số.
        </p>
        {wrong !== undefined && (
          <p class="error" id="tep-sai">
            {wrong}
          </p>
        )}
        <input
          type="file"
          id="file"
          name="file"
          accept="application/pdf,.pdf"
          aria-describedby={described}
          {...(wrong === undefined ? {} : { "aria-invalid": "true" })}
        />
      </div>
      <button type="submit">Kiểm tra</button>
    </form>
  );
}

function CodeForm({ typed, wrong }: { typed: string; wrong?: string }): VNode {
  const described = wrong === undefined ? "so-goi-y" : "so-sai so-goi-y";
  return (
    <form method="get" action="/kiem-tra" class="stack">
      <div class={wrong === undefined ? "field" : "field wrong"}>
        <label for="so">Mã hồ sơ trên kết quả</label>
        <p class="hint" id="so-goi-y">
          In dưới mã QR của kết quả, ví dụ 000.00.20.H30-261123-0001; hoặc quét mã QR vào ô này.
        </p>
        {wrong !== undefined && (
          <p class="error" id="so-sai">
            {wrong}
          </p>
        )}
        <input
          type="text"
          id="so"
          name="so"
          value={typed}
          maxLength={300}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          aria-describedby={described}
          {...(wrong === undefined ? {} : { "aria-invalid": "true" })}
        />
      </div>
      <button type="submit" class="second">
        Xem ai đã ký
      </button>
    </form>
  );
}
