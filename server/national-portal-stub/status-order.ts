/** TrangThaiHoSo 1–10, as the portal names them to the public. */
export const STATUS_NAMES: Readonly<Record<number, string>> = {
  1: "Mới đăng ký",
  2: "Được tiếp nhận",
  3: "Không được tiếp nhận",
  4: "Đang xử lý",
  5: "Yêu cầu bổ sung giấy tờ",
  6: "Yêu cầu thực hiện nghĩa vụ tài chính",
  7: "Công dân yêu cầu rút hồ sơ",
  8: "Dừng xử lý",
  9: "Đã xử lý xong",
  10: "Đã trả kết quả",
};

const FIRST: readonly number[] = [1, 2];

const FOLLOWS: Readonly<Record<number, readonly number[]>> = {
  1: [2, 3, 5, 7],
  2: [4, 5, 6, 7, 8],
  3: [],
  4: [5, 6, 7, 8, 9],
  5: [1, 2, 3, 4, 6, 7, 8],
  6: [2, 4, 5, 7, 8],
  7: [1, 2, 4, 5, 6, 8],
  8: [],
  9: [10],
  10: [],
};

/**
 * Whether `next` may be heard while the portal holds `held` (undefined: nothing yet). The same status may be
 * sent again; a first message carries 1, or 2 when filing and acceptance were one step at the counter.
 */
export function mayFollow(held: number | undefined, next: number): boolean {
  if (held === undefined) return FIRST.includes(next);
  return held === next || (FOLLOWS[held] ?? []).includes(next);
}
