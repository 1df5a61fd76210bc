import { drawApplicant, drawField, LINE, openForm, type DossierOnPaper } from "./dossier-form.ts";
import { MM } from "./page.ts";
import { drawTwoSigningPlaces, SIGN_HERE, signingHeight } from "./signatures.ts";

export interface Refusal extends DossierOnPaper {
  reason: string;
  officerName: string;
  contactPhone?: string | undefined;
}

/** Form 03: refusal to receive a dossier, with its reason, as A4 PDF. Throws FormNotInForce, NotPrintable. */
export async function renderRefusal(refusal: Refusal): Promise<Buffer> {
  const { paper } = await openForm("refusal", refusal, "TCHS");
  paper.y -= 6;
  drawField(paper, "Bộ phận tiếp nhận và trả kết quả", refusal.unitName);
  drawField(paper, "Mã hồ sơ", refusal.code, { style: "bold" });
  drawApplicant(paper, refusal, "Tiếp nhận hồ sơ của");
  paper.paragraph(
    "Qua xem xét, bộ phận tiếp nhận và trả kết quả thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau:",
    { ...LINE, before: 4, indent: 10 * MM },
  );
  paper.paragraph(refusal.reason, { ...LINE, indent: 10 * MM });
  const phone = refusal.contactPhone ? `, số điện thoại ${refusal.contactPhone}` : "";
  paper.paragraph(
    `Xin thông báo để ông (bà) được biết và thực hiện. Nếu cần hướng dẫn thêm, ông (bà) liên hệ với ${refusal.officerName}${phone}.`,
    { ...LINE, indent: 10 * MM, keep: signingHeight(22 * MM) + 10 },
  );
  paper.y -= 10;
  drawTwoSigningPlaces(
    paper,
    { title: "Người nộp hồ sơ", note: SIGN_HERE, name: refusal.applicantName },
    { title: "Người tiếp nhận hồ sơ", note: SIGN_HERE, name: refusal.officerName },
  );
  return paper.finish();
}
