import type { Deps } from "./dossier/deps.ts";
import type { ClientDeps } from "./national-portal/client.ts";
import type { NightDeps } from "./nightly.ts";

/** What a night needs, from what its process has opened; `pool` acts as `worker`. */
export function nightDeps(
  deps: Pick<Deps, "db" | "agencies" | "catalogue" | "clock" | "publicUrl">,
  pool: ClientDeps["db"],
  portal: ClientDeps["portal"],
): NightDeps {
  const { db, agencies, catalogue, clock, publicUrl } = deps;
  const client = { db: pool, portal, clock };
  return { db, agencies, catalogue, client, province: portal.unit, publicUrl };
}
