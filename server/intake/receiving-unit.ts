import type { Declaration } from "../../workflows/declaration.ts";
import { CENTRE } from "../catalogue/units.ts";
import type { Agencies, Agency } from "../catalogue/units.ts";
import { chartTierOf } from "../catalogue/agencies.ts";
import { fold } from "../dossier/search-text.ts";
import type { Person } from "../dossier/record.ts";
import { Invalid } from "../platform/errors.ts";

/**
 * The unit that receives a dossier filed online: the centre for departments, else the deciding agency. Where the
 * procedure begins at a lower tier (process f), it is the unit of the applicant's address, who examines it first.
 * Throws Invalid when the address names no unit of the province.
 */
export function receivingUnit(
  agencies: Agencies,
  declaration: Declaration,
  deciding: Agency,
  applicant: Person,
): string {
  const tier = chartTierOf(declaration, deciding);
  const chain = tier === undefined ? undefined : declaration.charts[tier]?.chain;
  if (chain?.[0] !== "intake" || chain.length < 2)
    return deciding.kind === "department" ? CENTRE : deciding.code;
  const found = declaration.levels.includes("commune")
    ? communeOf(agencies, applicant)
    : districtOf(agencies, applicant.address.district);
  if (found !== undefined) return found.code;
  const field = declaration.levels.includes("commune") ? "commune" : "district";
  throw new Invalid([
    {
      path: `applicant.address.${field}`,
      message: "Thủ tục được tiếp nhận từ cấp dưới: hãy ghi rõ huyện, xã nơi cư trú trong tỉnh Hậu Giang.",
    },
  ]);
}

function communeOf(agencies: Agencies, { address }: Person): Agency | undefined {
  const district = districtOf(agencies, address.district);
  const named = agencies.all.filter(({ kind, name }) => kind === "commune" && isNamed(name, address.commune));
  const here = named.filter(({ parent }) => parent === district?.code);
  // Several communes share a name; without the district one of them would be a guess.
  return here.length === 1 ? here[0] : named.length === 1 ? named[0] : undefined;
}

function districtOf(agencies: Agencies, district: string | undefined): Agency | undefined {
  return agencies.all.find(({ kind, name }) => kind === "district" && isNamed(name, district));
}

/** "Xã Đại Thành" and "Đại Thành" both name UBND xã Đại Thành. */
function isNamed(unitName: string, place: string | undefined): boolean {
  if (place === undefined) return false;
  const unit = fold(unitName).replace(/^ubnd /, "");
  const wanted = fold(place).trim().replace(/\s+/g, " ");
  return unit === wanted || unit.replace(/^(xa|phuong|thi tran|huyen|thi xa|thanh pho) /, "") === wanted;
}
