import type { DossierBasis, HistoryEvent } from "./dossier-figure.ts";

/** Why a dossier went over its due moment, as far as its events tell; for forms 07a and 07b. */
export const OVERDUE_CAUSES: Readonly<Record<string, string>> = {
  "consulted-agency": "Chờ ý kiến của cơ quan phối hợp",
  "financial-duty": "Chờ thực hiện nghĩa vụ tài chính (không thuộc trường hợp tạm dừng)",
  intake: "Chưa chuyển hồ sơ từ Bộ phận Một cửa",
  assigning: "Chưa phân công người xử lý",
  specialist: "Đang thẩm định, tham mưu ở chuyên viên",
  head: "Đang ở trưởng phòng",
  leader: "Đang trình lãnh đạo duyệt, ký",
  clerk: "Đang ở văn thư",
  unknown: "Chưa rõ nguyên nhân",
};

/**
 * What the dossier waited for when its due moment passed: what history says, and no guess at whose fault it was. The
 * reasons that officers write are personal and are not read here.
 */
export function causeOf(
  { declaration, tier }: DossierBasis,
  known: readonly HistoryEvent[],
  dueAt: number,
): string {
  const happened = known.filter(({ at }) => at.getTime() <= dueAt);
  const state = happened.at(-1)?.toState;
  if (state === undefined) return "unknown";
  if (state === "consulting") return "consulted-agency";
  const unpaid = new Set<string>();
  for (const { type, data } of happened) {
    if (type === "REQUEST_PAYMENT") unpaid.add(String(data.feeCode));
    if (type === "PAY") unpaid.delete(String(data.feeCode));
  }
  if (unpaid.size > 0) return "financial-duty";
  if (state === "accepted" || state === "digitized") return "intake";
  if (state.startsWith("assigning")) return "assigning";
  const role = declaration.charts[tier]?.steps.find((step) => step.state === state)?.role;
  return role === undefined ? "unknown" : role === "frontdesk" ? "intake" : role;
}
