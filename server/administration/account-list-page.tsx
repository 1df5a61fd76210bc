import type { VNode } from "preact";
import type { AccountRow } from "../accounts/read-accounts.ts";
import { Chip } from "../web/chips.tsx";
import { ROLE_NAMES } from "../web/desk.ts";
import type { Desk } from "../web/desk.ts";
import { ButtonLink } from "../web/form.tsx";
import { AdminPage } from "./frame.tsx";

/** The accounts, by unit, with a search over user name, name and unit. */
export function AccountListPage(props: {
  desk: Desk;
  q: string;
  page: number;
  pageSize: number;
  items: readonly AccountRow[];
  total: number;
}): VNode {
  const { desk, q, page, pageSize, items, total } = props;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const address = (to: number) =>
    `/quan-tri/tai-khoan?${new URLSearchParams({ ...(q === "" ? {} : { q }), trang: String(to) }).toString()}`;
  return (
    <AdminPage
      desk={desk}
      title="Tài khoản"
      action={
        <ButtonLink kind="main" href="/quan-tri/tai-khoan/moi" shortcut="Alt+n">
          Tạo tài khoản
        </ButtonLink>
      }
    >
      <form
        method="get"
        action="/quan-tri/tai-khoan"
        class="inline-search"
        role="search"
        aria-label="Tìm tài khoản"
      >
        <div class="field">
          <label for="q">Tìm theo tên đăng nhập, họ tên hoặc đơn vị</label>
          <input type="text" id="q" name="q" value={q} maxLength={100} data-key="/" aria-keyshortcuts="/" />
        </div>
        <button type="submit" class="second">
          Tìm
        </button>
      </form>
      <section class="card" aria-labelledby="danh-sach">
        <h2 id="danh-sach">{q === "" ? `${total} tài khoản` : `${total} tài khoản cho “${q}”`}</h2>
        {items.length === 0 ? (
          <p>
            Không có tài khoản nào khớp. <a href="/quan-tri/tai-khoan">Xem tất cả</a>
          </p>
        ) : (
          <div class="scroll" tabIndex={0} role="region" aria-label="Danh sách tài khoản">
            <table class="govuk-table dense">
              <thead>
                <tr>
                  <th scope="col">Tên đăng nhập</th>
                  <th scope="col">Họ và tên</th>
                  <th scope="col">Đơn vị</th>
                  <th scope="col">Vai trò</th>
                  <th scope="col">Trạng thái</th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ username, name, agencyName, roles, active, passwordOnce }) => (
                  <tr data-row="">
                    <td>
                      <a href={`/quan-tri/tai-khoan/${encodeURIComponent(username)}`}>{username}</a>
                    </td>
                    <td>{name}</td>
                    <td>{agencyName}</td>
                    <td>{roles.map((role) => ROLE_NAMES[role] ?? role).join(", ")}</td>
                    <td>
                      {active ? (
                        passwordOnce ? (
                          <Chip tone="soon" text="Chờ đổi mật khẩu" />
                        ) : (
                          <Chip tone="done" text="Đang dùng" />
                        )
                      ) : (
                        <Chip tone="plain" text="Đã khóa" />
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {pages > 1 && (
          <nav class="paging" aria-label="Các trang tài khoản">
            {page > 1 && (
              <a rel="prev" href={address(page - 1)}>
                Trang trước
              </a>
            )}
            <span>
              Trang {page} / {pages}
            </span>
            {page < pages && (
              <a rel="next" href={address(page + 1)}>
                Trang sau
              </a>
            )}
          </nav>
        )}
      </section>
    </AdminPage>
  );
}
