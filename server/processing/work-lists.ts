/** One of the lists in which an officer finds his work. */
export interface WorkList {
  /** `loc` in the address. */
  key: string;
  name: string;
  /** Which dossiers it looks through: those that concern the unit, that it handles or received, or one's own. */
  among: "concerned" | "processing" | "intake" | "mine";
  /** What of them belongs here, on the row `d`; `:now` and `:midnight` (the end of today) are moments. */
  where?: string;
  /** Closed ones too. */
  all?: true;
  /** Whose list it is; everybody's without. */
  roles?: readonly string[];
  /** Said where there is nothing in it. */
  empty: string;
}

const states = (...names: string[]) => `d.work_state in (${names.map((name) => `'${name}'`).join(", ")})`;

/** What waits for somebody in the unit is not held up by the citizen. */
const WORKING = "d.status in (2, 4)";

export const WORK_LISTS: readonly WorkList[] = [
  {
    key: "cua-toi",
    name: "Của tôi",
    among: "mine",
    roles: ["specialist"],
    empty: "Bạn không thụ lý hồ sơ nào đang mở.",
  },
  { key: "don-vi", name: "Đơn vị", among: "concerned", empty: "Đơn vị không có hồ sơ nào đang mở." },
  {
    key: "han-hom-nay",
    name: "Đến hạn hôm nay",
    among: "concerned",
    where: "d.urgency >= :now and d.urgency < :midnight",
    empty: "Hôm nay không còn hồ sơ nào đến hạn.",
  },
  {
    key: "qua-han",
    name: "Quá hạn",
    among: "concerned",
    where: "d.urgency < :now",
    empty: "Không có hồ sơ nào quá hạn.",
  },
  {
    key: "nguy-co-tre",
    name: "Có nguy cơ trễ",
    among: "processing",
    // From the unit's warnings, of which there are few, and not from all that is open in it.
    where: `d.status in (2, 4) and d.id = any(array(select r.dossier_id from late_risks r where r.unit = :unit
      and r.shown_from <= :now and r.due_at > :now)) and exists (select from late_risks r where r.dossier_id = d.id
      and r.head_seq = d.head_seq and r.due_at = d.due_at)`,
    roles: ["specialist", "head", "leader"],
    empty: "Không có hồ sơ nào có nguy cơ trễ hẹn trong hai ngày làm việc tới.",
  },
  {
    key: "cho-cong-dan",
    name: "Chờ công dân",
    among: "concerned",
    where: "d.status in (5, 6, 7)",
    empty: "Không có hồ sơ nào đang chờ công dân bổ sung, nộp tiền hoặc rút.",
  },
  {
    key: "cho-tra",
    name: "Chờ trả kết quả",
    among: "concerned",
    where: "d.status = 9",
    empty: "Không có kết quả nào đang chờ trả.",
  },
  {
    key: "cho-tiep-nhan",
    name: "Nộp trực tuyến, chờ tiếp nhận",
    among: "intake",
    where: "d.status = 1 and d.channel = 'online'",
    roles: ["frontdesk"],
    empty: "Không có hồ sơ trực tuyến nào đang chờ tiếp nhận.",
  },
  {
    key: "cho-so-hoa",
    name: "Chờ số hóa",
    among: "intake",
    where: "d.status = 2 and d.work_state = 'accepted'",
    roles: ["frontdesk"],
    empty: "Không có hồ sơ nào đang chờ số hóa.",
  },
  {
    key: "cho-chuyen",
    name: "Chờ chuyển xử lý",
    among: "intake",
    where: "d.status = 2 and d.work_state = 'digitized'",
    roles: ["frontdesk"],
    empty: "Không có hồ sơ nào đang chờ chuyển xử lý.",
  },
  {
    key: "cho-phan-cong",
    name: "Chờ phân công",
    among: "processing",
    where: `${WORKING} and ${states("assigning", "assigning1", "assigning2", "assigning3")}`,
    roles: ["head", "leader"],
    empty: "Không có hồ sơ nào đang chờ phân công.",
  },
  {
    key: "cho-tham-tra",
    name: "Chờ trưởng phòng duyệt",
    among: "processing",
    where: `${WORKING} and ${states("headApproving", "headApproving1", "headApproving2", "headApproving3", "chairReviewing")}`,
    roles: ["head"],
    empty: "Không có hồ sơ nào đang chờ trưởng phòng duyệt.",
  },
  {
    key: "cho-duyet",
    name: "Chờ lãnh đạo duyệt",
    among: "processing",
    where: `${WORKING} and ${states("approving", "approving1", "approving2", "approving3")}`,
    roles: ["leader"],
    empty: "Không có hồ sơ nào đang chờ lãnh đạo duyệt.",
  },
  {
    key: "cho-ky",
    name: "Chờ ký",
    among: "processing",
    where: `${WORKING} and ${states("signing")}`,
    roles: ["leader"],
    empty: "Không có kết quả nào đang chờ ký.",
  },
  {
    key: "cho-dong-dau",
    name: "Chờ đóng dấu",
    among: "processing",
    where: `${WORKING} and ${states("sealing")}`,
    roles: ["clerk"],
    empty: "Không có kết quả nào đang chờ đóng dấu.",
  },
  {
    key: "cho-chuyen-tiep",
    name: "Chờ chuyển đơn vị khác",
    among: "processing",
    where: `${WORKING} and ${states("forwarding", "forwarding1", "forwarding2", "forwarding3")}`,
    roles: ["clerk"],
    empty: "Không có hồ sơ nào đang chờ chuyển đến đơn vị khác.",
  },
];

/** Everything that ever concerned the unit; not counted. */
export const ALL: WorkList = {
  key: "tat-ca",
  name: "Tất cả, kể cả đã kết thúc",
  among: "concerned",
  all: true,
  empty: "Không tìm thấy hồ sơ nào.",
};

/** The lists of somebody with these roles, in the order in which they stand on the page. */
export function listsFor(roles: readonly string[]): WorkList[] {
  return WORK_LISTS.filter(({ roles: who }) => who === undefined || who.some((role) => roles.includes(role)));
}

/** The list of a name; without a known one, what an officer with these roles looks at first. */
export function listOf(key: string | undefined, roles: readonly string[]): WorkList {
  const lists = [...listsFor(roles), ALL];
  const usual = roles.includes("specialist") ? "cua-toi" : "don-vi";
  const found = lists.find((list) => list.key === key) ?? lists.find((list) => list.key === usual);
  return found ?? ALL;
}
