import type { VNode } from "preact";
import { shortMoment } from "../forms/moments.ts";
import { Chip } from "../web/chips.tsx";
import type { Desk } from "../web/desk.ts";
import { Button, Form, Radios, TextField } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import { Section } from "./section.tsx";
import { isToRemind, REMINDED_BY } from "./result-reminders.ts";
import type { Reminder, Unclaimed } from "./result-reminders.ts";
import { textIn } from "./typed-form.ts";
import type { Typed } from "./typed-form.ts";

const address = (code: string) => `/tra-ket-qua/${code}/nhac`;

/** In the list: how often somebody was told, and the button for the usual way, a call. */
export function Reminded({ desk, unclaimed, now }: { desk: Desk; unclaimed: Unclaimed; now: Date }): VNode {
  const { code, reminders, remindedAt } = unclaimed;
  return (
    <>
      {remindedAt === null ? (
        isToRemind(unclaimed, now) ? (
          <Chip tone="soon" text="Cần nhắc" />
        ) : (
          <span class="muted">Chưa</span>
        )
      ) : (
        <>
          {isToRemind(unclaimed, now) ? <Chip tone="soon" text="Cần nhắc lại" /> : `${reminders} lần`}
          <span class="second">lần cuối {shortMoment(remindedAt)}</span>
        </>
      )}
      {isToRemind(unclaimed, now) && (
        <Form desk={desk} action={address(code)}>
          <input type="hidden" name="how" value="phone" />
          <button class="plain" type="submit" aria-label={`Ghi đã gọi điện nhắc, hồ sơ ${code}`}>
            Đã gọi điện
          </button>
        </Form>
      )}
    </>
  );
}

/** At one result: all reminders, and the form for the next. */
export function ReminderSection(props: {
  desk: Desk;
  code: string;
  waits: boolean;
  reminders: readonly Reminder[];
  typed: Typed;
  errors: FieldErrors;
}): VNode {
  const { desk, code, waits, reminders, typed, errors } = props;
  return (
    <Section id="nhac" title="Nhắc người nộp">
      {reminders.length === 0 ? (
        <p class="muted">Chưa nhắc lần nào.</p>
      ) : (
        <ul class="plain-list">
          {reminders.map(({ at, byName, how, note }) => (
            <li>
              {shortMoment(at)}: {REMINDED_BY[how]?.toLowerCase()}, {byName}
              {note !== "" && <span class="second">{note}</span>}
            </li>
          ))}
        </ul>
      )}
      {waits && (
        <Form desk={desk} action={address(code)}>
          <Radios
            name="how"
            label="Đã báo cho người nộp bằng cách"
            inline
            choices={Object.entries(REMINDED_BY).map(([value, label]) => ({ value, label }))}
            value={textIn(typed, "how")}
            error={errors.how}
          />
          <TextField
            name="note"
            label="Ghi chú (nếu có)"
            value={textIn(typed, "note")}
            error={errors.note}
            maxLength={500}
          />
          <Button kind="second">Ghi đã nhắc</Button>
        </Form>
      )}
    </Section>
  );
}
