import { Router } from "express";
import type { VNode } from "preact";
import { changeOwnPassword } from "../accounts/change-accounts.ts";
import { ownForm } from "../accounts/page-session.ts";
import { hashToken } from "../accounts/sessions.ts";
import type { Sessions } from "../accounts/sessions.ts";
import type { Deps } from "../dossier/deps.ts";
import { Invalid } from "../platform/errors.ts";
import { queryText } from "../platform/http.ts";
import { ROLE_NAMES, deskOf } from "../web/desk.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import { Button, ErrorSummary, Form, TextField } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import { sendPage } from "../web/layout.tsx";

/** `/tai-khoan`: one's own account, and one's own password. */
export function ownPasswordPages(deps: Deps & { sessions: Sessions }): Router {
  const router = Router();
  router.get("/tai-khoan", (req, res) => {
    const page = (
      <OwnPage
        desk={deskOf(req)}
        done={queryText(req, "xong") !== undefined}
        mustChange={req.pageSession?.account.passwordOnce === true}
      />
    );
    sendPage(res, 200, page);
  });

  router.post("/tai-khoan", ownForm(), async (req, res) => {
    const desk = deskOf(req);
    const token = req.pageSession?.token ?? "";
    // As typed, blanks included.
    const body = req.body as Record<string, unknown>;
    const typed = (name: string) => (typeof body[name] === "string" ? body[name] : "");
    try {
      await deps.db.transaction((trx) =>
        changeOwnPassword({ trx, clock: deps.clock, by: desk.username }, hashToken(token), {
          present: typed("present"),
          next: typed("next"),
          again: typed("again"),
        }),
      );
      deps.sessions.forget(token);
      res.redirect(303, "/tai-khoan?xong=1");
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      const errors = Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
      sendPage(res, 422, <OwnPage desk={desk} done={false} mustChange={false} errors={errors} />);
    }
  });
  return router;
}

function OwnPage(props: { desk: Desk; done: boolean; mustChange: boolean; errors?: FieldErrors }): VNode {
  const { desk, done, mustChange, errors = {} } = props;
  return (
    <DeskPage
      desk={desk}
      title="Tài khoản của tôi"
      notice={
        done
          ? { tone: "done", text: "Đã đổi mật khẩu. Các phiên khác của tài khoản đã kết thúc." }
          : mustChange
            ? { tone: "soon", text: "Mật khẩu này dùng một lần. Hãy đặt mật khẩu của riêng bạn để tiếp tục." }
            : undefined
      }
    >
      <ErrorSummary errors={errors} title="Chưa đổi được mật khẩu" />
      <div class="columns">
        <section class="card" aria-labelledby="doi-mat-khau">
          <h2 id="doi-mat-khau">Đổi mật khẩu</h2>
          <Form desk={desk} action="/tai-khoan">
            {/* For the browser's own store of passwords. */}
            <input type="hidden" name="username" value={desk.username} autocomplete="username" />
            <TextField
              name="present"
              label="Mật khẩu hiện tại"
              type="password"
              autocomplete="current-password"
              error={errors.present}
              width="middle"
            />
            <TextField
              name="next"
              label="Mật khẩu mới"
              hint="Từ 10 ký tự trở lên"
              type="password"
              autocomplete="new-password"
              error={errors.next}
              width="middle"
            />
            <TextField
              name="again"
              label="Nhập lại mật khẩu mới"
              type="password"
              autocomplete="new-password"
              error={errors.again}
              width="middle"
            />
            <Button shortcut="Ctrl+Enter">Đổi mật khẩu</Button>
          </Form>
        </section>
        <section class="card" aria-labelledby="toi">
          <h2 id="toi">{desk.name}</h2>
          <p>Tên đăng nhập: {desk.username}</p>
          <p>Đơn vị: {desk.unitName}</p>
          <p>Vai trò: {desk.roles.map((role) => ROLE_NAMES[role] ?? role).join(", ")}</p>
          <p class="muted">Tên, đơn vị và vai trò do quản trị viên đổi.</p>
        </section>
      </div>
    </DeskPage>
  );
}
