import type { ComponentChildren, VNode } from "preact";
import { dateInWords, shortDate } from "../forms/moments.ts";
import { momentInProse } from "../web/dates.ts";
import { Page } from "../web/layout.tsx";
import type { Checked } from "./check-desk.ts";
import { FileForm } from "./check-page.tsx";
import { FINDINGS, type Finding, type Verdict } from "./findings.ts";
import type { IssuedResult } from "./issued-result.ts";
import type { FileReport, SignatureReport } from "./report.ts";

const TONES: Record<Verdict, string> = {
  valid: "done",
  untrusted: "soon",
  unjudged: "soon",
  invalid: "late",
};
const CHIPS: Record<Verdict, string> = {
  valid: "Hợp lệ",
  untrusted: "Không rõ người ký",
  unjudged: "Chưa kiểm tra được",
  invalid: "Không hợp lệ",
};
const HEADINGS: Record<Verdict, string> = {
  valid: "Chữ ký hợp lệ",
  untrusted: "Không xác định được người ký có đúng như ghi hay không",
  unjudged: "Không kiểm tra được một cách an toàn",
  invalid: "Chữ ký không hợp lệ",
};
const ADVICE: Record<Verdict, string | undefined> = {
  valid: undefined,
  untrusted: "Không nên tin nội dung cho đến khi hỏi lại cơ quan ghi trên văn bản.",
  unjudged: "Hãy xin lại tệp gốc từ cơ quan phát hành rồi kiểm tra lại.",
  invalid: "Không dùng văn bản này. Hãy xin lại tệp gốc từ cơ quan phát hành.",
};

export interface CheckedPageProps {
  owner: string;
  checked: Checked;
  /** The dossier's code, where the result was looked up by it and no file was brought. */
  code?: string;
}

/** What a check found: the verdict first, then each signature, then what experts ask for, folded away. */
export function CheckedPage({ owner, checked, code }: CheckedPageProps): VNode {
  const { report, issued } = checked;
  const heading = headingOf(report);
  return (
    <Page title={`${heading} – Kiểm tra văn bản ký số`} owner={owner} unlisted>
      <section class={`verdict ${TONES[report.verdict]}`} aria-labelledby="ket-luan">
        <h1 id="ket-luan">{heading}</h1>
        <p>{report.text}</p>
        {issued !== undefined && <Issued issued={issued} code={code} />}
        {issued === undefined && ADVICE[report.verdict] !== undefined && <p>{ADVICE[report.verdict]}</p>}
      </section>
      {issued === undefined && report.verdict === "valid" && (
        <p class="muted">
          Tệp này không trùng với kết quả nào do các đơn vị của tỉnh phát hành trên hệ thống này. Chữ ký vẫn
          có giá trị; hãy xem kỹ người ký dưới đây.
        </p>
      )}
      {report.signatures.map((signature, at) => (
        <Signature signature={signature} number={at + 1} report={report} />
      ))}
      {code === undefined ? (
        <Technical report={report} />
      ) : (
        <p>Muốn biết tệp bạn đang giữ có đúng là bản này hay không, hãy gửi tệp lên để so từng byte.</p>
      )}
      <FileForm />
      <p>
        <a href="/kiem-tra">Kiểm tra theo mã hồ sơ</a>
      </p>
    </Page>
  );
}

function headingOf({ verdict, code }: FileReport): string {
  switch (code) {
    case "no-signature":
      return "Tệp này không có chữ ký số";
    case "not-a-pdf":
      return "Đây không phải là tệp PDF";
    default:
      return HEADINGS[verdict];
  }
}

/** Byte for byte the file in the province's own store: the strongest thing that can be said of it. */
function Issued({ issued, code }: { issued: IssuedResult; code: string | undefined }): VNode {
  const { agency, number, issuedAt } = issued;
  return (
    <p class="issued">
      {code === undefined ? "Đúng là bản do " : `Hồ sơ ${code}: kết quả do `}
      {agency} phát hành {dateInWords(issuedAt)}, số {number}.
    </p>
  );
}

function Signature(props: { signature: SignatureReport; number: number; report: FileReport }): VNode {
  const { signature, number, report } = props;
  const { kind, signer, certificate, timestamp, claimedAt, verdict, findings } = signature;
  const id = `chu-ky-${number}`;
  const what = kind === "timestamp" ? "Dấu thời gian" : signature.role === "agency" ? "Con dấu" : "Chữ ký";
  const told = findings.filter(({ code }) => verdict !== "valid" || FINDINGS[code][0] === "note");
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>
        {what} {number}
        {signer !== null && `: ${signer.name}`} <span class={`chip ${TONES[verdict]}`}>{CHIPS[verdict]}</span>
      </h2>
      {told.length > 0 && (
        <ul class="found">
          {unique(told).map(({ text }) => (
            <li>{text}</li>
          ))}
        </ul>
      )}
      <dl class="facts">
        {signer !== null && signer.title !== "" && <Fact name="Chức danh">{signer.title}</Fact>}
        {signer !== null && signer.organisation !== "" && signer.organisation !== signer.name && (
          <Fact name="Cơ quan">{signer.organisation}</Fact>
        )}
        {claimedAt !== null && <Fact name="Ký lúc">{moment(claimedAt)}</Fact>}
        {timestamp !== null && (
          <Fact name="Dấu thời gian">
            {moment(timestamp.at)}, do {timestamp.authority} cấp
            {timestamp.good ? "" : " (không dùng làm chứng cứ được)"}
          </Fact>
        )}
        {certificate !== null && (
          <Fact name="Chứng thư số">
            Do {certificate.issuer} cấp, hiệu lực từ {shortDate(new Date(certificate.notBefore))} đến{" "}
            {shortDate(new Date(certificate.notAfter))}
            {certificate.trusted ? "" : "; nơi cấp không được tin cậy"}
            {REVOCATION[certificate.revocation]}
          </Fact>
        )}
        <Fact name="Phạm vi">{scopeOf(signature, report)}</Fact>
      </dl>
    </section>
  );
}

const REVOCATION = { good: "; chưa bị thu hồi", revoked: "; đã bị thu hồi", unknown: "" };

function scopeOf(
  { coversWholeFile, revision, addedAfter, findings }: SignatureReport,
  report: FileReport,
): string {
  if (coversWholeFile) return "Toàn bộ tệp, không có gì được thêm vào sau khi ký.";
  if (revision === 0) return "Không xác định được phần đã ký.";
  const which = `Phiên bản ${revision} trong ${report.revisions} phiên bản của tệp`;
  const isChanged = findings.some(({ code }) => FINDINGS[code][0] === "invalid");
  if (isChanged) return `${which}.`;
  const words = [...new Set(addedAfter.map(({ kind }) => ADDED[kind]))];
  return words.length === 0 ? `${which}.` : `${which}; sau đó chỉ thêm ${words.join(", ")}.`;
}

const ADDED: Record<SignatureReport["addedAfter"][number]["kind"], string> = {
  signature: "chữ ký khác",
  timestamp: "dấu thời gian",
  "empty-field": "ô ký còn trống",
  "validation-data": "dữ liệu để kiểm tra lâu dài",
  metadata: "ngày lưu tệp",
};

function Technical({ report }: { report: FileReport }): VNode {
  const all = [
    ...report.findings.map((one) => ({ where: "Tệp", ...one })),
    ...report.signatures.flatMap(({ findings, field }) => findings.map((one) => ({ where: field, ...one }))),
  ];
  return (
    <details class="card">
      <summary>Chi tiết kỹ thuật</summary>
      <dl class="facts">
        <Fact name="SHA-256">
          <code class="long">{report.sha256}</code>
        </Fact>
        <Fact name="Dung lượng">{report.size.toLocaleString("vi")} byte</Fact>
        {report.signatures.map(({ field, subFilter, certificate }) => (
          <Fact name={field}>
            {subFilter}
            {certificate !== null && (
              <>
                , số sê-ri <code class="long">{certificate.serial}</code>
              </>
            )}
          </Fact>
        ))}
        {all.map(({ where, code, detail }) => (
          <Fact name={where}>
            <code class="long">
              {code}
              {detail === "" ? "" : `: ${detail}`}
            </code>
          </Fact>
        ))}
      </dl>
    </details>
  );
}

function unique(findings: readonly Finding[]): Finding[] {
  return findings.filter((one, at) => findings.findIndex(({ code }) => code === one.code) === at);
}

function moment(iso: string): VNode {
  return <time dateTime={iso}>{momentInProse(iso)}</time>;
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
