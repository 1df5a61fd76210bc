import type { Request } from "express";
import { Unauthenticated } from "../platform/errors.ts";

/** Who sits at a desk page, and what its forms must carry back. */
export interface Desk {
  username: string;
  name: string;
  /** The unit's code; null for accounts of the province as a whole. */
  agency: string | null;
  unitName: string;
  roles: readonly string[];
  /** Goes with every form; a POST without it is refused. */
  csrf: string;
  /** The address of this page, with its query. */
  path: string;
}

declare module "express-serve-static-core" {
  interface Request {
    /** Set on the pages of the desks, which nobody sees without a session. */
    desk?: Desk;
  }
}

/** Who sits at the page that was asked for. Throws Unauthenticated. */
export function deskOf(req: Request): Desk {
  if (req.desk === undefined) throw new Unauthenticated();
  return req.desk;
}

/** The part of a path before its query. */
export function pathOf(desk: Desk): string {
  return desk.path.split("?")[0] ?? "/";
}

export interface Place {
  href: string;
  name: string;
  /** The key that leads there from any desk page, with Alt. */
  key: string;
}

/** Every place of the desks and who has business there, in the order in which the head line shows them. */
const PLACES: (Place & { roles: readonly string[] })[] = [
  { href: "/tiep-nhan", name: "Tiếp nhận", key: "1", roles: ["frontdesk"] },
  {
    href: "/ho-so",
    name: "Hồ sơ",
    key: "2",
    roles: ["frontdesk", "specialist", "head", "leader", "clerk"],
  },
  { href: "/tra-ket-qua", name: "Trả kết quả", key: "3", roles: ["frontdesk"] },
  { href: "/thu-phi", name: "Thu phí", key: "4", roles: ["frontdesk"] },
  { href: "/quan-tri", name: "Quản trị", key: "5", roles: ["administrator"] },
  { href: "/thu-tuc", name: "Thủ tục", key: "6", roles: [] },
  {
    href: "/thong-ke",
    name: "Thống kê",
    key: "7",
    roles: ["leader", "head", "inspector", "administrator", "frontdesk"],
  },
];

/** Where this account has business; the first is its desk. */
export function placesFor(roles: readonly string[]): Place[] {
  return PLACES.filter(({ roles: who }) => who.length === 0 || who.some((role) => roles.includes(role)));
}

/** The words officers use for the roles. */
export const ROLE_NAMES: Record<string, string> = {
  frontdesk: "Bộ phận Một cửa",
  specialist: "Chuyên viên",
  head: "Trưởng phòng",
  leader: "Lãnh đạo",
  clerk: "Văn thư",
  administrator: "Quản trị",
  inspector: "Theo dõi toàn tỉnh",
};
