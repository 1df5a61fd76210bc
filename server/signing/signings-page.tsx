import type { ComponentChildren, VNode } from "preact";
import { shortMoment } from "../forms/moments.ts";
import { Chip } from "../web/chips.tsx";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import { ButtonLink } from "../web/form.tsx";
import type { ShownSigning, UnitSignings } from "./read-signings.ts";
import { reasonInWords, TYPE_WORDS } from "./signing-words.ts";

/** What the unit is signing now, what failed and can be repeated, what is done. */
export function SigningsPage(props: { desk: Desk; signings: UnitSignings }): VNode {
  const { desk, signings } = props;
  const { running, failed, done, unstamped } = signings;
  return (
    <DeskPage desk={desk} title="Ký số" action={<ButtonLink href="/ho-so/so-van-ban">Sổ văn bản</ButtonLink>}>
      <Part id="dang-ky" title="Đang ký" rows={running} empty="Không có lần ký nào đang thực hiện.">
        <p class="muted">
          Chữ ký của thiết bị hoặc dịch vụ ngoài có thể cần vài phút và tự hoàn tất.{" "}
          <a href="/ho-so/ky-so">Tải lại trang</a> để xem kết quả.
        </p>
      </Part>
      <Part
        id="ky-loi"
        title="Ký không thành"
        rows={failed}
        empty="Không có hồ sơ nào phải ký lại."
        last={{
          name: "Làm lại",
          cell: ({ dossierCode, type }) => (
            <a href={`/ho-so/${dossierCode}/viec/${type}`}>
              {type === "SIGN" ? "Ký lại" : "Đóng dấu lại"}
              <span class="hidden-label"> hồ sơ {dossierCode}</span>
            </a>
          ),
        }}
      />
      {unstamped.length > 0 && (
        <Part
          id="thieu-dau-thoi-gian"
          title="Kết quả chưa có dấu thời gian"
          rows={unstamped}
          empty=""
          last={{ name: "Mức chữ ký", cell: Level }}
        >
          <p class="muted">
            Chữ ký hợp lệ khi chứng thư còn hiệu lực; sau khi chứng thư hết hạn sẽ không chứng minh được đã ký
            lúc nào.
          </p>
        </Part>
      )}
      <Part
        id="da-ky"
        title="Đã ký gần đây"
        rows={done}
        empty="Đơn vị chưa ký số kết quả nào."
        last={{ name: "Mức chữ ký", cell: Level }}
      />
    </DeskPage>
  );
}

interface LastColumn {
  name: string;
  cell: (signing: ShownSigning) => ComponentChildren;
}

function Part(props: {
  id: string;
  title: string;
  rows: readonly ShownSigning[];
  empty: string;
  last?: LastColumn;
  children?: ComponentChildren;
}): VNode {
  const { id, title, rows, empty, last, children } = props;
  const isFailure = rows.some(({ state }) => state === "failed" || state === "abandoned");
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {rows.length === 0 ? (
        <p class="muted">{empty}</p>
      ) : (
        <>
          {children}
          <div class="scroll" tabIndex={0} role="region" aria-label={`Bảng: ${title}`}>
            <table class="govuk-table register-table">
              <thead>
                <tr>
                  <th scope="col">Hồ sơ</th>
                  {last !== undefined && <th scope="col">{last.name}</th>}
                  {isFailure && <th scope="col">Lý do</th>}
                  <th scope="col">Việc</th>
                  <th scope="col">Người thực hiện</th>
                  <th scope="col">Bắt đầu</th>
                </tr>
              </thead>
              <tbody>
                {rows.map((signing) => (
                  <tr>
                    <td>
                      <a class="figures" href={`/ho-so/${signing.dossierCode}`}>
                        {signing.dossierCode}
                      </a>
                    </td>
                    {last !== undefined && <td>{last.cell(signing)}</td>}
                    {isFailure && <td>{signing.reason !== null && reasonInWords(signing.reason)}</td>}
                    <td>{TYPE_WORDS[signing.type]}</td>
                    <td>{signing.byName}</td>
                    <td>
                      <time dateTime={signing.startedAt.toISOString()}>{shortMoment(signing.startedAt)}</time>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  );
}

function Level({ level, reason, type }: ShownSigning): VNode {
  const words = { "B-B": "Chưa có dấu thời gian", "B-T": "Có dấu thời gian", "B-LT": "Lưu trữ lâu dài" };
  const short = level === "B-B" || (level === "B-T" && type === "SEAL");
  return (
    <>
      <Chip tone={short ? "soon" : "done"} text={words[level ?? "B-B"]} />
      {short && reason !== null && <span class="muted"> {reasonInWords(reason)}</span>}
    </>
  );
}
