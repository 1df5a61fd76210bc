import type { ComponentChildren, VNode } from "preact";
import type { AllowedEvent } from "../dossier/allowed.ts";
import type { DossierRecord, Person } from "../dossier/record.ts";
import type { dossierView } from "../dossier/view.ts";
import { dong, shortMoment } from "../forms/moments.ts";
import { Chip, dueWord } from "../web/chips.tsx";
import { momentInProse } from "../web/dates.ts";
import type { Desk } from "../web/desk.ts";
import { DeskPage } from "../web/desk-page.tsx";
import type { Notice } from "../web/desk-page.tsx";
import { ButtonLink } from "../web/form.tsx";
import { ACTOR_ROLES, EVENT_KEYS, IDENTITY_TYPES, RETURN_METHODS } from "./dossier-words.ts";
import { History } from "./history-list.tsx";
import type { HistoryEntry } from "./history-list.tsx";
import { RISK_WORDS } from "./late-risk.ts";
import type { ToldRisk } from "./late-risk.ts";
import { mainEvents } from "./main-events.ts";
import { PapersSection } from "./papers-section.tsx";
import type { PapersTold } from "./papers-section.tsx";
import type { PortalStanding } from "./portal-standing.ts";
import { apologyAddress } from "./prepared-apology.ts";
import { Section } from "./section.tsx";
import { SigningNote } from "./signing-standing.tsx";
import type { SigningStanding } from "./signing-standing.tsx";
import type { WhyNot } from "./why-not.ts";

export type DossierView = Awaited<ReturnType<typeof dossierView>>;

export interface DossierPageProps {
  desk: Desk;
  dossier: DossierRecord;
  view: DossierView;
  stepName: string;
  now: Date;
  unitName: (code: string) => string;
  /** The name of the officer who handles it. */
  assigneeName: string | null;
  history: HistoryEntry[];
  whyNot: WhyNot[];
  portal: PortalStanding;
  signing: SigningStanding | undefined;
  /** Set where it is likely to be late. */
  risk: ToldRisk | undefined;
  /** The papers of the checklist and what else may be attached, for the upload. */
  components: { value: string; label: string }[];
  mayUpload: boolean;
  papersTold: PapersTold;
  forms: { href: string; name: string }[];
  notice?: Notice | undefined;
}

/** All about one dossier: where it stands, what can be done now, papers, time, history, fees, the portal. */
export function DossierPage(props: DossierPageProps): VNode {
  const { desk, dossier, view, now, notice } = props;
  return (
    <DeskPage
      desk={desk}
      title={`Hồ sơ ${dossier.code}`}
      heading={
        <>
          Hồ sơ <span class="figures">{dossier.code}</span>
        </>
      }
      notice={notice}
      scripts={["upload.js"]}
    >
      <div class="dossier-line">
        <p>
          <strong>{dossier.people.applicant.name}</strong>
          <span class="muted"> · {view.procedureName}</span>
        </p>
        <p class="chips">
          <span class="chip">{view.statusName}</span> <Chip {...dueWord(dossier, now)} />{" "}
          {props.risk !== undefined && <Chip tone="soon" text={RISK_WORDS[props.risk.risk]} />}
          <span class="muted">
            {props.stepName}
            {props.assigneeName !== null && ` · ${props.assigneeName}`}
          </span>
        </p>
      </div>
      <Steps {...props} />
      <div class="columns dossier">
        <div>
          <Doing {...props} />
          <PapersSection
            desk={desk}
            dossier={dossier}
            received={view.received}
            components={props.components}
            mayUpload={props.mayUpload}
            mayCorrect={view.allowedEvents.some(({ type }) => type === "CORRECT")}
            told={props.papersTold}
          />
          <Applicant {...props} />
        </div>
        <div>
          <Time {...props} />
          <Fees fees={view.fees} />
          <Portal portal={props.portal} code={dossier.portalCode} />
          <Forms
            forms={props.forms}
            store={dossier.papers.length > 0 ? `/ho-so/${dossier.code}/kho` : undefined}
          />
          <History entries={props.history} />
        </div>
      </div>
    </DeskPage>
  );
}

const STEP_WORDS = {
  done: "đã xong",
  current: "đang làm",
  upcoming: "sắp tới",
  cancelled: "không thực hiện",
};

function Steps({ view, unitName }: DossierPageProps): VNode | null {
  if (view.steps.length === 0) return null;
  return (
    <ol class="steps-line" aria-label="Các bước của quy trình">
      {view.steps.map(({ name, role, agencyCode, state, dueAt }, at) => (
        <li class={state} {...(state === "current" ? { "aria-current": "step" as const } : {})}>
          <span class="step-mark" aria-hidden="true">
            {state === "done" ? "✓" : state === "cancelled" ? "–" : at + 1}
          </span>
          <span class="step-name">{name}</span>
          <span class="step-who">
            {ACTOR_ROLES[role] ?? role}
            {agencyCode !== null && role !== "frontdesk" && `, ${unitName(agencyCode)}`}
          </span>
          <span class="step-when">
            <span class="step-state">{STEP_WORDS[state as keyof typeof STEP_WORDS]}</span>
            {dueAt !== null && state !== "cancelled" && (
              <>
                {" · "}
                <time dateTime={dueAt}>{shortMoment(new Date(dueAt))}</time>
              </>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Doing({ desk, dossier, view, whyNot, signing, risk, now }: DossierPageProps): VNode {
  const { first, then } = mainEvents(dossier, view.allowedEvents);
  const link = (event: AllowedEvent, kind: "main" | "second") => (
    <ButtonLink
      href={`/ho-so/${dossier.code}/viec/${event.type}`}
      kind={kind}
      {...(EVENT_KEYS[event.type] === undefined ? {} : { shortcut: EVENT_KEYS[event.type] ?? "" })}
    >
      {event.label}
    </ButtonLink>
  );
  return (
    <Section id="viec" title="Việc làm được bây giờ">
      <SigningNote signing={signing} roles={desk.roles} />
      {risk !== undefined && (
        <p class="notice soon">
          {risk.risk === "likely"
            ? "Nếu các bước còn lại lâu như thường lệ ở đơn vị, hồ sơ sẽ trễ hẹn."
            : "Nếu các bước còn lại kéo dài như những lần chậm ở đơn vị, hồ sơ sẽ trễ hẹn."}
          {risk.promise !== null && desk.roles.includes("leader") && (
            <>
              {" "}
              <a href={apologyAddress(dossier, risk.promise, now)}>Chuẩn bị phiếu xin lỗi</a>
            </>
          )}
        </p>
      )}
      {view.allowedEvents.length === 0 && <p class="muted">Hiện bạn không có việc nào trên hồ sơ này.</p>}
      {first.length > 0 && (
        <div class="buttons">{first.map((event, at) => link(event, at === 0 ? "main" : "second"))}</div>
      )}
      {then.length > 0 && (
        <>
          <h3 class="small-title">Việc khác</h3>
          <div class="buttons other-actions">{then.map((event) => link(event, "second"))}</div>
        </>
      )}
      {whyNot.length > 0 && (
        <details>
          <summary>Vì sao không?</summary>
          <dl class="why">
            {whyNot.map(({ reason, labels }) => (
              <div>
                <dt>{labels.join(", ")}</dt>
                <dd>{reason}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </Section>
  );
}

function Applicant({ dossier, view }: DossierPageProps): VNode {
  const { applicant, owner, authorisation, note } = dossier.people;
  return (
    <Section id="nguoi-nop" title="Người nộp hồ sơ">
      <PersonFacts person={applicant} />
      {owner !== null && (
        <>
          <h3 class="small-title">Chủ hồ sơ</h3>
          <PersonFacts person={owner} />
          {authorisation !== null && <p>Căn cứ ủy quyền: {authorisation}</p>}
        </>
      )}
      <dl class="about">
        <Fact name="Nhận kết quả">{RETURN_METHODS[view.returnMethod]}</Fact>
        {note !== "" && <Fact name="Ghi chú">{note}</Fact>}
      </dl>
    </Section>
  );
}

export function PersonFacts({ person }: { person: Person }): VNode {
  const { name, identity, phone, email, address } = person;
  const { street, commune, district, province } = address;
  return (
    <dl class="about">
      <Fact name="Họ tên">{name}</Fact>
      <Fact name={IDENTITY_TYPES[identity.type] ?? "Giấy tờ"}>
        <span class="figures">{identity.number}</span>
      </Fact>
      <Fact name="Điện thoại">
        <span class="figures">{phone}</span>
      </Fact>
      {email !== undefined && <Fact name="Thư điện tử">{email}</Fact>}
      <Fact name="Địa chỉ">
        {[street, commune, district, province].filter((part) => part !== undefined).join(", ")}
      </Fact>
    </dl>
  );
}

function Time({ dossier, view }: DossierPageProps): VNode {
  const due = dossier.dueAt ?? dossier.lastDueAt;
  return (
    <Section id="thoi-han" title="Thời hạn">
      <dl class="about">
        <Fact name="Nộp lúc">{momentInProse(view.submittedAt)}</Fact>
        {view.receivedAt !== null && <Fact name="Tiếp nhận lúc">{momentInProse(view.receivedAt)}</Fact>}
        <Fact name={dossier.pausedSince === null ? "Hẹn trả" : "Hẹn trả trước khi tạm dừng"}>
          {due === null
            ? dossier.receivedAt === null
              ? "Có khi hồ sơ được tiếp nhận"
              : "Theo quy định của thủ tục"
            : momentInProse(due.toISOString())}
          {dossier.provisional && due !== null && " (dự kiến)"}
        </Fact>
        {dossier.pausedSince !== null && (
          <Fact name="Tạm dừng tính thời hạn">từ {momentInProse(dossier.pausedSince.toISOString())}</Fact>
        )}
        {dossier.facts.promisedAt !== null && (
          <Fact name="Đã xin lỗi, hẹn lại">{momentInProse(dossier.facts.promisedAt)}</Fact>
        )}
      </dl>
      {view.ledger.length > 0 && (
        <details>
          <summary>Cách tính thời hạn</summary>
          <div class="scroll" tabIndex={0} role="region" aria-label="Cách tính thời hạn">
            <table class="govuk-table ledger">
              <thead>
                <tr>
                  <th scope="col">Từ</th>
                  <th scope="col">Đến</th>
                  <th scope="col">Được tính</th>
                  <th scope="col">Vì</th>
                </tr>
              </thead>
              <tbody>
                {view.ledger.map(({ from, to, counted, minutes, reason }) => (
                  <tr class={counted ? "counted" : undefined}>
                    <td>{shortMoment(new Date(from))}</td>
                    <td>{shortMoment(new Date(to))}</td>
                    <td>{counted ? minutesInWords(minutes) : "không"}</td>
                    <td>{reason}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </Section>
  );
}

function minutesInWords(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return (
    [hours > 0 ? `${hours} giờ` : "", rest > 0 ? `${rest} phút` : ""].filter((one) => one !== "").join(" ") ||
    "0"
  );
}

const FEE_STATES = { paid: "Đã thu", requested: "Đã yêu cầu, chưa thu", "not-requested": "Chưa thu" };

export function Fees({ fees }: { fees: DossierView["fees"] }): VNode | null {
  if (fees.length === 0) return null;
  return (
    <Section id="phi" title="Phí, lệ phí">
      <ul class="plain-list fee-list">
        {fees.map(({ name, amount, state }) => (
          <li>
            <span>{name}</span>{" "}
            <strong class="figures">{amount === null ? "theo thông báo" : dong(amount)}</strong>{" "}
            <Chip tone={state === "paid" ? "done" : "soon"} text={FEE_STATES[state]} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Portal({ portal, code }: { portal: PortalStanding; code: string | null }): VNode {
  const { state, deliveredAt, waiting, reason, attempts } = portal;
  return (
    <Section id="cong-dvc" title="Cổng Dịch vụ công quốc gia">
      {state === "failed" && (
        <p>
          <Chip tone="late" text="Bị từ chối" /> {reason ?? "Không rõ lý do."}
        </p>
      )}
      {waiting > 0 && (
        <p>
          <Chip tone="soon" text="Đang chờ gửi" /> {waiting} bản tin
          {attempts > 0 && `, đã thử ${attempts} lần`}
        </p>
      )}
      {deliveredAt !== null && (
        <p>
          {state === "delivered" && <Chip tone="done" text="Đã nhận" />} Cổng DVCQG đã nhận lúc{" "}
          <time dateTime={deliveredAt.toISOString()}>{momentInProse(deliveredAt.toISOString())}</time>
        </p>
      )}
      {state === "none" && <p class="muted">Hồ sơ này chưa có bản tin nào gửi cổng.</p>}
      {code !== null && (
        <p class="muted">
          Mã của cổng: <span class="figures">{code}</span>
        </p>
      )}
    </Section>
  );
}

function Forms({
  forms,
  store,
}: Pick<DossierPageProps, "forms"> & { store: string | undefined }): VNode | null {
  if (forms.length === 0) return null;
  return (
    <Section id="bieu-mau" title="In và tải về">
      <ul class="plain-list form-list">
        {forms.map(({ href, name }) => (
          <li>
            <a href={href}>{name} (PDF)</a>
          </li>
        ))}
        {store !== undefined && (
          <li>
            <a href={store}>Giấy tờ của hồ sơ trong kho dữ liệu điện tử</a>
          </li>
        )}
      </ul>
    </Section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
