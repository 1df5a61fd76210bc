import {
  drawApplicant,
  drawCodeBox,
  drawField,
  dayNumber,
  LINE,
  openForm,
  type DossierOnPaper,
} from "./dossier-form.ts";
import { feeInWords } from "./fees.ts";
import { BY_THE_PROCEDURE, dayOf, dueInWords, momentInWords } from "./moments.ts";
import { drawTwoSigningPlaces, SIGN_HERE } from "./signatures.ts";
import { drawTable } from "./table.ts";

export interface Receipt extends DossierOnPaper {
  /** The citizen's key to his dossier: printed here and never in the QR code. */
  secret: string;
  /** Who decides, when it is another than the unit that receives. */
  decidingAgencyName?: string | undefined;
  /** `reused`: not handed in, one of the person's store stands for it. */
  papers: { title: string; originals: number; copies: number; reused?: boolean }[];
  /** How many sets of papers. */
  sets?: number | undefined;
  /** The limit in words: "05 ngày làm việc"; undefined where none is known. */
  processingTime?: string | undefined;
  receivedAt: Date;
  dueAt: Date | null;
  /** The due date passes through a year whose days off are not yet published. */
  provisional: boolean;
  returnMethod: "counter" | "postal" | "online";
  /** An amount of null is not free: it is as the rules say. */
  fees: { name: string; amount: number | null; paid: boolean }[];
  receiverName: string;
  /** When the receipt was made out that this one replaces, after a correction. */
  replaces?: Date | undefined;
  /** Telephone of the desk, for questions. */
  contactPhone?: string | undefined;
}

/**
 * Form 01: receipt for the papers and appointment for the result, as A4 PDF.
 * Throws FormNotInForce, NotPrintable.
 */
export async function renderReceipt(receipt: Receipt): Promise<Buffer> {
  const { paper } = await openForm("receipt", receipt, "TNHS");
  drawCodeBox(paper, receipt, receipt.secret);
  if (receipt.replaces !== undefined)
    paper.paragraph(
      [`Thay thế giấy tiếp nhận hồ sơ và hẹn trả kết quả lập lúc ${momentInWords(receipt.replaces)}.`],
      {
        ...LINE,
        style: "bold-italic",
      },
    );
  drawField(paper, "Bộ phận tiếp nhận và trả kết quả", receipt.unitName);
  drawApplicant(paper, receipt, "Tiếp nhận hồ sơ của");
  if (receipt.decidingAgencyName) drawField(paper, "Cơ quan giải quyết", receipt.decidingAgencyName);
  drawField(
    paper,
    "Thành phần hồ sơ nộp gồm",
    receipt.papers.length === 0 ? "không có giấy tờ kèm theo." : "",
  );
  if (receipt.papers.length > 0) {
    drawTable(
      paper,
      [
        { title: "TT", share: 8, align: "center" },
        { title: "Tên giấy tờ", share: 64 },
        { title: "Bản chính", share: 14, align: "center" },
        { title: "Bản sao", share: 14, align: "center" },
      ],
      receipt.papers.map(({ title, originals, copies, reused }, i) => [
        `${i + 1}`,
        reused === true ? `${title} (dùng lại từ kho dữ liệu điện tử)` : title,
        count(originals),
        count(copies),
      ]),
    );
    paper.y -= 6;
  }
  drawField(paper, "Số lượng hồ sơ", `${String(receipt.sets ?? 1).padStart(2, "0")} (bộ)`);
  drawField(paper, "Thời gian giải quyết hồ sơ theo quy định là", receipt.processingTime ?? BY_THE_PROCEDURE);
  drawField(paper, "Thời gian nhận hồ sơ", momentInWords(receipt.receivedAt));
  drawField(paper, "Thời gian trả kết quả giải quyết hồ sơ", dueInWords(receipt.dueAt, receipt.provisional), {
    style: "bold",
  });
  drawField(paper, "Đăng ký nhận kết quả", returnMethods(receipt.returnMethod));
  drawField(paper, "Phí, lệ phí", feesInWords(receipt.fees));
  const book = `quyển số ${dayOf(receipt.receivedAt).slice(0, 4)}, số thứ tự trong ngày ${dayNumber(receipt.code)}`;
  drawField(paper, "Vào Sổ theo dõi hồ sơ (điện tử)", book);
  paper.y -= 6;
  drawTwoSigningPlaces(
    paper,
    { title: "Người nộp hồ sơ", note: SIGN_HERE, name: receipt.applicantName },
    { title: "Người tiếp nhận hồ sơ", note: SIGN_HERE, name: receipt.receiverName },
  );
  const phone = receipt.contactPhone ? ` Điện thoại liên hệ: ${receipt.contactPhone}.` : "";
  paper.paragraph(
    [
      { text: "Ghi chú: ", style: "bold-italic" },
      `Giấy này lập thành 02 liên, giao người nộp hồ sơ một liên. Giữ kín mã tra cứu: mã này dùng để xem chi tiết, bổ sung hồ sơ và nhận kết quả trực tuyến.${phone}`,
    ],
    { ...LINE, style: "italic", size: 11, before: 6 },
  );
  return paper.finish();
}

function returnMethods(chosen: Receipt["returnMethod"]): string {
  const box = (method: Receipt["returnMethod"], name: string) =>
    `${method === chosen ? "☑" : "☐"}\u00a0${name.replaceAll(" ", "\u00a0")}`;
  return [
    box("counter", "tại quầy"),
    box("postal", "qua bưu chính công ích"),
    box("online", "trực tuyến"),
  ].join("\u00a0\u00a0\u00a0 ");
}

function feesInWords(fees: Receipt["fees"]): string {
  if (fees.length === 0) return "không phát sinh khi tiếp nhận.";
  return fees
    .map(({ name, amount, paid }) => {
      return `${feeInWords({ name, amount })}${paid ? " (đã nộp)" : " (chưa nộp)"}`;
    })
    .join("; ");
}

function count(number: number): string {
  return number === 0 ? "–" : String(number);
}
