import type { VNode } from "preact";
import type { Deps } from "../dossier/deps.ts";
import { shortMoment } from "../forms/moments.ts";
import { Chip } from "../web/chips.tsx";

/** What became of the last signing of a dossier's result. */
export interface SigningStanding {
  type: "SIGN" | "SEAL";
  state: "running" | "done" | "failed" | "abandoned";
  startedAt: Date;
  level: "B-B" | "B-T" | "B-LT" | null;
}

/** Reads it off the signings that were begun; undefined where there is none. */
export async function signingStanding({ db }: Deps, dossierId: number): Promise<SigningStanding | undefined> {
  return db
    .first<SigningStanding | undefined>({
      type: "type",
      state: "state",
      startedAt: "started_at",
      level: "level",
    })
    .from("signings")
    .where({ dossier_id: dossierId, document_id: null })
    .orderBy("id", "desc");
}

/** What an officer has to know of the signatures: under way, failed, or without a timestamp. Nothing when all is well. */
export function SigningNote(props: {
  signing: SigningStanding | undefined;
  roles: readonly string[];
}): VNode | null {
  const { signing, roles } = props;
  if (signing === undefined) return null;
  const { type, state, level, startedAt } = signing;
  const signs = roles.includes("leader") || roles.includes("clerk");
  const look = signs && <a href="/ho-so/ky-so">Xem trang Ký số</a>;
  if (state === "running")
    return (
      <p>
        <Chip tone="soon" text="Đang ký số" /> từ {shortMoment(startedAt)}, sẽ tự hoàn tất. {look}
      </p>
    );
  if (state !== "done")
    return (
      <p>
        <Chip tone="late" text="Ký không thành" /> Lần ký lúc {shortMoment(startedAt)} không hoàn tất, chưa có
        gì được ghi; hãy ký lại. {look}
      </p>
    );
  if (level === "B-B")
    return (
      <p>
        <Chip tone="soon" text="Chữ ký chưa có dấu thời gian" /> Chữ ký hợp lệ khi chứng thư còn hiệu lực,
        chưa đủ để xác minh lâu dài.
      </p>
    );
  if (level === "B-T" && type === "SEAL")
    return (
      <p>
        <Chip tone="soon" text="Chữ ký chưa có dữ liệu xác minh lâu dài" /> Có dấu thời gian; chưa lấy được
        trạng thái thu hồi của chứng thư.
      </p>
    );
  return null;
}
