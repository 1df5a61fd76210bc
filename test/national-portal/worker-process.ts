import { openPortalPool } from "../../server/national-portal/open-pool.ts";
import { startDelivery } from "../../server/national-portal/deliver.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { silentLog } from "../../server/platform/log.ts";
import { ACCOUNT } from "../national-portal-stub/portal-at-work.ts";

/** A worker that tests may kill: delivers until then. */
const [databaseUrl = "", portalUrl = ""] = process.argv.slice(2);
startDelivery({
  db: openPortalPool(databaseUrl),
  portal: { url: portalUrl, ...ACCOUNT },
  clock: systemClock,
  log: silentLog,
  publicUrl: "https://motcua.example",
});
console.log("delivering");
