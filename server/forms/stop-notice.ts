import { drawField, LINE, openForm, signedBy, type DossierOnPaper } from "./dossier-form.ts";
import { bold, endless } from "./lines.ts";
import { dateInWords } from "./moments.ts";
import { MM, type ParagraphOptions } from "./page.ts";
import { drawRecipientsAndSigner, signingHeight } from "./signatures.ts";

export interface StopNotice extends DossierOnPaper {
  agencyName: string;
  agencyParentName?: string | undefined;
  /** Undefined when the dossier was stopped before it was accepted. */
  receivedAt?: Date | undefined;
  /** Who asked: the applicant (a withdrawal) or the agency. */
  askedBy: "applicant" | "agency";
  reason: string;
  /** The step at which it stops: "Thẩm định hồ sơ". */
  stage: string;
  /** What becomes of fees and papers: "Không phát sinh nghĩa vụ tài chính." */
  settlement?: string | undefined;
  signerTitle: string;
  signerName: string;
}

/** Form 05, from 15 September 2025: notice that work on the dossier stops, as A4 PDF. Throws FormNotInForce, NotPrintable. */
export async function renderStopNotice(notice: StopNotice): Promise<Buffer> {
  const { paper } = await openForm("stop", signedBy(notice), "TB");
  const body: ParagraphOptions = { ...LINE, size: 14, indent: 10 * MM, after: 5 };
  paper.y -= 8;
  paper.paragraph(["Kính gửi: ", { text: notice.applicantName, style: "bold" }], {
    size: 14,
    align: "center",
    after: 8,
  });
  drawField(paper, "Địa chỉ", notice.address, { size: 14 });
  drawField(paper, "Số điện thoại", notice.phone, { size: 14, after: 8 });
  const received = notice.receivedAt ? `, tiếp nhận ${dateInWords(notice.receivedAt)}` : "";
  paper.paragraph(
    `${notice.agencyName} thông báo dừng giải quyết hồ sơ mã số ${notice.code}${received}, đề nghị giải quyết thủ tục ${notice.procedureName}.`,
    body,
  );
  const by =
    notice.askedBy === "applicant"
      ? "Theo đề nghị của người nộp hồ sơ"
      : "Theo quyết định của cơ quan giải quyết";
  paper.paragraph([bold("Căn cứ dừng: "), `${by}. Lý do: ${endless(notice.reason)}.`], body);
  paper.paragraph([bold("Giai đoạn giải quyết khi dừng: "), `${notice.stage}.`], body);
  const settlement =
    notice.settlement ?? "Giấy tờ đã nộp được trả lại cho người nộp hồ sơ tại bộ phận tiếp nhận.";
  paper.paragraph([bold("Giấy tờ, phí và lệ phí đã nộp: "), settlement], body);
  paper.paragraph(
    "Hồ sơ được kết thúc trên hệ thống kể từ ngày thông báo. Ông (bà) có quyền nộp hồ sơ mới khi có nhu cầu và đủ điều kiện./.",
    { ...body, keep: signingHeight() + 12 },
  );
  paper.y -= 12;
  drawRecipientsAndSigner(paper, ["Như trên;", "Bộ phận Tiếp nhận và Trả kết quả;", "Lưu: VT, hồ sơ."], {
    title: notice.signerTitle,
    name: notice.signerName,
  });
  return paper.finish();
}
