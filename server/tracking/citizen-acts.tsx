import { randomUUID } from "node:crypto";
import type { VNode } from "preact";
import { FILE_KINDS } from "./send-acts.ts";
import type { Told } from "./send-acts.ts";
import type { SentPaper, TrackingWithSecret } from "./track-dossier.ts";

export interface Opened {
  secret: string;
  details: TrackingWithSecret;
  /** What the citizen has sent since the supplement was asked for. */
  sent: readonly SentPaper[];
}

/** What was just done, or why it was not. */
export function ToldBox({ told }: { told: Told }): VNode {
  return (
    <div class={`told-box ${told.tone}`} role={told.tone === "done" ? "status" : "alert"}>
      {told.lines.map((line) => (
        <p>{line}</p>
      ))}
    </div>
  );
}

/** Carries the secret and one key for one intent; both go in the body, never in an address. */
function Hidden({ secret }: { secret: string }): VNode {
  return (
    <>
      <input type="hidden" name="secret" value={secret} />
      <input type="hidden" name="_lan" value={randomUUID()} />
    </>
  );
}

/** The papers that were asked for, each with its own form to send a scan, and the button that hands them in. */
export function SupplementForms({
  code,
  opened,
}: {
  code: string;
  opened: Opened & { details: { supplement: NonNullable<TrackingWithSecret["supplement"]> } };
}): VNode {
  const { secret, details, sent } = opened;
  const { reason, items } = details.supplement;
  const may = new Set(details.allowedEvents.map(({ type }) => type));
  const address = `/tra-cuu/${encodeURIComponent(code)}`;
  return (
    <>
      {reason !== "" && <p>Lý do: {reason}</p>}
      <ol class="asked">
        {items.map(({ documentCode, title, text, note }, at) => {
          const component = documentCode ?? "other";
          return (
            <li>
              <strong>{[title, text].filter((part) => part !== undefined).join(": ")}</strong>
              {note !== undefined && note !== "" && <p>{note}</p>}
              {sent
                .filter((paper) => documentCode !== undefined && paper.component === documentCode)
                .map(({ fileName }) => (
                  <p class="sent">Đã gửi: {fileName}</p>
                ))}
              <form
                method="post"
                action={`${address}/giay-to`}
                enctype="multipart/form-data"
                class="send-paper"
              >
                <Hidden secret={secret} />
                <input type="hidden" name="component" value={component} />
                <label for={`tep-${at}`}>Tệp quét hoặc ảnh chụp</label>
                <input type="file" id={`tep-${at}`} name="file" accept={FILE_KINDS} />
                <button type="submit" class="second">
                  Gửi tệp
                </button>
              </form>
            </li>
          );
        })}
      </ol>
      {sent.some(({ component }) => component === "other") && (
        <p class="sent">
          Giấy tờ khác đã gửi:{" "}
          {sent
            .filter(({ component }) => component === "other")
            .map(({ fileName }) => fileName)
            .join(", ")}
        </p>
      )}
      <p class="hint">Tệp PDF, JPG hoặc PNG, mỗi lần một tệp. Không có máy quét thì chụp rõ từng trang.</p>
      {may.has("SUPPLEMENT") && (
        <form method="post" action={`${address}/bo-sung`} class="stack hand-in">
          <Hidden secret={secret} />
          <p>
            Khi đã gửi đủ, bấm nút dưới đây. Cơ quan nhận được ngay, và thời hạn giải quyết được tính tiếp.
            Bạn cũng có thể mang giấy tờ đến {details.holder.name}.
          </p>
          <button type="submit">Nộp bổ sung</button>
        </form>
      )}
    </>
  );
}

/** Folded away: few need it, and it stops the work. */
export function WithdrawalForm({
  code,
  opened,
  reason,
}: {
  code: string;
  opened: Opened;
  reason?: string;
}): VNode | null {
  const { secret, details } = opened;
  if (!details.allowedEvents.some(({ type }) => type === "REQUEST_WITHDRAWAL")) return null;
  return (
    <details class="card" open={reason !== undefined}>
      <summary>Yêu cầu rút hồ sơ</summary>
      <form method="post" action={`/tra-cuu/${encodeURIComponent(code)}/rut-ho-so`} class="stack">
        <Hidden secret={secret} />
        <p>
          Cơ quan tạm dừng giải quyết và xem xét yêu cầu của bạn. Nếu đồng ý, hồ sơ kết thúc và bạn nhận lại
          giấy tờ đã nộp; nếu không, hồ sơ được giải quyết tiếp. Trang này cho biết kết quả.
        </p>
        <div class="field">
          <label for="ly-do">Lý do rút hồ sơ</label>
          <textarea id="ly-do" name="reason" rows={3} maxLength={2000}>
            {reason ?? ""}
          </textarea>
        </div>
        <button type="submit" class="second">
          Gửi yêu cầu rút hồ sơ
        </button>
      </form>
    </details>
  );
}
