import type { VNode } from "preact";
import type { DossierRecord } from "../dossier/record.ts";
import { momentInProse } from "../web/dates.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import { ButtonLink } from "../web/form.tsx";

const DONE = {
  tone: "done",
  text: "Đã tiếp nhận hồ sơ và tính ngày hẹn trả. In giấy tiếp nhận cho người nộp.",
} as const;
const BEFORE = {
  tone: "soon",
  text: "Lần gửi trước đã đến, hồ sơ đã được lưu như dưới đây. Phần sửa sau lần đó chưa được ghi: hãy mở hồ sơ để sửa.",
} as const;

/** What was just received: the code, the secret for the citizen, the day, and the receipt to print. */
export function ReceivedPage(props: {
  desk: Desk;
  dossier: DossierRecord;
  procedure: string;
  secret: string;
  dueAt: string | null;
  /** The form was sent before, its answer was lost, and it was changed meanwhile. */
  before: boolean;
}): VNode {
  const { desk, dossier, procedure, secret, dueAt, before } = props;
  return (
    <DeskPage desk={desk} title="Đã tiếp nhận" scripts={["receive.js"]} notice={before ? BEFORE : DONE}>
      <div class="card received" data-received={dossier.code}>
        <dl class="facts">
          <div>
            <dt>Mã hồ sơ</dt>
            <dd class="code">{dossier.code}</dd>
          </div>
          <div>
            <dt>Mã tra cứu (chỉ đưa cho người nộp)</dt>
            <dd class="code">{secret}</dd>
          </div>
          <div>
            <dt>Người nộp</dt>
            <dd>{dossier.people.applicant.name}</dd>
          </div>
          <div>
            <dt>Thủ tục</dt>
            <dd>{procedure}</dd>
          </div>
          <div>
            <dt>Hẹn trả</dt>
            <dd>
              {dueAt === null
                ? "Theo quy định của thủ tục"
                : `${dossier.provisional ? "Dự kiến " : ""}${momentInProse(dueAt)}`}
            </dd>
          </div>
        </dl>
        <div class="buttons">
          <ButtonLink kind="main" href={`/ho-so/${dossier.code}/in/receipt.pdf`} shortcut="p">
            In giấy tiếp nhận
          </ButtonLink>
          <ButtonLink href="/tiep-nhan" shortcut="n">
            Hồ sơ tiếp theo
          </ButtonLink>
          <ButtonLink href={`/ho-so/${dossier.code}`} shortcut="o">
            Mở hồ sơ
          </ButtonLink>
        </div>
      </div>
    </DeskPage>
  );
}
