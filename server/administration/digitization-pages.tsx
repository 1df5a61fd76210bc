import { Router } from "express";
import type { VNode } from "preact";
import { ownForm } from "../accounts/page-session.ts";
import { shortMoment } from "../forms/moments.ts";
import { queryText } from "../platform/http.ts";
import { Chip } from "../web/chips.tsx";
import { deskOf } from "../web/desk.ts";
import type { Desk } from "../web/desk.ts";
import { Button, Form } from "../web/form.tsx";
import { sendPage } from "../web/layout.tsx";
import { AdminPage } from "./frame.tsx";

export interface DigitizationStanding {
  scanner: { state: "none" | "away" } | { state: "works"; version: string };
  recognition: {
    /** As the worker found them; undefined before it ever looked. */
    tools:
      { checkedAt: Date; tesseract: string | null; vietnamese: boolean; poppler: string | null } | undefined;
    waiting: number;
    failed: number;
    oldestWaitingAt: Date | null;
  };
}

/** What scanning for viruses and recognition tell, and how what failed is read again. */
export interface DigitizationDesk {
  standing(): Promise<DigitizationStanding>;
  readAgain(): Promise<number>;
}

/** `/quan-tri/so-hoa`: whether uploads are scanned for viruses, and how recognition of their text stands. */
export function digitizationPages(desk: DigitizationDesk): Router {
  const router = Router();
  router.get("/quan-tri/so-hoa", async (req, res) => {
    const again = queryText(req, "doc-lai");
    const page = (
      <DigitizationPage
        desk={deskOf(req)}
        {...await desk.standing()}
        again={again !== undefined && /^\d{1,7}$/.test(again) ? Number(again) : undefined}
      />
    );
    sendPage(res, 200, page);
  });
  router.post("/quan-tri/so-hoa", ownForm(), async (_req, res) => {
    res.redirect(303, `/quan-tri/so-hoa?doc-lai=${await desk.readAgain()}`);
  });
  return router;
}

function DigitizationPage(props: DigitizationStanding & { desk: Desk; again: number | undefined }): VNode {
  const { desk, scanner, recognition, again } = props;
  const { tools, waiting, failed, oldestWaitingAt } = recognition;
  return (
    <AdminPage
      desk={desk}
      title="Số hóa giấy tờ"
      notice={
        again === undefined ? undefined : { tone: "done", text: `Đã đưa ${again} tệp về hàng chờ đọc lại.` }
      }
    >
      <section class="card" aria-labelledby="ma-doc">
        <h2 id="ma-doc">Quét mã độc</h2>
        {scanner.state === "none" && (
          <p>
            <Chip tone="soon" text="Chưa cấu hình quét mã độc" /> Tệp tải lên được kiểm tra nội dung nhưng
            không quét mã độc. Đặt CLAMD_HOST hoặc CLAMD_SOCKET để dùng ClamAV.
          </p>
        )}
        {scanner.state === "away" && (
          <p>
            <Chip tone="late" text="Không trả lời" /> Bộ quét mã độc đã cấu hình nhưng không trả lời: hệ thống
            đang từ chối mọi tệp tải lên.
          </p>
        )}
        {scanner.state === "works" && (
          <p>
            <Chip tone="done" text="Đang hoạt động" /> {scanner.version}
          </p>
        )}
      </section>
      <section class="card" aria-labelledby="nhan-dang">
        <h2 id="nhan-dang">Nhận dạng chữ</h2>
        {tools === undefined ? (
          <p class="muted">Tiến trình nền chưa kiểm tra máy chủ lần nào.</p>
        ) : tools.tesseract === null || !tools.vietnamese ? (
          <p>
            <Chip tone="soon" text="Không có bộ nhận dạng" /> Giấy tờ vẫn được nhận và chuyển thành PDF; chữ
            chưa được đọc. Cài gói tesseract-ocr và tesseract-ocr-vie, rồi khởi động lại.
          </p>
        ) : (
          <p>
            <Chip tone="done" text="Đang hoạt động" /> Tesseract {tools.tesseract}, tiếng Việt
          </p>
        )}
        {tools?.poppler === null && (
          <p>
            <Chip tone="soon" text="Không có poppler-utils" /> Chữ trong tệp PDF quét chưa được đọc.
          </p>
        )}
        <dl class="figure-row">
          <div>
            <dt>Đang chờ đọc</dt>
            <dd>{waiting}</dd>
          </div>
          <div>
            <dt>Chờ lâu nhất từ</dt>
            <dd>{oldestWaitingAt === null ? "Không có" : shortMoment(oldestWaitingAt)}</dd>
          </div>
          <div class={failed > 0 ? "late" : undefined}>
            <dt>Không đọc được</dt>
            <dd>{failed}</dd>
          </div>
        </dl>
        {failed > 0 && (
          <Form desk={desk} action="/quan-tri/so-hoa">
            <Button kind="second">Đọc lại {failed} tệp</Button>
          </Form>
        )}
      </section>
    </AdminPage>
  );
}
