import type { VNode } from "preact";
import type { EnteredYear } from "../catalogue/enter-calendar.ts";
import { shortMoment } from "../forms/moments.ts";
import { Chip } from "../web/chips.tsx";
import type { Desk } from "../web/desk.ts";
import { Button, ButtonLink, Checkboxes, ErrorSummary, Form, TextArea, TextField } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import { dayFirst } from "./calendar-form.ts";
import type { CalendarForm } from "./calendar-form.ts";
import { AdminPage } from "./frame.tsx";

/** The years in force, with the notice that declares each, and the versions they replaced. */
export function CalendarListPage(props: {
  desk: Desk;
  years: readonly EnteredYear[];
  done: string | undefined;
}): VNode {
  const { desk, years, done } = props;
  const inForce = years.filter(({ year }, at) => years.findIndex((one) => one.year === year) === at);
  const next = Math.max(...years.map(({ year }) => year)) + 1;
  return (
    <AdminPage
      desk={desk}
      title="Lịch nghỉ và làm việc"
      action={
        <ButtonLink kind="main" href={`/quan-tri/lich/${next}`} shortcut="Alt+n">
          Nhập năm {next}
        </ButtonLink>
      }
      notice={
        done !== undefined && /^20\d\d$/.test(done)
          ? {
              tone: "done",
              text: `Đã nhập lịch năm ${done}. Hệ thống đang tính lại ngày hẹn của các hồ sơ chưa kết thúc; hồ sơ nào đổi ngày thì có dòng “Lịch làm việc thay đổi” trong quá trình giải quyết.`,
            }
          : undefined
      }
    >
      {inForce.map((year) => (
        <section class="card" aria-labelledby={`nam-${year.year}`}>
          <div class="desk-title">
            <h2 id={`nam-${year.year}`}>
              Năm {year.year}{" "}
              {year.provisional === true && <Chip tone="soon" text="Tạm tính, chưa có thông báo" />}
              {!year.applied && year.enteredBy !== "seed" && (
                <Chip tone="paused" text="Đang tính lại ngày hẹn" />
              )}
            </h2>
            <a href={`/quan-tri/lich/${year.year}`}>Sửa lịch năm {year.year}</a>
          </div>
          <p class="muted">
            {year.source} · bản {year.version},{" "}
            {year.enteredBy === "seed"
              ? "có sẵn khi cài đặt"
              : `${year.enteredBy} nhập lúc ${shortMoment(year.enteredAt)}`}
          </p>
          <details>
            <summary>
              {year.off.length} ngày nghỉ
              {year.worked.length > 0 && `, ${year.worked.length} ngày làm bù`}
            </summary>
            <ul class="plain-list day-list">
              {year.off.map(({ date, name }) => (
                <li>
                  <span class="figures">{dayFirst(date)}</span> {name}
                </li>
              ))}
              {year.worked.map((date) => (
                <li>
                  <span class="figures">{dayFirst(date)}</span> <strong>làm bù</strong>
                </li>
              ))}
            </ul>
          </details>
        </section>
      ))}
    </AdminPage>
  );
}

export function CalendarFormPage(props: {
  desk: Desk;
  year: number;
  form: CalendarForm;
  isNew: boolean;
  errors?: FieldErrors;
}): VNode {
  const { desk, year, form, isNew, errors = {} } = props;
  return (
    <AdminPage desk={desk} title={`${isNew ? "Nhập" : "Sửa"} lịch năm ${year}`}>
      <ErrorSummary errors={errors} title="Chưa lưu được, hãy xem lại" />
      <Form desk={desk} action={`/quan-tri/lich/${year}`} class="card narrow">
        <TextField
          name="notice"
          label="Số thông báo"
          hint="Ví dụ 4875/TB-LĐTBXH; khi tạm tính thì ghi căn cứ."
          value={form.notice}
          error={errors.source}
          maxLength={200}
          width="middle"
        />
        <TextField
          name="noticeDate"
          label="Ngày của thông báo"
          hint="Ví dụ 15/11/2026"
          value={form.noticeDate}
          error={errors.noticeDate}
          maxLength={10}
          width="short"
        />
        <Checkboxes
          name="provisional"
          label="Tình trạng"
          choices={[
            {
              value: "co",
              label: "Tạm tính, chưa có thông báo chính thức",
              hint: "Ngày hẹn tính qua năm này được ghi là dự kiến.",
            },
          ]}
          values={form.provisional ? ["co"] : []}
        />
        <TextArea
          name="off"
          label="Ngày nghỉ từ thứ Hai đến thứ Sáu"
          hint={`Mỗi dòng một ngày, ví dụ 02/09/${year} Quốc khánh. Thứ Bảy và Chủ nhật không cần ghi.`}
          rows={14}
          value={form.off}
          error={errors.off}
        />
        <TextArea
          name="worked"
          label="Ngày thứ Bảy, Chủ nhật làm bù"
          hint={`Mỗi dòng một ngày, ví dụ 22/08/${year}. Để trống nếu không có.`}
          rows={3}
          value={form.worked}
          error={errors.worked}
        />
        <p class="notice soon">
          Lưu xong, hệ thống tính lại ngày hẹn của mọi hồ sơ chưa kết thúc mà lịch này chạm tới. Hồ sơ đã kết
          thúc giữ nguyên. Bản cũ của lịch được lưu lại.
        </p>
        <div class="buttons">
          <Button shortcut="Ctrl+Enter">Lưu lịch năm {String(year)}</Button>
          <a href="/quan-tri/lich">Hủy</a>
        </div>
      </Form>
    </AdminPage>
  );
}
