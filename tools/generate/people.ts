import type { Person } from "../../server/dossier/record.ts";
import { openChance } from "../demo/chance.ts";
import type { Chance } from "./chance.ts";

/** A commune and its district, as an address names them. */
export interface Place {
  commune: string;
  district: string;
}

const FAMILIES = (
  "Nguyễn Trần Lê Phạm Huỳnh Phan Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trương Lâm Mai Tô Cao Châu Thạch Danh Kim " +
  "Quách Tạ La Hà Lưu Thái"
).split(" ");
/** Second words that no real name has in this place: who reads one knows that nobody is called so. */
const MADE_UP = [
  ...["Thử", "Mẫu", "Nháp", "Ví Dụ", "Thí Điểm", "Diễn Tập", "Minh Họa", "Thực Hành", "Giả Định", "Nghiệm"],
  ...[
    "Thử Nghiệm",
    "Mô Phỏng",
    "Kiểm Thử",
    "Thao Diễn",
    "Tập Huấn",
    "Đơn Cử",
    "Bản Nháp",
    "Dữ Liệu",
    "Hư Cấu",
  ],
];
const MIDDLES = (
  "An Bảo Bích Cẩm Chí Công Diễm Đức Gia Hải Hoàng Hồng Hữu Khánh Kiều Lan Minh Mỹ Ngọc Nhật Phương Quang Quốc Tấn " +
  "Thanh Thiên Thu Trọng Tuyết Xuân"
).split(" ");

/**
 * The person of a number: always the same one. Plainly made up: no real name ends so, and telephone numbers with 0900
 * are nobody's.
 */
export function citizenOf(number: number, place: Place): Person {
  const chance = openChance(number * 2_654_435_761);
  const woman = chance.percent(50);
  const digits = String(number % 1_000_000).padStart(6, "0");
  const year = String(40 + chance.below(60)).padStart(2, "0");
  const middle = chance.percent(60) ? ` ${chance.pick(MIDDLES)}` : "";
  return {
    kind: "citizen",
    name: `${chance.pick(FAMILIES)} ${woman ? "Thị" : "Văn"}${middle} ${chance.pick(MADE_UP)}`,
    identity: { type: "cccd", number: `093${woman ? "1" : "0"}${year}${digits}` },
    phone: `0900${digits}`,
    ...(chance.percent(25) ? { email: `thu.${number}@example.vn` } : {}),
    address: { province: "Hậu Giang", ...place, street: `Số ${1 + chance.below(400)} đường Thử` },
  };
}

/** The company, agency or organisation of a number. */
export function bodyOf(number: number, place: Place, kind: "business" | "agency" | "organisation"): Person {
  const chance = openChance(number * 2_246_822_519);
  const digits = String(number % 1_000_000).padStart(6, "0");
  const name = {
    business: `Công ty ${chance.pick(["TNHH", "Cổ phần", "TNHH MTV"])} ${chance.pick(MADE_UP)} ${chance.pick(MIDDLES)} ${number % 1000}`,
    agency: `Đơn vị sự nghiệp ${chance.pick(MADE_UP)} ${number % 1000}`,
    organisation: `Hội ${chance.pick(MADE_UP)} ${chance.pick(MIDDLES)} ${number % 1000}`,
  }[kind];
  return {
    kind,
    name,
    identity: { type: "taxCode", number: `9999${digits}` },
    phone: `02933${digits}`,
    address: { province: "Hậu Giang", ...place },
  };
}

/** Those of one part of the province: new people come, and some of them come again. */
export interface Population {
  draw(chance: Chance, place: Place, audience: readonly string[]): Person;
  /** Somebody for whom another one files. */
  neighbour(chance: Chance, place: Place): Person;
}

/** How many of those who came last may come again. */
const REMEMBERED = 4_000;

export function openPopulation(firstNumber: number): Population {
  let next = firstNumber;
  const known: Person[] = [];
  const remember = (person: Person): Person => {
    if (known.length < REMEMBERED) known.push(person);
    else known[next % REMEMBERED] = person;
    return person;
  };
  return {
    draw(chance, place, audience) {
      const kind = kindOf(chance, audience);
      if (known.length > 0 && chance.percent(28)) {
        const again = chance.pick(known);
        if (again.kind === kind) return again;
      }
      next += 1;
      return remember(kind === "citizen" ? citizenOf(next, place) : bodyOf(next, place, kind));
    },
    neighbour(_chance, place) {
      next += 1;
      return citizenOf(next, place);
    },
  };
}

function kindOf(chance: Chance, audience: readonly string[]): Person["kind"] {
  const has = (words: RegExp) => audience.some((who) => words.test(who));
  const forCitizens = audience.length === 0 || has(/công dân|người|cán bộ|đảng viên|hộ gia đình|cá nhân/i);
  const forBusiness = has(/doanh nghiệp|hợp tác xã/i);
  if (forCitizens && (!forBusiness || chance.percent(60))) return "citizen";
  if (forBusiness && chance.percent(85)) return "business";
  return chance.percent(50) ? "agency" : "organisation";
}
