import type { Chance } from "./chance.ts";

/** An applicant as contract.md has it. */
export interface Person {
  kind: "citizen" | "business" | "agency" | "organisation";
  name: string;
  identity: { type: "cccd" | "cmnd" | "passport" | "taxCode"; number: string };
  phone: string;
  email?: string;
  address: { province: string; district?: string; commune?: string; street?: string };
}

const SURNAMES = ["Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương"];
const GIVEN = ["Thử", "Mẫu", "Nháp", "Ví Dụ", "Thí Điểm", "Diễn Tập", "Minh Họa", "Thực Hành"];
const PLACES = [
  { district: "Thành phố Ngã Bảy", commune: "Xã Đại Thành" },
  { district: "Thành phố Ngã Bảy", commune: "Phường Ngã Bảy" },
  { district: "Thành phố Vị Thanh", commune: "Phường I" },
  { district: "Huyện Châu Thành A", commune: "Thị trấn Một Ngàn" },
];

/** A citizen who is plainly made up: the numbers have the right form and belong to nobody (999, TEST). */
export function drawCitizen(chance: Chance, number: number): Person {
  const woman = chance.percent(50);
  const digits = String(number).padStart(6, "0");
  const kind = chance.weighted({ cccd: 88, cmnd: 7, passport: 5 });
  const identity = {
    cccd: `999${woman ? "1" : "0"}00${digits}`,
    cmnd: `999${digits}`,
    passport: `TEST${digits}`,
  }[kind];
  return {
    kind: "citizen",
    name: `${chance.pick(SURNAMES)} ${woman ? "Thị" : "Văn"} ${chance.pick(GIVEN)}`,
    identity: { type: kind, number: identity },
    phone: `0900${digits}`,
    ...(chance.percent(40) ? { email: `thu.${number}@example.vn` } : {}),
    address: {
      province: "Hậu Giang",
      ...chance.pick(PLACES),
      street: `Số ${1 + chance.below(300)} đường Thử`,
    },
  };
}

/** A company, agency or organisation that is plainly made up. */
export function drawBody(
  chance: Chance,
  number: number,
  kind: "business" | "agency" | "organisation",
): Person {
  const digits = String(number).padStart(6, "0");
  const name = {
    business: `Công ty TNHH Thử Nghiệm ${number}`,
    agency: `Đơn vị sự nghiệp Mẫu ${number}`,
    organisation: `Hội Diễn Tập ${number}`,
  }[kind];
  return {
    kind,
    name,
    identity: { type: "taxCode", number: `9999${digits}${chance.percent(15) ? "-001" : ""}` },
    phone: `0293 3${digits}`,
    address: { province: "Hậu Giang", ...chance.pick(PLACES) },
  };
}

/** Who comes with this procedure, by whom the catalogue says it is for. */
export function drawApplicant(chance: Chance, number: number, audience: readonly string[]): Person {
  const isForCitizens =
    audience.length === 0 || audience.some((who) => /công dân|người|cán bộ|đảng viên/i.test(who));
  const isForBusiness = audience.some((who) => /^(doanh nghiệp|hợp tác xã)/i.test(who));
  if (isForCitizens && (!isForBusiness || chance.percent(65))) return drawCitizen(chance, number);
  if (isForBusiness && chance.percent(80)) return drawBody(chance, number, "business");
  return drawBody(chance, number, chance.pick(["agency", "organisation"]));
}
