import { drawField, LINE, openForm, signedBy, type DossierOnPaper } from "./dossier-form.ts";
import { bold, endless } from "./lines.ts";
import { dateInWords, momentInWords } from "./moments.ts";
import { MM, type ParagraphOptions } from "./page.ts";
import { drawRecipientsAndSigner, signingHeight } from "./signatures.ts";

export interface Apology extends DossierOnPaper {
  /** Who answers for the delay and signs. */
  agencyName: string;
  agencyParentName?: string | undefined;
  receivedAt: Date;
  /** The appointment that is not kept. */
  dueAt: Date;
  /** The new one. */
  promisedAt: Date;
  reason: string;
  signerTitle: string;
  signerName: string;
  /** Not given yet: said on top, so that nobody takes it for the paper itself. */
  draft?: boolean;
}

/**
 * Form 04: apology and new date (until 14 September 2025), letter of apology asking for more time (after), as A4 PDF.
 * Throws FormNotInForce, NotPrintable.
 */
export async function renderApology(apology: Apology): Promise<Buffer> {
  const { paper, form } = await openForm("apology", signedBy(apology), "PXL");
  const asksForTime = form.title.includes("gia hạn");
  const body: ParagraphOptions = { ...LINE, size: 14, indent: 10 * MM, after: 5 };
  paper.y -= 8;
  if (apology.draft === true)
    paper.paragraph([bold("(DỰ THẢO, CHƯA BAN HÀNH)")], { size: 13, align: "center", after: 6 });
  paper.paragraph(["Kính gửi: ", { text: apology.applicantName, style: "bold" }], {
    size: 14,
    align: "center",
    after: 8,
  });
  drawField(paper, "Địa chỉ", apology.address, { size: 14 });
  drawField(paper, "Số điện thoại", apology.phone, { size: 14, after: 8 });
  paper.paragraph(
    `${upperFirst(dateInWords(apology.receivedAt))}, ${apology.unitName} tiếp nhận hồ sơ đề nghị giải quyết thủ tục ${apology.procedureName} của ông (bà), mã hồ sơ: ${apology.code}.`,
    body,
  );
  paper.paragraph(
    ["Thời gian hẹn trả kết quả giải quyết hồ sơ: ", bold(momentInWords(apology.dueAt)), "."],
    body,
  );
  paper.paragraph(
    `Tuy nhiên, ${apology.agencyName} chưa trả được kết quả giải quyết hồ sơ đúng thời gian đã hẹn, với lý do: ${endless(apology.reason)}.`,
    body,
  );
  paper.paragraph(
    [
      `Sự chậm trễ này đã gây phiền hà, tốn kém chi phí, công sức của ông (bà). ${apology.agencyName} xin lỗi ông (bà) và ${asksForTime ? "đề nghị gia hạn thời gian giải quyết, hẹn trả kết quả" : "sẽ trả kết quả giải quyết hồ sơ"} vào `,
      bold(momentInWords(apology.promisedAt)),
      ".",
    ],
    body,
  );
  paper.paragraph("Mong nhận được sự thông cảm của ông (bà) vì sự chậm trễ này./.", {
    ...body,
    keep: signingHeight() + 12,
  });
  paper.y -= 12;
  drawRecipientsAndSigner(paper, ["Như trên;", "Bộ phận Tiếp nhận và Trả kết quả;", "Lưu: VT, hồ sơ."], {
    title: apology.signerTitle,
    name: apology.signerName,
  });
  return paper.finish();
}

function upperFirst(text: string): string {
  return text.charAt(0).toLocaleUpperCase("vi") + text.slice(1);
}
