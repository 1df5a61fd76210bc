import type { AccountRole } from "../../server/accounts/account.ts";
import type { Agency } from "../../server/catalogue/units.ts";
import type { Caller } from "../../server/dossier/deps.ts";
import type { Role } from "../../workflows/declaration.ts";
import type { Colleague } from "../../workflows/rules.ts";
import { chanceFor } from "./chance.ts";
import type { Chance } from "./chance.ts";
import { citizenOf } from "./people.ts";

/** An account as far as handling dossiers asks for it. */
export interface Officer {
  username: string;
  name: string;
  agency: string;
  roles: AccountRole[];
}

type Strength = Partial<Record<Role, number>>;

/** How many of each role a unit has at least, by its kind: enough that no step lacks somebody. */
const LEAST: Record<Agency["kind"], Strength> = {
  committee: { specialist: 1, head: 1, leader: 2, clerk: 1 },
  department: { frontdesk: 1, specialist: 6, head: 2, leader: 2, clerk: 1 },
  centre: { frontdesk: 8, leader: 1 },
  district: { frontdesk: 3, specialist: 6, head: 2, leader: 2, clerk: 1 },
  commune: { frontdesk: 1, specialist: 3, leader: 2, clerk: 1 },
  division: {},
};
/** The same where every unit is staffed (about 6,000 accounts for 458 units). */
const FULL: Record<Agency["kind"], Strength> = {
  committee: { specialist: 12, head: 4, leader: 4, clerk: 2 },
  department: { frontdesk: 2, specialist: 24, head: 6, leader: 4, clerk: 2 },
  centre: { frontdesk: 24, head: 2, leader: 2, clerk: 2 },
  district: { frontdesk: 6, specialist: 30, head: 8, leader: 4, clerk: 2 },
  commune: { frontdesk: 2, specialist: 12, head: 0, leader: 3, clerk: 1 },
  division: { specialist: 7, head: 2, clerk: 1 },
};

/** The accounts that are missing for a full or a sufficient staff, beside those that are there. */
export function missingOfficers(
  agencies: readonly Agency[],
  present: readonly Officer[],
  options: { full: boolean; seed: number },
): Officer[] {
  const made: Officer[] = [];
  for (const { code, kind } of agencies) {
    for (const [role, wanted] of Object.entries((options.full ? FULL : LEAST)[kind]) as [Role, number][]) {
      const there = present.filter(({ agency, roles }) => agency === code && roles.includes(role)).length;
      for (let at = there; at < wanted; at += 1) {
        const number = chanceFor(options.seed, code, role, at).below(1_000_000);
        made.push({
          username: `${code.toLowerCase()}.${role}.${at + 1}`,
          name: citizenOf(number, { commune: "", district: "" }).name,
          agency: code,
          roles: [role],
        });
      }
    }
  }
  return made;
}

/** Who works where. */
export interface Staff {
  /** Somebody of this role in this unit. Throws when there is nobody. */
  pick(agency: string, role: Role, chance: Chance): Caller;
  byName(username: string): Caller;
  colleagues(agency: string): Colleague[];
}

export function staffOf(officers: readonly Officer[]): Staff {
  const callers = officers.map(({ username, name, agency, roles }): Caller => {
    return { kind: "staff", username, name, roles, agency };
  });
  const byName = new Map(callers.map((caller) => [caller.username, caller]));
  const byPost = new Map<string, Caller[]>();
  const byUnit = new Map<string, Colleague[]>();
  for (const caller of callers) {
    for (const role of caller.roles) append(byPost, `${caller.agency} ${role}`, caller);
    append(byUnit, caller.agency ?? "", {
      username: caller.username,
      name: caller.name,
      roles: caller.roles,
    });
  }
  return {
    pick(agency, role, chance) {
      const there = byPost.get(`${agency} ${role}`);
      if (there === undefined) throw new Error(`${agency} has no ${role}`);
      return chance.pick(there);
    },
    byName(username) {
      const caller = byName.get(username);
      if (caller === undefined) throw new Error(`no officer ${username}`);
      return caller;
    },
    colleagues: (agency) => byUnit.get(agency) ?? [],
  };
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
