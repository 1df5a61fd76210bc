import { drawField, LINE, openForm, type DossierOnPaper } from "./dossier-form.ts";
import { dueInWords, momentInWords, shortMoment } from "./moments.ts";
import { drawTable } from "./table.ts";

export interface ControlSlip extends DossierOnPaper {
  /** Who decides. */
  agencyName: string;
  receivedAt?: Date | undefined;
  dueAt: Date | null;
  /** Each hand-over, in order. */
  handovers: {
    from: string;
    to: string;
    at: Date;
    /** Undefined where the step has no limit of its own, or is still under way. */
    punctuality?: "early" | "on-time" | "late" | undefined;
    note?: string | undefined;
  }[];
}

const PUNCTUALITY = { early: "Trước hạn", "on-time": "Đúng hạn", late: "Quá hạn" };

/** The control slip (form 05, from 15 September 2025 form 06): every hand-over of the dossier. Throws FormNotInForce, NotPrintable. */
export async function renderControlSlip(slip: ControlSlip): Promise<Buffer> {
  const { paper } = await openForm("control", slip);
  paper.y -= 6;
  drawField(paper, "Mã hồ sơ", slip.code, { style: "bold" });
  drawField(paper, "Cơ quan, đơn vị giải quyết hồ sơ", slip.agencyName);
  drawField(paper, "Cơ quan phối hợp, tiếp nhận hồ sơ", slip.unitName);
  drawField(paper, "Nội dung yêu cầu giải quyết", slip.procedureName);
  if (slip.receivedAt) drawField(paper, "Thời gian nhận hồ sơ", momentInWords(slip.receivedAt));
  drawField(paper, "Thời gian hẹn trả kết quả", dueInWords(slip.dueAt), { after: 8 });
  drawTable(
    paper,
    [
      { title: "TÊN CƠ QUAN, NGƯỜI GIAO NHẬN", share: 44 },
      { title: "THỜI GIAN GIAO NHẬN", share: 22, align: "center" },
      { title: "KẾT QUẢ", share: 14, align: "center" },
      { title: "GHI CHÚ", share: 20 },
    ],
    slip.handovers.map(({ from, to, at, punctuality, note }) => [
      [{ text: "1. Giao: ", style: "italic" }, from, "\n", { text: "2. Nhận: ", style: "italic" }, to],
      shortMoment(at),
      punctuality ? PUNCTUALITY[punctuality] : "",
      note ?? "",
    ]),
    11.5,
  );
  paper.paragraph(
    "Phiếu lập tự động từ lịch sử xử lý của hồ sơ; mỗi lần giao nhận chỉ ghi thêm, không sửa.",
    {
      ...LINE,
      style: "italic",
      size: 11,
      before: 6,
    },
  );
  return paper.finish();
}
