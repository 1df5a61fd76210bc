import { chartTierOf } from "../../server/catalogue/agencies.ts";
import { CENTRE } from "../../server/catalogue/units.ts";
import type { Agencies, Agency } from "../../server/catalogue/units.ts";
import type { Declaration, Tier } from "../../workflows/declaration.ts";
import { luckOf } from "./chance.ts";
import type { Place } from "./people.ts";

/**
 * The province in parts that have nothing to do with each other's registers: its departments are one, each district
 * with its communes another. A part is made by itself, so that the parts can be made at the same time and still come
 * out the same.
 */
export interface Part {
  name: string;
  /** Of all filings. */
  share: number;
  /** Tiers that decide here, with how much each has of the part's filings. */
  tiers: Partial<Record<Tier, number>>;
  /** The district of a district's part. */
  district: Agency | undefined;
  /** Where its people live; the whole province for the departments. */
  homes: Home[];
}

/** A commune where people live, and how many beside the others. */
export interface Home {
  commune: Agency;
  district: Agency;
  place: Place;
  weight: number;
}

const PROVINCE_SHARE = 0.24;

/** The parts of the province, in a fixed order. */
export function partsOf(agencies: Agencies): Part[] {
  const districts = agencies.all.filter(({ kind }) => kind === "district");
  const homes = districts.flatMap((district) => homesOf(agencies, district));
  const people = homes.reduce((sum, { weight }) => sum + weight, 0);
  return [
    { name: "province", share: PROVINCE_SHARE, tiers: { province: 1 }, district: undefined, homes },
    ...districts.map((district): Part => {
      const own = homes.filter((home) => home.district === district);
      const weight = own.reduce((sum, home) => sum + home.weight, 0);
      return {
        name: district.code,
        share: ((1 - PROVINCE_SHARE) * weight) / people,
        tiers: { commune: 0.72, district: 0.28 },
        district,
        homes: own,
      };
    }),
  ];
}

/** A few communes have most of the people. */
function homesOf(agencies: Agencies, district: Agency): Home[] {
  return agencies.all
    .filter(({ kind, parent }) => kind === "commune" && parent === district.code)
    .map((commune) => ({
      commune,
      district,
      place: { commune: plainName(commune), district: plainName(district) },
      weight:
        0.35 + 1.2 * luckOf("people", commune.code) ** 2 + (/phường|thị trấn/i.test(commune.name) ? 0.5 : 0),
    }));
}

/** "UBND xã Vị Tân" is called Xã Vị Tân in an address. */
function plainName({ name }: Agency): string {
  const bare = name.replace(/^UBND /, "");
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** The unit that decides for somebody who lives here, and the one whose front desk receives it. */
export function unitsFor(
  agencies: Agencies,
  declaration: Declaration,
  tier: Tier,
  home: Home,
  atDepartment: boolean,
): { deciding: Agency; intake: string } {
  const deciding =
    tier === "commune"
      ? home.commune
      : tier === "district"
        ? home.district
        : agencies.all.find(({ key }) => key !== null && key === declaration.department);
  if (deciding === undefined || chartTierOf(declaration, deciding) !== tier)
    throw new Error(`nobody decides ${declaration.code} at tier ${tier}`);
  const chain = declaration.charts[tier]?.chain;
  if (chain?.[0] === "intake" && chain.length > 1)
    return {
      deciding,
      intake: declaration.levels.includes("commune") ? home.commune.code : home.district.code,
    };
  if (deciding.kind !== "department" || atDepartment) return { deciding, intake: deciding.code };
  return { deciding, intake: CENTRE };
}

/** How late a unit is beside the others: most are punctual, a few are much worse. */
export function tardiness(seed: number, agency: string): number {
  const luck = luckOf("tardiness", seed, agency);
  return luck < 0.78 ? 0.4 : luck < 0.93 ? 1.6 : 7;
}
