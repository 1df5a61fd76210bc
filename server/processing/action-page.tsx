import type { VNode } from "preact";
import type { AllowedEvent } from "../dossier/allowed.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { STATUS_NAMES } from "../dossier/view.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import type { Notice } from "../web/desk-page.tsx";
import { Button, ErrorSummary, Form } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import { ActionFields, asksNothing } from "./action-fields.tsx";
import type { Typed } from "./typed-form.ts";

export interface ActionPageProps {
  desk: Desk;
  dossier: DossierRecord;
  procedureName: string;
  stepName: string;
  event: AllowedEvent;
  typed: Typed;
  errors?: FieldErrors;
  notice?: Notice | undefined;
  /** Kept from the form that was refused, so that it still counts as the same. */
  once?: string | undefined;
}

/** One action on a dossier: what it is about, and only what this action needs. */
export function ActionPage(props: ActionPageProps): VNode {
  const { desk, dossier, event, typed, errors = {}, notice, once } = props;
  const back = `/ho-so/${dossier.code}`;
  return (
    <DeskPage desk={desk} title={`${event.label} – ${dossier.code}`} heading={event.label} notice={notice}>
      <div class="action-sheet">
        <ErrorSummary errors={errors} />
        <About {...props} />
        <div class="card">
          {asksNothing(event) && <p>Việc này không cần nhập gì thêm.</p>}
          <Form
            desk={desk}
            action={`${back}/viec/${event.type}`}
            guard
            {...(once === undefined ? {} : { once })}
          >
            <input type="hidden" name="_phienBan" value={String(dossier.version)} />
            <ActionFields event={event} dossier={dossier} typed={typed} errors={errors} />
            <div class="buttons">
              <Button shortcut="Ctrl+Enter">{event.label}</Button>
              <a href={back} data-key="Escape">
                Quay lại hồ sơ <kbd aria-hidden="true">Esc</kbd>
              </a>
            </div>
          </Form>
        </div>
      </div>
    </DeskPage>
  );
}

function About({ dossier, procedureName, stepName }: ActionPageProps): VNode {
  const { applicant, owner } = dossier.people;
  return (
    <dl class="about">
      <div>
        <dt>Hồ sơ</dt>
        <dd class="figures">{dossier.code}</dd>
      </div>
      <div>
        <dt>Người nộp</dt>
        <dd>
          {applicant.name}
          {owner !== null && ` (cho ${owner.name})`}
        </dd>
      </div>
      <div>
        <dt>Thủ tục</dt>
        <dd>{procedureName}</dd>
      </div>
      <div>
        <dt>Đang ở</dt>
        <dd>
          {STATUS_NAMES[dossier.status]} – {stepName}
        </dd>
      </div>
    </dl>
  );
}

/** What was typed for an action that is no longer possible: shown, so that nothing is lost. */
export function GonePage(
  props: Omit<ActionPageProps, "event" | "errors" | "once"> & { label: string; reason: string },
): VNode {
  const { desk, dossier, label, reason, typed, notice } = props;
  const words = Object.entries(typed).flatMap(([name, values]) =>
    values.filter((value) => value.trim() !== "" && name !== "pin").map((value) => ({ name, value })),
  );
  return (
    <DeskPage
      desk={desk}
      title={`${label} – ${dossier.code}`}
      heading={label}
      notice={notice ?? { tone: "late", text: reason }}
    >
      <div class="action-sheet">
        <div class="card">
          {notice !== undefined && <p>{reason}</p>}
          {words.length > 0 && (
            <>
              <h2>Nội dung bạn đã nhập (chưa được ghi)</h2>
              <ul class="plain-list kept">
                {words.map(({ value }) => (
                  <li>{value}</li>
                ))}
              </ul>
            </>
          )}
          <p>
            <a href={`/ho-so/${dossier.code}`}>Về trang hồ sơ</a>
          </p>
        </div>
      </div>
    </DeskPage>
  );
}
