import type { ComponentChildren, VNode } from "preact";
import { dong } from "../forms/moments.ts";
import { momentInProse } from "../web/dates.ts";
import { Page } from "../web/layout.tsx";
import { SupplementForms, ToldBox, WithdrawalForm } from "./citizen-acts.tsx";
import type { Opened } from "./citizen-acts.tsx";
import { SecretForm } from "./search-page.tsx";
import type { Told } from "./send-acts.ts";
import { isOverdue, promisedDate, statusTone, tellNow, tellPromise } from "./tell.ts";
import type { Tracking, TrackingWithSecret } from "./track-dossier.ts";

export interface DossierPageProps {
  owner: string;
  tracking: Tracking;
  /** What the secret shows besides; undefined without it. */
  opened?: Opened;
  /** What the citizen just did here, and what came of it. */
  told?: Told;
  /** A reason that was typed and could not be taken. */
  withdrawalReason?: string;
  now: Date;
}

/** One dossier as the citizen sees it: what happens now, what he must do, when, and what has been done so far. */
export function DossierPage(props: DossierPageProps): VNode {
  const { owner, tracking, opened, told, withdrawalReason, now } = props;
  const promise = tellPromise(tracking, now);
  // Where the secret shows what is to be done, its field stands beside that; else at the end.
  const secretFirst = tracking.status === 5 || tracking.status === 6;
  return (
    <Page title={`Hồ sơ ${tracking.code} – Tra cứu hồ sơ`} owner={owner} unlisted>
      {told !== undefined && <ToldBox told={told} />}
      <div class="stack">
        <h1>
          <span class="over">Hồ sơ</span>
          <span class="code">
            <BreakableCode code={tracking.code} />
          </span>
        </h1>
        <p class="told">{tellNow(tracking)}</p>
        {promise !== undefined && <p class="promise">{promise}</p>}
      </div>
      <ToDo tracking={tracking} opened={opened} />
      {opened === undefined && secretFirst && <Details code={tracking.code} />}
      {opened !== undefined && <Result tracking={tracking} opened={opened} />}
      {opened !== undefined && <Fees details={opened.details} />}
      {opened?.details.reused !== undefined && <Reused papers={opened.details.reused} />}
      <Facts tracking={tracking} now={now} />
      <Timeline tracking={tracking} />
      {opened === undefined && !secretFirst && <Details code={tracking.code} />}
      {opened !== undefined && (
        <WithdrawalForm
          code={tracking.code}
          opened={opened}
          {...(withdrawalReason === undefined ? {} : { reason: withdrawalReason })}
        />
      )}
      <p>
        <a href="/tra-cuu">Tra cứu hồ sơ khác</a>
      </p>
      {(tracking.status === 9 || tracking.status === 10) && (
        <p>
          <a href={`/kiem-tra?so=${encodeURIComponent(tracking.code)}`}>Kiểm tra chữ ký trên kết quả</a>
        </p>
      )}
    </Page>
  );
}

/** The field for the secret, and what it opens. */
function Details({ code }: { code: string }): VNode {
  return (
    <section class="card" aria-labelledby="chi-tiet">
      <h2 id="chi-tiet">Xem chi tiết hồ sơ của bạn</h2>
      <p>Mã tra cứu mở danh mục giấy tờ cần bổ sung, phí, lệ phí và kết quả.</p>
      <SecretForm code={code} />
    </section>
  );
}

/** A long code may break after its hyphens, and nowhere else. */
function BreakableCode({ code }: { code: string }): VNode {
  return (
    <>
      {code.split(/(?<=-)/).map((part) => (
        <>
          {part}
          <wbr />
        </>
      ))}
    </>
  );
}

/** What the citizen must do, as the only coloured box of the page; nothing where there is nothing to do. */
function ToDo({ tracking, opened }: { tracking: Tracking; opened: Opened | undefined }): VNode | null {
  const box = (title: string, children: ComponentChildren) => (
    <section class="box" aria-labelledby="viec-can-lam">
      <h2 id="viec-can-lam">{title}</h2>
      {children}
    </section>
  );
  const unit = tracking.holder.name;
  switch (tracking.status) {
    case 3:
      return box(
        "Việc bạn cần làm",
        <p>Xem lý do trong phiếu từ chối tiếp nhận hồ sơ, hoặc hỏi {unit}, rồi chuẩn bị lại hồ sơ.</p>,
      );
    case 5:
      return box(
        "Việc bạn cần làm: bổ sung hồ sơ",
        opened?.details.supplement === undefined ? (
          <p>
            Nhập <a href="#ma-tra-cuu">mã tra cứu</a> để xem cần bổ sung những gì, hoặc hỏi {unit}.
          </p>
        ) : (
          <SupplementForms
            code={tracking.code}
            opened={{ ...opened, details: { ...opened.details, supplement: opened.details.supplement } }}
          />
        ),
      );
    case 6:
      return box(
        "Việc bạn cần làm: nộp khoản phải nộp",
        opened === undefined ? (
          <p>
            Nhập <a href="#ma-tra-cuu">mã tra cứu</a> để xem khoản phải nộp, hoặc hỏi {unit}.
          </p>
        ) : (
          <ul>
            {opened.details.fees
              .filter(({ state }) => state === "requested")
              .map(({ name, amount }) => (
                <li>
                  {name}: <strong class="figures">{amountInWords(amount)}</strong>
                </li>
              ))}
          </ul>
        ),
      );
    case 9:
      return tracking.returnMethod === "counter"
        ? box(
            "Việc bạn cần làm: nhận kết quả",
            <p>
              Đến {unit}, mang theo giấy tiếp nhận hồ sơ và hẹn trả kết quả và giấy tờ tùy thân để nhận kết
              quả.
            </p>,
          )
        : null;
    default:
      return null;
  }
}

function Result({ tracking, opened }: { tracking: Tracking; opened: Opened }): VNode {
  return (
    <section class="card" aria-labelledby="ket-qua">
      <h2 id="ket-qua">Kết quả</h2>
      {opened.details.result.available ? (
        <>
          <p>Kết quả đã được ký và đóng dấu điện tử.</p>
          <form method="post" action={`/tra-cuu/${encodeURIComponent(tracking.code)}/ket-qua`}>
            <input type="hidden" name="secret" value={opened.secret} />
            <button type="submit">Tải kết quả (PDF)</button>
          </form>
        </>
      ) : (
        <p>Chưa có tệp kết quả được ký và đóng dấu.</p>
      )}
    </section>
  );
}

const FEE_STATES = { paid: "Đã nộp", requested: "Cần nộp", "not-requested": "Chưa nộp" };
const FEE_DUE: Record<string, string> = {
  intake: "nộp khi nộp hồ sơ",
  processing: "nộp khi cơ quan yêu cầu",
  return: "nộp khi nhận kết quả",
};

function Fees({ details }: { details: TrackingWithSecret }): VNode {
  return (
    <section class="card" aria-labelledby="phi">
      <h2 id="phi">Phí, lệ phí</h2>
      {details.fees.length === 0 ? (
        <p>Chưa có khoản phí, lệ phí nào được ghi cho hồ sơ này.</p>
      ) : (
        <table class="fees">
          <thead class="hidden-label">
            <tr>
              <th scope="col">Khoản</th>
              <th scope="col">Số tiền</th>
              <th scope="col">Tình trạng</th>
            </tr>
          </thead>
          <tbody>
            {details.fees.map(({ name, amount, state, dueAt }) => (
              <tr>
                <th scope="row">{name}</th>
                <td>{amountInWords(amount)}</td>
                <td>
                  {FEE_STATES[state]}
                  {state === "not-requested" && FEE_DUE[dueAt] !== undefined && `, ${FEE_DUE[dueAt]}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Papers that were not asked for again: those of the person's store stand for them. */
function Reused({ papers }: { papers: { title: string }[] }): VNode {
  return (
    <section class="card" aria-labelledby="dung-lai">
      <h2 id="dung-lai">Giấy tờ dùng lại từ kho dữ liệu điện tử của bạn</h2>
      <p>Bạn đã đồng ý dùng lại các giấy tờ sau, nên không phải nộp bản giấy:</p>
      <ul>
        {papers.map(({ title }) => (
          <li>{title}</li>
        ))}
      </ul>
    </section>
  );
}

function amountInWords(amount: number | null): string {
  return amount === null ? "theo thông báo" : dong(amount);
}

function Facts({ tracking, now }: { tracking: Tracking; now: Date }): VNode {
  const { procedure, agency, holder, status, statusName, submittedAt, receivedAt, dateChanges } = tracking;
  return (
    <section class="card" aria-labelledby="thong-tin">
      <h2 id="thong-tin">Thông tin hồ sơ</h2>
      <dl class="facts">
        <Fact name="Trạng thái">
          <span class={`chip ${statusTone(status)}`}>{statusName}</span>
        </Fact>
        <Fact name="Thủ tục">{procedure.name}</Fact>
        <Fact name="Cơ quan giải quyết">{agency.name}</Fact>
        <Fact name="Hồ sơ đang ở">{holder.name}</Fact>
        <Fact name="Nộp lúc">{momentInProse(submittedAt)}</Fact>
        {receivedAt !== null && <Fact name="Tiếp nhận lúc">{momentInProse(receivedAt)}</Fact>}
        <Fact name="Hẹn trả">
          {promisedDate(tracking)}
          {isOverdue(tracking, now) && (
            <>
              {" "}
              <span class="chip late">Quá hẹn</span>
            </>
          )}
        </Fact>
      </dl>
      {dateChanges.length > 0 && (
        <details>
          <summary>Vì sao ngày hẹn thay đổi?</summary>
          <ol class="timeline">
            {dateChanges.map(({ from, to, dueAt, text }) => (
              <li>
                <p>{text}</p>
                <time dateTime={from}>
                  {dueAt === undefined
                    ? `Từ ${momentInProse(from)}${to === null ? "" : ` đến ${momentInProse(to)}`}`
                    : `Ngày hẹn mới: ${momentInProse(dueAt)}`}
                </time>
              </li>
            ))}
          </ol>
        </details>
      )}
    </section>
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

/** What has been done, the latest first. */
function Timeline({ tracking }: { tracking: Tracking }): VNode {
  const latestFirst = [...tracking.timeline].reverse();
  return (
    <section class="card" aria-labelledby="qua-trinh">
      <h2 id="qua-trinh">Quá trình giải quyết</h2>
      <ol class="timeline" reversed>
        {latestFirst.map(({ at, text }, index) => (
          <li class={index === 0 ? "latest" : undefined}>
            <p>{text}</p>
            <time dateTime={at}>{momentInProse(at)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}
