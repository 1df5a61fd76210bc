import type { VNode } from "preact";
import { ACCOUNT_ROLES } from "../accounts/account.ts";
import type { AccountChange, NewAccount } from "../accounts/change-accounts.ts";
import type { AccountPerson, AccountRow, ChangeRow } from "../accounts/read-accounts.ts";
import type { Agencies } from "../catalogue/units.ts";
import { shortMoment } from "../forms/moments.ts";
import { Chip } from "../web/chips.tsx";
import { ROLE_NAMES } from "../web/desk.ts";
import type { Desk } from "../web/desk.ts";
import { Button, ButtonLink, Checkboxes, ErrorSummary, Form, Select, TextField } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import { AdminPage, doneNotice } from "./frame.tsx";

const ROLES = ACCOUNT_ROLES.map((role) => ({ value: role, label: ROLE_NAMES[role] ?? role }));

export function NewAccountPage(props: {
  desk: Desk;
  agencies: Agencies;
  entered?: NewAccount;
  errors?: FieldErrors;
}): VNode {
  const { desk, agencies, entered, errors = {} } = props;
  return (
    <AdminPage desk={desk} title="Tạo tài khoản">
      <ErrorSummary errors={errors} title="Chưa tạo được, hãy xem lại" />
      <Form desk={desk} action="/quan-tri/tai-khoan/moi" class="card narrow">
        <TextField
          name="username"
          label="Tên đăng nhập"
          hint="Chữ thường không dấu, ví dụ nguyenvanmau.stp"
          value={entered?.username}
          error={errors.username}
          maxLength={60}
          width="middle"
          autofocus
        />
        <TextField name="name" label="Họ và tên" value={entered?.name} error={errors.name} maxLength={200} />
        <UnitField agencies={agencies} value={entered?.agency} error={errors.agency} />
        <Checkboxes
          name="roles"
          label="Vai trò"
          choices={ROLES}
          values={entered?.roles ?? []}
          error={errors.roles}
        />
        <p class="muted">Mật khẩu dùng một lần được hệ thống đặt và hiện một lần ở trang sau.</p>
        <div class="buttons">
          <Button shortcut="Ctrl+Enter">Tạo tài khoản</Button>
          <a href="/quan-tri/tai-khoan">Hủy</a>
        </div>
      </Form>
    </AdminPage>
  );
}

function UnitField(props: {
  agencies: Agencies;
  value: string | undefined;
  error: string | undefined;
}): VNode {
  const { agencies, value, error } = props;
  return (
    <Select
      name="agency"
      label="Đơn vị"
      empty="Chọn đơn vị"
      value={value}
      error={error}
      choices={agencies.all.map(({ code, name }) => ({ value: code, label: `${name} (${code})` }))}
    />
  );
}

/** Shown once: nobody, the administrator neither, sees the password again. */
export function PasswordPage(props: {
  desk: Desk;
  username: string;
  password: string;
  isNew: boolean;
}): VNode {
  const { desk, username, password, isNew } = props;
  return (
    <AdminPage desk={desk} title={isNew ? "Đã tạo tài khoản" : "Đã đặt lại mật khẩu"}>
      <div class="card narrow">
        <p>
          Tài khoản <strong>{username}</strong>. Mật khẩu dùng một lần:
        </p>
        <p class="one-time figures">{password}</p>
        <p>
          Hãy giao tận tay. Mật khẩu này chỉ hiện ở đây một lần; người dùng phải đổi ngay khi đăng nhập lần
          đầu.
          {!isNew && " Các phiên đang mở của tài khoản đã kết thúc."}
        </p>
        <ButtonLink href={`/quan-tri/tai-khoan/${encodeURIComponent(username)}`}>Đến tài khoản</ButtonLink>
      </div>
    </AdminPage>
  );
}

const DONE = {
  nguoi: "Đã đổi họ tên, đơn vị của tài khoản.",
  "vai-tro": "Đã đổi vai trò. Có hiệu lực trong vài giây.",
  khoa: "Đã khóa tài khoản và kết thúc mọi phiên làm việc của tài khoản.",
  mo: "Đã mở lại tài khoản.",
};

export function AccountPage(props: {
  desk: Desk;
  account: AccountRow;
  changes: readonly ChangeRow[];
  agencies: Agencies;
  /** The name and unit that were refused. */
  entered: { name: string; agency: string } | undefined;
  done: string | undefined;
  errors: FieldErrors;
}): VNode {
  const { desk, account, changes, agencies, entered, done, errors } = props;
  const { username, name, agency, agencyName, roles, active, passwordOnce } = account;
  const address = `/quan-tri/tai-khoan/${encodeURIComponent(username)}`;
  return (
    <AdminPage desk={desk} title={`Tài khoản ${username}`} notice={doneNotice(done, DONE)}>
      <ErrorSummary errors={errors} title="Chưa đổi được" />
      <div class="columns">
        <section class="card" aria-labelledby="ai">
          <h2 id="ai">{name}</h2>
          <p>
            {agencyName} <span class="muted figures">({agency})</span>
          </p>
          <p>
            {active ? <Chip tone="done" text="Đang dùng" /> : <Chip tone="plain" text="Đã khóa" />}{" "}
            {passwordOnce && <Chip tone="soon" text="Chờ đổi mật khẩu" />}
          </p>
          <div class="buttons">
            <Form desk={desk} action={`${address}/mat-khau`}>
              <Button kind="second">Đặt lại mật khẩu</Button>
            </Form>
            <Form desk={desk} action={`${address}/trang-thai`}>
              <input type="hidden" name="active" value={active ? "khong" : "co"} />
              <Button kind={active ? "warning" : "second"}>
                {active ? "Khóa tài khoản" : "Mở lại tài khoản"}
              </Button>
            </Form>
          </div>
        </section>
        <section class="card" aria-labelledby="vai-tro-dau">
          <h2 id="vai-tro-dau">Vai trò</h2>
          <Form desk={desk} action={`${address}/vai-tro`}>
            <Checkboxes
              name="roles"
              label="Được làm gì"
              choices={ROLES}
              values={roles}
              error={errors.roles}
            />
            <Button kind="second">Lưu vai trò</Button>
          </Form>
        </section>
      </div>
      <section class="card" aria-labelledby="nguoi-dung">
        <h2 id="nguoi-dung">Họ tên và đơn vị</h2>
        <Form desk={desk} action={`${address}/nguoi`}>
          <TextField
            name="name"
            label="Họ và tên"
            value={entered?.name ?? name}
            error={errors.name}
            maxLength={200}
          />
          <UnitField agencies={agencies} value={entered?.agency ?? agency} error={errors.agency} />
          <p class="muted">
            Chuyển đơn vị thì các phiên đang mở kết thúc; hồ sơ đang thụ lý ở lại đơn vị cũ, lãnh đạo đơn vị
            cũ bàn giao cho người khác.
          </p>
          <Button kind="second">Lưu họ tên, đơn vị</Button>
        </Form>
      </section>
      <section class="card" aria-labelledby="thay-doi">
        <h2 id="thay-doi">Các thay đổi</h2>
        {changes.length === 0 ? (
          <p>Chưa có thay đổi nào được ghi.</p>
        ) : (
          <ul class="plain-list change-list">
            {changes.map((change) => (
              <li>
                <time dateTime={change.at.toISOString()}>{shortMoment(change.at)}</time>
                <span>
                  {told(change, agencies)}{" "}
                  <span class="muted">({change.by === "command" ? "lệnh trên máy chủ" : change.by})</span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </AdminPage>
  );
}

const WHAT: Record<AccountChange, string> = {
  created: "Tạo tài khoản",
  person: "Đổi họ tên, đơn vị",
  roles: "Đổi vai trò",
  disabled: "Khóa tài khoản",
  enabled: "Mở lại tài khoản",
  "password-reset": "Đặt lại mật khẩu",
  "password-changed": "Tự đổi mật khẩu",
};

function told({ what, detail }: ChangeRow, agencies: Agencies): string {
  const { before, after, roles } = detail;
  const names = (some: string[] = []) => some.map((role) => ROLE_NAMES[role] ?? role).join(", ");
  const who = ({ name, agency }: AccountPerson) => `${name}, ${agencies.name(agency)}`;
  if (what === "roles" && Array.isArray(before) && Array.isArray(after))
    return `${WHAT[what]}: ${names(before)} → ${names(after)}`;
  if (
    what === "person" &&
    before !== undefined &&
    after !== undefined &&
    !Array.isArray(before) &&
    !Array.isArray(after)
  )
    return `${WHAT[what]}: ${who(before)} → ${who(after)}`;
  return what === "created" ? `${WHAT[what]}: ${names(roles)}` : WHAT[what];
}
