import {
  drawApplicant,
  drawCodeBox,
  drawField,
  LINE,
  openForm,
  type DossierOnPaper,
} from "./dossier-form.ts";
import { momentInWords } from "./moments.ts";
import { MM } from "./page.ts";
import { drawSigningPlace, SIGN_HERE, signingHeight } from "./signatures.ts";
import { drawTable } from "./table.ts";

export interface SupplementRequest extends DossierOnPaper {
  reason: string;
  /** All that is missing, once and in full. */
  items: {
    title: string;
    note: string;
    /** How many the procedure asks for; undefined where it is no paper of its list. */
    originals?: number | undefined;
    copies?: number | undefined;
  }[];
  /** Until when, where the procedure has a limit for it. */
  answerBy?: Date | undefined;
  officerName: string;
  contactPhone?: string | undefined;
}

/** Form 02: request to supplement the dossier, listing everything at once, as A4 PDF. Throws FormNotInForce, NotPrintable. */
export async function renderSupplementRequest(request: SupplementRequest): Promise<Buffer> {
  const { paper } = await openForm("supplement", request, "HDHS");
  drawCodeBox(paper, request);
  drawApplicant(paper, request);
  paper.paragraph("Yêu cầu bổ sung, hoàn thiện hồ sơ gồm những nội dung sau:", {
    ...LINE,
    before: 4,
    after: 5,
    keep: 60,
  });
  drawTable(
    paper,
    [
      { title: "TT", share: 8, align: "center" },
      { title: "Thành phần hồ sơ, nội dung", share: 40 },
      { title: "Bản chính", share: 9, align: "center", group: "Số lượng" },
      { title: "Bản sao", share: 9, align: "center", group: "Số lượng" },
      { title: "Yêu cầu cụ thể", share: 34 },
    ],
    request.items.map(({ title, note, originals, copies }, i) => [
      `${i + 1}`,
      title,
      count(originals),
      count(copies),
      note,
    ]),
  );
  paper.y -= 6;
  drawField(paper, "Lý do", request.reason);
  if (request.answerBy)
    drawField(paper, "Thời hạn bổ sung", `trước ${momentInWords(request.answerBy)}`, { style: "bold" });
  paper.paragraph(
    `Trong quá trình hoàn thiện hồ sơ nếu có vướng mắc, ông (bà) liên hệ với ${request.officerName}${request.contactPhone ? `, số điện thoại ${request.contactPhone},` : ""} để được hướng dẫn. Thời gian chờ bổ sung không tính vào thời hạn giải quyết.`,
    { ...LINE, keep: signingHeight(22 * MM) },
  );
  paper.y -= 8;
  const width = 80 * MM;
  const column = { x: paper.left + paper.width - width, width };
  drawSigningPlace(
    paper,
    { title: "Người hướng dẫn", note: SIGN_HERE, name: request.officerName },
    column,
    22 * MM,
  );
  return paper.finish();
}

function count(number: number | undefined): string {
  return number === undefined || number === 0 ? "–" : String(number);
}
