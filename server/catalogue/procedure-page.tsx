import type { ComponentChildren, VNode } from "preact";
import { chartTiers, limitFor } from "../../workflows/declaration.ts";
import type { Declaration, DocumentDeclaration, Tier } from "../../workflows/declaration.ts";
import type { Desk } from "../web/desk.ts";
import { fullCode } from "./catalogue.ts";
import { FlowDrawing } from "./procedure-flow.tsx";
import { ProcedureFrame } from "./procedure-frame.tsx";
import {
  ONLINE_LEVELS,
  TIER_NAMES,
  alsoReceived,
  feeInWords,
  limitLines,
  nameOf,
  placesOf,
  shareInWords,
  takesOnline,
  whoDoes,
} from "./procedure-words.ts";
import type { Agencies } from "./units.ts";

export interface ProcedurePageProps {
  desk: Desk | undefined;
  owner: string;
  agencies: Agencies;
  declaration: Declaration;
}

/** One procedure: what to bring, where to, what it costs, how long it takes, what comes of it, and its way. */
export function ProcedurePage({ desk, owner, agencies, declaration }: ProcedurePageProps): VNode {
  const { code, field, applicability, notes } = declaration;
  const name = nameOf(declaration);
  return (
    <ProcedureFrame
      desk={desk}
      owner={owner}
      title={`${shortened(name)} – ${code}`}
      heading={<Heading declaration={declaration} />}
    >
      {applicability === "no-local-case" && (
        <div class="box">
          <p>Thủ tục này không phát sinh tại Hậu Giang: tỉnh không có biển, không có biên giới đất liền.</p>
        </div>
      )}
      <div class="procedure-columns">
        <div class="stack-wide">
          <Facts declaration={declaration} agencies={agencies} />
          <Papers declaration={declaration} />
        </div>
        <Flows declaration={declaration} />
      </div>
      {notes.includes("limit-doubtful") && (
        <p class="muted">Thời hạn do hệ thống tạm điền, đang được rà soát theo quy định mới nhất.</p>
      )}
      <p>
        <a href={`/thu-tuc?${new URLSearchParams({ "linh-vuc": field }).toString()}`}>
          Thủ tục khác trong lĩnh vực {field}
        </a>
        {" · "}
        <a href="/thu-tuc">Tất cả thủ tục</a>
        {desk === undefined && (
          <>
            {" · "}
            <a href="/tra-cuu">Tra cứu hồ sơ</a>
          </>
        )}
      </p>
    </ProcedureFrame>
  );
}

/** Names run to a thousand letters; a title of a tab does not. */
function shortened(name: string): string {
  return name.length <= 90 ? name : `${name.slice(0, 90).replace(/\s+\S*$/, "")}…`;
}

function Heading({ declaration }: { declaration: Declaration }): VNode {
  const name = nameOf(declaration);
  return (
    <>
      <span class="over">
        Thủ tục <span class="figures">{fullCode(declaration.code)}</span>
      </span>
      <span class={name.length > 200 ? "long-name" : undefined}>{name}</span>
    </>
  );
}

function Facts({ declaration, agencies }: { declaration: Declaration; agencies: Agencies }): VNode {
  const { field, onlineLevel, audience, result } = declaration;
  const places = placesOf(declaration, agencies);
  const fees = declaration.fees.flatMap((fee) => feeInWords(fee) ?? []);
  const also = alsoReceived(declaration);
  return (
    <section class="card" aria-labelledby="tom-tat">
      <h2 id="tom-tat">Tóm tắt</h2>
      <dl class="facts">
        <Fact name="Thời hạn giải quyết">
          <ul class="plain-list">
            {limitLines(declaration).map(({ limit, when }) => (
              <li>
                <strong>{limit.charAt(0).toUpperCase() + limit.slice(1)}</strong>
                {when !== "" && <> ({when})</>}
              </li>
            ))}
          </ul>
        </Fact>
        <Fact name="Phí, lệ phí">
          {fees.length === 0 ? "Theo thông báo của cơ quan giải quyết" : <Lines of={[...new Set(fees)]} />}
        </Fact>
        <Fact name="Nơi nộp hồ sơ">
          <Lines of={[...new Set(places.map(({ handIn }) => handIn))]} />
          {also.length > 0 && <p class="muted">Cũng nhận tại bộ phận Một cửa {also.join(", ")}.</p>}
        </Fact>
        <Fact name="Cách nộp">
          <Lines of={waysToFile(declaration)} />
        </Fact>
        <Fact name="Cơ quan giải quyết">
          <Lines
            of={places.map(({ tier, decides }) =>
              places.length > 1 ? `${TIER_NAMES[tier]}: ${decides}` : decides,
            )}
          />
        </Fact>
        <Fact name="Kết quả">
          <p>{result.title}</p>
          {result.paper === false && <p class="muted">Không có giấy tờ kết quả.</p>}
          {result.denialTitle !== undefined && (
            <p class="muted">Nếu không được giải quyết: {result.denialTitle}</p>
          )}
        </Fact>
        <Fact name="Dịch vụ công trực tuyến">
          <span class={`chip ${onlineLevel === 4 ? "done" : onlineLevel === 3 ? "" : "plain"}`}>
            {ONLINE_LEVELS[onlineLevel]}
          </span>
        </Fact>
        <Fact name="Lĩnh vực">{field}</Fact>
        {audience.length > 0 && <Fact name="Đối tượng">{audience.join("; ")}</Fact>}
      </dl>
    </section>
  );
}

function waysToFile(declaration: Declaration): string[] {
  return [
    // The counter helps everybody, with procedures filed online too (NĐ 118/2025).
    "Trực tiếp tại bộ phận Một cửa",
    ...(takesOnline(declaration) ? ["Trực tuyến trên Cổng Dịch vụ công quốc gia"] : []),
    ...(declaration.channels.includes("postal") ? ["Qua dịch vụ bưu chính công ích"] : []),
  ];
}

function Lines({ of }: { of: readonly string[] }): VNode {
  return (
    <ul class="plain-list">
      {of.map((text) => (
        <li>{text}</li>
      ))}
    </ul>
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

/** The papers to bring: those of every case, then those of each case. */
function Papers({ declaration }: { declaration: Declaration }): VNode {
  const { documents, cases } = declaration;
  const common = documents.filter((paper) => paper.case === undefined);
  return (
    <section class="card" aria-labelledby="thanh-phan">
      <h2 id="thanh-phan">Thành phần hồ sơ</h2>
      {documents.length === 0 && (
        <p>Thủ tục được công bố không nêu thành phần hồ sơ; hãy hỏi bộ phận Một cửa.</p>
      )}
      {common.length > 0 && (
        <PaperTable
          papers={common}
          caption={cases.length === 0 ? "Giấy tờ cần nộp" : "Giấy tờ của mọi trường hợp"}
        />
      )}
      {cases.map(({ code, name }) => {
        const own = documents.filter((paper) => paper.case === code);
        return own.length === 0 ? (
          <p>
            <strong>{name}</strong>: không có giấy tờ riêng.
          </p>
        ) : (
          <details open={cases.length <= 2}>
            <summary>Trường hợp: {name}</summary>
            <PaperTable papers={own} caption="Giấy tờ của trường hợp này" />
          </details>
        );
      })}
      {documents.some(({ truncated }) => truncated) && (
        <p class="muted">Tên giấy tờ kết thúc bằng dấu … được nguồn công bố cắt ngắn.</p>
      )}
    </section>
  );
}

function PaperTable({ papers, caption }: { papers: readonly DocumentDeclaration[]; caption: string }): VNode {
  return (
    <table class="papers">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Tên giấy tờ</th>
          <th scope="col">Bản chính</th>
          <th scope="col">Bản sao</th>
        </tr>
      </thead>
      <tbody>
        {papers.map((paper) =>
          paper.kind === "heading" ? (
            <tr>
              <th scope="rowgroup" colSpan={3}>
                {paper.title}
              </th>
            </tr>
          ) : (
            <tr>
              <td>
                {paper.title}
                {remarks(paper) !== "" && <p class="muted">{remarks(paper)}</p>}
              </td>
              <td class="count">{countOf(paper, paper.originals)}</td>
              <td class="count">{countOf(paper, paper.copies)}</td>
            </tr>
          ),
        )}
      </tbody>
    </table>
  );
}

function countOf({ quantity }: DocumentDeclaration, count: number): string {
  return quantity === "unknown" ? "–" : String(count);
}

function remarks({ required, handling, onlyChannel, quantity, condition }: DocumentDeclaration): string {
  return [
    required ? "Bắt buộc" : "Nếu có",
    handling === "present" ? "chỉ xuất trình để đối chiếu" : "",
    onlyChannel === "online" ? "chỉ khi nộp trực tuyến" : "",
    quantity === "unknown" ? "số bản không được công bố" : "",
    condition ?? "",
  ]
    .filter((part) => part !== "")
    .join("; ");
}

/** The way of a dossier at each tier: drawn, and the same as text. */
function Flows({ declaration }: { declaration: Declaration }): VNode {
  const tiers = chartTiers(declaration);
  return (
    <section class="card flows" aria-labelledby="quy-trinh">
      <h2 id="quy-trinh">Hồ sơ đi qua những bước nào</h2>
      {tiers.map((tier) => (
        <Flow declaration={declaration} tier={tier} many={tiers.length > 1} />
      ))}
      <p class="muted">
        Thanh màu dưới mỗi bước là phần thời hạn của bước đó. Khi chờ bạn bổ sung giấy tờ, thời hạn tạm dừng
        và được tính tiếp sau khi bạn nộp đủ.
      </p>
    </section>
  );
}

function Flow({
  declaration,
  tier,
  many,
}: {
  declaration: Declaration;
  tier: Tier;
  many: boolean;
}): VNode | null {
  const chart = declaration.charts[tier];
  if (chart === undefined) return null;
  const limit = limitFor(declaration, null, "counter");
  const name = `Sơ đồ ${chart.steps.length} bước giải quyết${many ? `, ${TIER_NAMES[tier].toLowerCase()}` : ""}`;
  return (
    <div class="stack">
      {many && <h3>{TIER_NAMES[tier]}</h3>}
      <FlowDrawing chart={chart} limit={limit} name={name} />
      <details>
        <summary>Các bước bằng chữ</summary>
        <ol class="flow-steps">
          {chart.steps.map((step) => (
            <li>
              <strong>{step.name}</strong>: {whoDoes(step)}
              {shareInWords(step, limit) !== "" && <>; {shareInWords(step, limit)}</>}
              {step.state === "consulting" && chart.consulted !== undefined && (
                <ul>
                  {chart.consulted.map((asked) => (
                    <li>
                      {asked.name}, trả lời trong {asked.workingDays} ngày làm việc
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ol>
      </details>
    </div>
  );
}
