import type { VNode } from "preact";
import type { AllowedEvent } from "../dossier/allowed.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { momentInWords, shortMoment } from "../forms/moments.ts";
import { Chip } from "../web/chips.tsx";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import type { Notice } from "../web/desk-page.tsx";
import { Button, ButtonLink, ErrorSummary, Form } from "../web/form.tsx";
import type { FieldErrors } from "../web/form.tsx";
import { ActionFields } from "./action-fields.tsx";
import { Fees, PersonFacts } from "./dossier-page.tsx";
import type { DossierView } from "./dossier-page.tsx";
import { IDENTITY_TYPES, RETURN_METHODS } from "./dossier-words.ts";
import { ReminderSection, Reminded } from "./reminder-section.tsx";
import { Section } from "./section.tsx";
import { isToRemind } from "./result-reminders.ts";
import type { Reminder, Unclaimed } from "./result-reminders.ts";
import type { ToldEvent } from "./told-history.ts";
import type { Typed } from "./typed-form.ts";

export interface ReturnCounterProps {
  desk: Desk;
  now: Date;
  unclaimed: readonly Unclaimed[];
  more: boolean;
  typed: string;
  wrong?: string | undefined;
  /** The dossier whose result was just handed over. */
  done?: string | undefined;
  /** The dossier whose applicant was just reminded. */
  reminded?: string | undefined;
}

/** The counter: the field for the scanner, and the results that wait. */
export function ReturnCounterPage(props: ReturnCounterProps): VNode {
  const { desk, now, unclaimed, more, typed, wrong, done, reminded } = props;
  const toRemind = unclaimed.filter((one) => isToRemind(one, now)).length;
  const notice: Notice | undefined =
    done === undefined
      ? reminded === undefined
        ? undefined
        : { tone: "done", text: `Đã ghi việc nhắc người nộp hồ sơ ${reminded}.` }
      : {
          tone: "done",
          text: (
            <>
              Đã trả kết quả hồ sơ {done}. <a href={`/tra-ket-qua/${done}/ky-nhan`}>In phiếu ký nhận</a>
            </>
          ),
        };
  return (
    <DeskPage desk={desk} title="Trả kết quả" notice={notice}>
      <form method="get" action="/tra-ket-qua" class="card return-scan">
        <div class={`govuk-form-group${wrong === undefined ? "" : " govuk-form-group--error"}`}>
          <label class="govuk-label" for="ma">
            Quét mã QR trên giấy tiếp nhận, hoặc gõ mã hồ sơ
          </label>
          {wrong !== undefined && (
            <p class="govuk-error-message" id="ma-error">
              {wrong}
            </p>
          )}
          <input
            class="govuk-input"
            id="ma"
            name="ma"
            type="text"
            value={typed}
            autofocus
            autocomplete="off"
            spellcheck={false}
            data-key="F2"
            data-scan
            aria-keyshortcuts="F2"
            {...(wrong === undefined
              ? {}
              : { "aria-describedby": "ma-error", "aria-invalid": true as const })}
          />
        </div>
        <Button>Mở</Button>
      </form>
      <section aria-labelledby="cho-tra">
        <h2 id="cho-tra">
          Kết quả chờ trả{" "}
          {toRemind > 0 && <Chip tone="soon" text={`${toRemind} kết quả cần nhắc người nộp`} />}
        </h2>
        {unclaimed.length === 0 ? (
          <p class="card">Không có kết quả nào chờ trả ở đơn vị.</p>
        ) : (
          <div class="scroll card" tabIndex={0} role="region" aria-label="Bảng kết quả chờ trả">
            <table class="govuk-table waiting">
              <thead>
                <tr>
                  <th scope="col">Mã hồ sơ</th>
                  <th scope="col">Người nộp</th>
                  <th scope="col">Thủ tục</th>
                  <th scope="col">Xong lúc</th>
                  <th scope="col">Đã chờ</th>
                  <th scope="col">Cách nhận</th>
                  <th scope="col">Đã nhắc</th>
                </tr>
              </thead>
              <tbody>
                {unclaimed.map((one) => {
                  const { code, name, phone, procedureName, finishedAt, method } = one;
                  return (
                    <tr data-row>
                      <td class="figures">
                        <a href={`/tra-ket-qua/${code}`}>{code}</a>
                      </td>
                      <td>
                        {name}
                        <span class="muted figures line">{phone}</span>
                      </td>
                      <td>{procedureName}</td>
                      <td class="figures">{shortMoment(finishedAt)}</td>
                      <td>
                        <Waited since={finishedAt} now={now} />
                      </td>
                      <td>{RETURN_METHODS[method] ?? method}</td>
                      <td>
                        <Reminded desk={desk} unclaimed={one} now={now} />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
            {more && <p class="muted">Danh sách này chỉ nêu 50 kết quả chờ lâu nhất.</p>}
          </div>
        )}
      </section>
    </DeskPage>
  );
}

function Waited({ since, now }: { since: Date; now: Date }): VNode {
  const days = Math.floor((now.getTime() - since.getTime()) / 86_400_000);
  return <Chip tone={days >= 7 ? "soon" : "plain"} text={days < 1 ? "Hôm nay" : `${days} ngày`} />;
}

export interface HandOverProps {
  desk: Desk;
  dossier: DossierRecord;
  view: DossierView;
  /** RETURN, where it is allowed now. */
  event: AllowedEvent | undefined;
  /** How often and when the applicant was told that the result is there. */
  reminders: readonly Reminder[];
  typed: Typed;
  errors: FieldErrors;
  notice?: Notice | undefined;
  once?: string | undefined;
}

/** One result at the counter: whose it is, what is still to be paid, and who takes it. */
export function HandOverPage(props: HandOverProps): VNode {
  const { desk, dossier, view, event, reminders, typed, errors, notice, once } = props;
  const { applicant, owner, authorisation } = dossier.people;
  const unpaid = view.fees.filter(({ state, amount }) => state !== "paid" && amount !== 0);
  const mayTakeFee = view.allowedEvents.some(({ type }) => type === "PAY");
  return (
    <DeskPage desk={desk} title={`Trả kết quả – ${dossier.code}`} heading="Trả kết quả" notice={notice}>
      <ErrorSummary errors={errors} />
      <p>
        <a class="figures" href={`/ho-so/${dossier.code}`}>
          {dossier.code}
        </a>
        <span class="muted"> · {view.procedureName}</span> <span class="chip">{view.statusName}</span>
      </p>
      <div class="columns dossier">
        <div>
          <Section id="doi-chieu" title="Đối chiếu giấy tờ tùy thân">
            <h3 class="small-title">Người nộp hồ sơ</h3>
            <PersonFacts person={applicant} />
            {owner !== null && (
              <>
                <h3 class="small-title">Chủ hồ sơ</h3>
                <PersonFacts person={owner} />
                {authorisation !== null && <p>Căn cứ ủy quyền: {authorisation}</p>}
              </>
            )}
          </Section>
          <Fees fees={view.fees} />
        </div>
        <div>
          <Section id="giao" title="Người nhận">
            {unpaid.length > 0 && (
              <p class="notice soon">
                Còn {unpaid.length} khoản chưa thu.{" "}
                {mayTakeFee && <a href={`/ho-so/${dossier.code}/viec/PAY`}>Thu phí, lệ phí</a>}
              </p>
            )}
            {event === undefined ? (
              <p>
                {dossier.status === 10
                  ? "Kết quả của hồ sơ này đã được trả."
                  : "Chưa trả được kết quả: hồ sơ chưa xử lý xong hoặc còn khoản chưa thu."}{" "}
                <a href={`/ho-so/${dossier.code}`}>Xem hồ sơ</a>
              </p>
            ) : (
              <Form
                desk={desk}
                action={`/tra-ket-qua/${dossier.code}`}
                guard
                {...(once === undefined ? {} : { once })}
              >
                <input type="hidden" name="_phienBan" value={String(dossier.version)} />
                <ActionFields event={event} dossier={dossier} typed={typed} errors={errors} />
                <div class="buttons">
                  <Button shortcut="Ctrl+Enter">Trả kết quả</Button>
                  {dossier.facts.result?.sealed != null && (
                    <ButtonLink href={`/ho-so/${dossier.code}/ket-qua.pdf`}>In kết quả</ButtonLink>
                  )}
                </div>
              </Form>
            )}
            {dossier.status === 10 && <a href={`/tra-ket-qua/${dossier.code}/ky-nhan`}>In phiếu ký nhận</a>}
          </Section>
          {(dossier.status === 9 || reminders.length > 0) && (
            <ReminderSection
              desk={desk}
              code={dossier.code}
              waits={dossier.status === 9}
              reminders={reminders}
              typed={typed}
              errors={errors}
            />
          )}
        </div>
      </div>
    </DeskPage>
  );
}

export interface SignForProps {
  desk: Desk;
  dossier: DossierRecord;
  handed: ToldEvent;
  procedureName: string;
  resultTitle: string;
}

/** The line to sign for a result, to be printed by the browser. */
export function SignForPage({ desk, dossier, handed, procedureName, resultTitle }: SignForProps): VNode {
  const { name, identity } = handed.details.recipient as {
    name: string;
    identity: string | { type: string; number: string };
  };
  const number =
    typeof identity === "string" ? identity : `${IDENTITY_TYPES[identity.type] ?? ""} ${identity.number}`;
  return (
    <DeskPage desk={desk} title={`Phiếu ký nhận – ${dossier.code}`} heading="Phiếu ký nhận kết quả">
      <p class="buttons">In trang này bằng Ctrl+P.</p>
      <div class="card sign-for">
        <p>{desk.unitName}</p>
        <dl class="about">
          {[
            ["Mã hồ sơ", dossier.code],
            ["Thủ tục", procedureName],
            ["Kết quả", [resultTitle, dossier.facts.result?.number].filter(Boolean).join(", số ")],
            ["Người nhận", name],
            ["Giấy tờ tùy thân", number],
            ["Nhận lúc", momentInWords(handed.at)],
            ["Cách trả", RETURN_METHODS[String(handed.data.method)] ?? ""],
          ].map(([what, text]) => (
            <div>
              <dt>{what}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <div class="sign-places">
          <p>
            Người nhận kết quả
            <span>(Ký và ghi rõ họ tên)</span>
            <strong>{name}</strong>
          </p>
          <p>
            Người trả kết quả
            <span>(Ký và ghi rõ họ tên)</span>
            <strong>{handed.actorName}</strong>
          </p>
        </div>
      </div>
    </DeskPage>
  );
}
