import { momentInProse } from "../web/dates.ts";
import type { Tracking } from "./track-dossier.ts";

/** Statuses after which nothing more is promised: refused, stopped, returned. */
const ENDS = [3, 8, 10];

const RETURNED: Record<Tracking["returnMethod"], (unit: string) => string> = {
  counter: (unit) => `Kết quả chờ trả tại ${unit}.`,
  postal: () => "Kết quả sẽ được gửi đến bạn qua bưu chính.",
  online: () => "Kết quả được trả trực tuyến: nhập mã tra cứu để xem và tải.",
};

/** What happens with the dossier now, in one plain sentence that names the unit and never a person. */
export function tellNow({ status, holder, step, returnMethod }: Tracking): string {
  const unit = holder.name;
  switch (status) {
    case 1:
      return `Hồ sơ đã được nộp và đang chờ ${unit} tiếp nhận.`;
    case 2:
      return `Hồ sơ đã được ${unit} tiếp nhận.`;
    case 3:
      return `Hồ sơ không được ${unit} tiếp nhận.`;
    case 4:
      return step === null
        ? `Hồ sơ đang được ${unit} xử lý.`
        : `Hồ sơ đang được ${unit} xử lý, ở bước “${step}”.`;
    case 5:
      return "Hồ sơ đang chờ bạn bổ sung giấy tờ.";
    case 6:
      return "Hồ sơ đang chờ bạn thực hiện nghĩa vụ tài chính.";
    case 7:
      return "Người nộp đã yêu cầu rút hồ sơ; yêu cầu đang được xem xét.";
    case 8:
      return "Hồ sơ đã dừng xử lý.";
    case 9:
      return `Hồ sơ đã xử lý xong. ${RETURNED[returnMethod](unit)}`;
    default:
      return "Kết quả đã được trả. Việc giải quyết hồ sơ đã kết thúc.";
  }
}

/** When the result is promised, in plain words; undefined where the work is done. `now` is our clock's. */
export function tellPromise(tracking: Tracking, now: Date): string | undefined {
  const { status, receivedAt, dueAt, lastDueAt, pausedSince, promisedAt, dueReason } = tracking;
  if (status === 9 || ENDS.includes(status)) return undefined;
  if (receivedAt === null) return "Ngày hẹn trả kết quả có khi hồ sơ được tiếp nhận.";
  if (pausedSince !== null)
    return lastDueAt === null
      ? "Đang tạm dừng tính thời hạn."
      : `Đang tạm dừng tính thời hạn. Trước khi tạm dừng, hẹn trả lúc ${momentInProse(lastDueAt)}; ngày hẹn mới có khi thời hạn được tính tiếp.`;
  if (promisedAt !== null) return `Cơ quan xin lỗi vì chậm trễ và hẹn lại lúc ${momentInProse(promisedAt)}.`;
  if (dueAt !== null) {
    const promise = `Hẹn trả ${tracking.provisional ? "(dự kiến) " : ""}lúc ${momentInProse(dueAt)}.`;
    return isOverdue(tracking, now) ? `${promise} Hồ sơ đã quá hẹn.` : promise;
  }
  return dueReason === "calendar-missing"
    ? "Chưa tính được ngày hẹn trả vì chưa có lịch làm việc chính thức; ngày hẹn có khi lịch được ban hành."
    : "Thời gian trả kết quả theo quy định của thủ tục.";
}

/** Whether the work is not done although its due moment has passed; never while the clock stands still. */
export function isOverdue({ status, dueAt }: Tracking, now: Date): boolean {
  return [2, 4, 6].includes(status) && dueAt !== null && Date.parse(dueAt) < now.getTime();
}

/** The promised date as the list of facts shows it. */
export function promisedDate(tracking: Tracking): string {
  const { status, receivedAt, dueAt, lastDueAt, pausedSince, dueReason } = tracking;
  if (receivedAt === null) return ENDS.includes(status) ? "Không có" : "Chưa có";
  if (pausedSince !== null)
    return lastDueAt === null
      ? "Đang tạm dừng tính thời hạn"
      : `Đang tạm dừng tính thời hạn; hẹn trước đó: ${momentInProse(lastDueAt)}`;
  const due = dueAt ?? lastDueAt;
  if (due !== null) return `${momentInProse(due)}${tracking.provisional ? " (dự kiến)" : ""}`;
  return dueReason === "calendar-missing" ? "Chưa tính được" : "Theo quy định của thủ tục";
}

/** The colour of a status, always beside its name. */
export function statusTone(status: number): "late" | "soon" | "done" | "paused" | "" {
  if (status === 3) return "late";
  if (status === 5 || status === 6) return "soon";
  if (status === 9 || status === 10) return "done";
  return status === 7 || status === 8 ? "paused" : "";
}
