import type { VNode } from "preact";
import { Page } from "./layout.tsx";

interface LoginProps {
  to: string;
  username: string;
  error?: string;
  kept?: string;
}

/** Where officers log in; with what they had sent when their session ended, kept until they are back. */
export function LoginPage({ to, username, error, kept }: LoginProps): VNode {
  return (
    <Page
      title="Đăng nhập – Một cửa điện tử"
      home={{ href: "/", name: "Một cửa điện tử" }}
      styles={["base.css"]}
      unlisted
    >
      <div class="card login">
        <h1>Đăng nhập</h1>
        {error !== undefined && (
          <p class="error" role="alert" id="login-error">
            {error}
          </p>
        )}
        <form method="post" action="/dang-nhap">
          <input type="hidden" name="den" value={to} />
          {kept !== undefined && <input type="hidden" name="_giu" value={kept} />}
          <div class="govuk-form-group">
            <label class="govuk-label" for="username">
              Tên đăng nhập
            </label>
            <input
              class="govuk-input"
              id="username"
              name="username"
              type="text"
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              value={username}
              autofocus={username === ""}
              {...(error === undefined ? {} : { "aria-describedby": "login-error" })}
            />
          </div>
          <div class="govuk-form-group">
            <label class="govuk-label" for="password">
              Mật khẩu
            </label>
            <input
              class="govuk-input"
              id="password"
              name="password"
              type="password"
              autocomplete="current-password"
              autofocus={username !== ""}
            />
          </div>
          <button type="submit" class="govuk-button">
            Đăng nhập
          </button>
        </form>
        <p class="muted">Dành cho cán bộ. Người dân theo dõi hồ sơ tại trang tra cứu, không cần đăng nhập.</p>
        <p>
          <a href="/tra-cuu">Tra cứu hồ sơ</a>
        </p>
      </div>
    </Page>
  );
}

/** After logging in again: what was typed before is sent by one key. */
export function GoOnPage({
  action,
  fields,
  csrf,
}: {
  action: string;
  fields: [string, string][];
  csrf: string;
}): VNode {
  return (
    <Page
      title="Gửi tiếp – Một cửa điện tử"
      home={{ href: "/", name: "Một cửa điện tử" }}
      styles={["base.css"]}
      unlisted
    >
      <div class="card">
        <h1>Bạn đã đăng nhập lại</h1>
        <p>Nội dung bạn nhập trước khi phiên hết hạn vẫn còn nguyên. Bấm để gửi tiếp.</p>
        <form method="post" action={action}>
          <input type="hidden" name="_csrf" value={csrf} />
          {fields.map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <button type="submit" class="govuk-button" autofocus>
            Gửi tiếp <kbd aria-hidden="true">↵</kbd>
          </button>
        </form>
        <p>
          <a href="/ban-lam-viec">Không gửi, về bàn làm việc</a>
        </p>
      </div>
    </Page>
  );
}
