import { Router } from "express";
import type { VNode } from "preact";
import type { Deps } from "../dossier/deps.ts";
import { shortMoment } from "../forms/moments.ts";
import { readUses } from "../person-store/uses.ts";
import type { UseAction, UseLine } from "../person-store/uses.ts";
import { queryText } from "../platform/http.ts";
import { deskOf } from "../web/desk.ts";
import type { Desk } from "../web/desk.ts";
import { sendPage } from "../web/layout.tsx";
import { AdminPage } from "./frame.tsx";

const A_PAGE = 50;

const ACTIONS: Record<UseAction, string> = {
  look: "Tìm trong kho",
  use: "Dùng lại",
  describe: "Ghi số, ngày, hiệu lực",
  end: "Đưa ra khỏi kho",
};

/** `/quan-tri/kho-giay-to`: every look into people's stores of papers and every use, the last first. */
export function storePages(deps: Deps): Router {
  const router = Router();
  router.get("/quan-tri/kho-giay-to", async (req, res) => {
    const action = queryText(req, "viec") ?? "";
    const by = queryText(req, "can-bo")?.trim() ?? "";
    const before = queryText(req, "truoc");
    const lines = await readUses(deps, {
      ...(isAction(action) ? { action } : {}),
      ...(by === "" ? {} : { by }),
      ...(before !== undefined && /^\d{1,15}$/.test(before) ? { before: Number(before) } : {}),
      limit: A_PAGE + 1,
    });
    const page = (
      <StorePage
        desk={deskOf(req)}
        lines={lines.slice(0, A_PAGE)}
        more={lines.length > A_PAGE}
        first={before === undefined}
        action={action}
        by={by}
        unitName={(code) => deps.agencies.name(code)}
      />
    );
    sendPage(res, 200, page);
  });
  return router;
}

const isAction = (name: string): name is UseAction => Object.hasOwn(ACTIONS, name);

function StorePage(props: {
  desk: Desk;
  lines: UseLine[];
  more: boolean;
  first: boolean;
  action: string;
  by: string;
  unitName: (code: string) => string;
}): VNode {
  const { desk, lines, more, first, action, by, unitName } = props;
  const kept = new URLSearchParams({ viec: action, "can-bo": by });
  return (
    <AdminPage desk={desk} title="Kho giấy tờ của người dân">
      <form
        method="get"
        action="/quan-tri/kho-giay-to"
        class="inline-search"
        role="search"
        aria-label="Lọc nhật ký"
      >
        <div class="field">
          <label for="viec">Việc</label>
          <select class="govuk-select" id="viec" name="viec">
            <option value="">Tất cả</option>
            {Object.entries(ACTIONS).map(([value, label]) => (
              <option value={value} selected={value === action}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <div class="field">
          <label for="can-bo">Tên đăng nhập của cán bộ</label>
          <input type="text" id="can-bo" name="can-bo" value={by} maxLength={100} />
        </div>
        <button type="submit" class="second">
          Lọc
        </button>
      </form>
      <section class="card" aria-labelledby="nhat-ky">
        <h2 id="nhat-ky">Nhật ký tìm và dùng giấy tờ</h2>
        <p class="muted">
          Mỗi lần cán bộ tìm hay dùng giấy tờ trong kho của một người đều được ghi, không sửa và không xóa
          được. Số định danh chỉ hiện ba ký tự cuối.
        </p>
        {lines.length === 0 ? (
          <p>Không có dòng nào.</p>
        ) : (
          <div class="scroll" tabIndex={0} role="region" aria-label="Bảng nhật ký">
            <table class="govuk-table dense">
              <thead>
                <tr>
                  <th scope="col">Lúc</th>
                  <th scope="col">Cán bộ</th>
                  <th scope="col">Việc</th>
                  <th scope="col">Của người</th>
                  <th scope="col">Giấy tờ</th>
                  <th scope="col">Hồ sơ, thủ tục</th>
                </tr>
              </thead>
              <tbody>
                {lines.map((line) => (
                  <tr data-row="">
                    <td class="figures">{shortMoment(line.at)}</td>
                    <td>
                      {line.byName} <span class="muted">({line.by})</span>
                      <br />
                      <span class="muted">{line.agency === null ? "" : unitName(line.agency)}</span>
                    </td>
                    <td>
                      {ACTIONS[line.action]}
                      {line.present !== null && (
                        <>
                          <br />
                          <span class="muted">
                            {line.present ? "người nộp có mặt" : "người nộp không có mặt"}
                          </span>
                        </>
                      )}
                    </td>
                    <td class="figures">{line.owner ?? "không có trong kho"}</td>
                    <td>{line.titles.length === 0 ? "Không có giấy tờ nào" : line.titles.join("; ")}</td>
                    <td>
                      {line.dossierCode !== null && <strong>{line.dossierCode}</strong>}{" "}
                      <span class="muted">{line.procedureCode}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {(more || !first) && (
          <nav class="paging" aria-label="Các trang nhật ký">
            {!first && <a href={`/quan-tri/kho-giay-to?${kept.toString()}`}>Về đầu nhật ký</a>}
            {more && (
              <a rel="next" href={`/quan-tri/kho-giay-to?${kept.toString()}&truoc=${lines.at(-1)?.id ?? 0}`}>
                Cũ hơn
              </a>
            )}
          </nav>
        )}
      </section>
    </AdminPage>
  );
}
