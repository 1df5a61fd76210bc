import { loadSeeds } from "../../seeds/load-seeds.ts";
import { applyDemonstrationAccounts } from "../../server/accounts/demonstration-accounts.ts";
import { loadCatalogue } from "../../server/catalogue/load-catalogue.ts";
import type { Clock } from "../../server/platform/clock.ts";
import { openDatabase } from "../../server/platform/database.ts";
import type { DatabaseAddresses } from "../../server/platform/embedded-database.ts";
import { openLog } from "../../server/platform/log.ts";
import { migrate } from "../../server/platform/migrate.ts";

/** Brings the database to where `npm start` would: tables, units, calendar, catalogue, demonstration accounts. */
export async function prepareDatabase(
  { ownerUrl, url }: DatabaseAddresses,
  clock: Clock,
  demoPassword: string | undefined,
): Promise<void> {
  await migrate(ownerUrl, url);
  const owner = openDatabase(ownerUrl, undefined, { max: 2, applicationName: "motcua-generate" });
  const app = openDatabase(url, "app", { max: 2, applicationName: "motcua-generate" });
  try {
    await loadSeeds(owner);
    await loadCatalogue(app, clock, openLog("generate", "silent"));
    if (demoPassword !== undefined) await applyDemonstrationAccounts(owner, demoPassword);
  } finally {
    await Promise.all([owner.destroy(), app.destroy()]);
  }
}

/** How many dossiers the database holds. */
export async function countDossiers({ url }: DatabaseAddresses): Promise<number> {
  const app = openDatabase(url, "app", { max: 1, applicationName: "motcua-generate", statementTimeout: 0 });
  try {
    const { rows } = await app.raw<{ rows: { n: number }[] }>("select count(*) as n from dossiers");
    return rows[0]?.n ?? 0;
  } finally {
    await app.destroy();
  }
}
