import { Router } from "express";
import type { VNode } from "preact";
import { ownForm } from "../accounts/page-session.ts";
import type { Deps } from "../dossier/deps.ts";
import { shortMoment } from "../forms/moments.ts";
import { fieldText } from "../platform/form-body.ts";
import { queryText } from "../platform/http.ts";
import { Chip } from "../web/chips.tsx";
import { deskOf } from "../web/desk.ts";
import type { Desk } from "../web/desk.ts";
import { Button, Form } from "../web/form.tsx";
import { sendPage } from "../web/layout.tsx";
import { AdminPage } from "./frame.tsx";

/** What the delivery to the national portal tells, and how it is started again. */
export interface PortalDesk {
  status(): Promise<{
    pending: number;
    failed: number;
    oldestPendingAt: string | null;
    lastReconciledAt: string | null;
    differences: number | null;
  }>;
  failed(): Promise<
    { id: number; dossierCode: string; kind: string; attempts: number; reason: string; createdAt: Date }[]
  >;
  differences(): Promise<
    { dossierCode: string; what: string; ours: string; theirs: string; undelivered: number }[]
  >;
  /** Puts one message or all failed ones back. Answers how many. */
  resend(which: { outboxId: number } | "all"): Promise<number>;
}

/** `/quan-tri/cong-dvc`: how far the national portal is behind, what failed and why, and sending it again. */
export function portalPages({ log }: Pick<Deps, "log">, portal: PortalDesk): Router {
  const router = Router();

  router.get("/quan-tri", (_req, res) => {
    res.redirect(303, "/quan-tri/cong-dvc");
  });

  router.get("/quan-tri/cong-dvc", async (req, res) => {
    const [status, failed, differences] = await Promise.all([
      portal.status(),
      portal.failed(),
      portal.differences(),
    ]);
    const sent = queryText(req, "da-gui");
    const page = (
      <PortalPage
        desk={deskOf(req)}
        status={status}
        failed={failed}
        differences={differences}
        sent={sent !== undefined && /^\d{1,7}$/.test(sent) ? Number(sent) : undefined}
      />
    );
    sendPage(res, 200, page);
  });

  router.post("/quan-tri/cong-dvc", ownForm(), async (req, res) => {
    const which = fieldText(req, "thu");
    const count = /^\d{1,15}$/.test(which)
      ? await portal.resend({ outboxId: Number(which) })
      : which === "tat-ca"
        ? await portal.resend("all")
        : 0;
    log.info({ count, by: deskOf(req).username }, "failed messages to the portal put back");
    res.redirect(303, `/quan-tri/cong-dvc?da-gui=${count}`);
  });
  return router;
}

const KINDS: Record<string, string> = { dossier: "Hồ sơ", progress: "Tiến trình" };
const FIELDS: Record<string, string> = {
  missing: "Cổng không có hồ sơ",
  unreadable: "Cổng không cho đọc",
  TrangThaiHoSo: "Trạng thái",
  NgayHenTra: "Ngày hẹn trả",
  SoLuongTienTrinh: "Số bước tiến trình",
};
const MOST_DIFFERENCES = 100;

function PortalPage(props: {
  desk: Desk;
  status: Awaited<ReturnType<PortalDesk["status"]>>;
  failed: Awaited<ReturnType<PortalDesk["failed"]>>;
  differences: Awaited<ReturnType<PortalDesk["differences"]>>;
  sent: number | undefined;
}): VNode {
  const { desk, status, failed, differences, sent } = props;
  const moment = (iso: string | null, none: string) => (iso === null ? none : shortMoment(new Date(iso)));
  return (
    <AdminPage
      desk={desk}
      title="Đồng bộ Cổng Dịch vụ công quốc gia"
      notice={
        sent === undefined
          ? undefined
          : sent === 0
            ? { tone: "soon", text: "Không còn tin nào ở trạng thái lỗi để gửi lại." }
            : { tone: "done", text: `Đã đưa ${sent} tin về hàng chờ. Hệ thống gửi ngay theo đúng thứ tự.` }
      }
    >
      <dl class="figure-row">
        <Figure name="Chờ gửi" value={String(status.pending)} />
        <Figure name="Gửi lỗi" value={String(status.failed)} late={status.failed > 0} />
        <Figure name="Tin chờ lâu nhất từ" value={moment(status.oldestPendingAt, "Không có")} />
        <Figure name="Đối soát gần nhất" value={moment(status.lastReconciledAt, "Chưa chạy")} />
        <Figure
          name="Chênh lệch"
          value={status.differences === null ? "–" : String(status.differences)}
          late={(status.differences ?? 0) > 0}
        />
      </dl>
      <section class="card" aria-labelledby="loi">
        <div class="desk-title">
          <h2 id="loi">Tin gửi lỗi</h2>
          {failed.length > 0 && (
            <Form desk={desk} action="/quan-tri/cong-dvc">
              <input type="hidden" name="thu" value="tat-ca" />
              <Button shortcut="Alt+g">Gửi lại tất cả {status.failed} tin</Button>
            </Form>
          )}
        </div>
        {failed.length === 0 ? (
          <p>Không có tin nào bị lỗi.</p>
        ) : (
          <div class="scroll" tabIndex={0} role="region" aria-label="Bảng tin gửi lỗi">
            <table class="govuk-table dense">
              <thead>
                <tr>
                  <th scope="col">Hồ sơ</th>
                  <th scope="col">Loại</th>
                  <th scope="col">Tạo lúc</th>
                  <th scope="col" class="amount">
                    Số lần
                  </th>
                  <th scope="col">Lý do</th>
                  <th scope="col">
                    <span class="hidden-label">Gửi lại</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {failed.map(({ id, dossierCode, kind, createdAt, attempts, reason }) => (
                  <tr data-row="">
                    <td class="figures">{dossierCode}</td>
                    <td>{KINDS[kind] ?? kind}</td>
                    <td>
                      <time dateTime={createdAt.toISOString()}>{shortMoment(createdAt)}</time>
                    </td>
                    <td class="amount">{attempts}</td>
                    <td class="reason">{reason}</td>
                    <td>
                      <Form desk={desk} action="/quan-tri/cong-dvc">
                        <input type="hidden" name="thu" value={String(id)} />
                        <button type="submit" class="second small">
                          Gửi lại<span class="hidden-label"> tin của hồ sơ {dossierCode}</span>
                        </button>
                      </Form>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            {status.failed > failed.length && (
              <p class="muted">
                Hiện {failed.length} tin cũ nhất trong {status.failed} tin lỗi.
              </p>
            )}
          </div>
        )}
      </section>
      <section class="card" aria-labelledby="chenh-lech">
        <h2 id="chenh-lech">Chênh lệch của lần đối soát gần nhất</h2>
        {differences.length === 0 ? (
          <p>{status.lastReconciledAt === null ? "Chưa đối soát lần nào." : "Không có chênh lệch."}</p>
        ) : (
          <div class="scroll" tabIndex={0} role="region" aria-label="Bảng chênh lệch">
            <table class="govuk-table dense">
              <thead>
                <tr>
                  <th scope="col">Hồ sơ</th>
                  <th scope="col">Chênh lệch</th>
                  <th scope="col">Ở hệ thống</th>
                  <th scope="col">Ở Cổng</th>
                  <th scope="col">Giải thích</th>
                </tr>
              </thead>
              <tbody>
                {differences
                  .slice(0, MOST_DIFFERENCES)
                  .map(({ dossierCode, what, ours, theirs, undelivered }) => (
                    <tr>
                      <td class="figures">{dossierCode}</td>
                      <td>{FIELDS[what] ?? what}</td>
                      <td class="figures">{ours}</td>
                      <td class="figures">{theirs === "" ? "–" : theirs}</td>
                      <td>
                        {undelivered > 0 ? (
                          <Chip tone="soon" text={`Còn ${undelivered} tin chưa gửi`} />
                        ) : (
                          <Chip tone="late" text="Cần kiểm tra" />
                        )}
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        )}
      </section>
    </AdminPage>
  );
}

function Figure({ name, value, late }: { name: string; value: string; late?: boolean }): VNode {
  return (
    <div class={late === true ? "late" : undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
