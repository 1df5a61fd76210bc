import type { Pool } from "pg";
import type { PortalDesk } from "./administration/portal-pages.tsx";
import { failedMessages, lastDifferences } from "./national-portal/administer.ts";
import { resend } from "./national-portal/resend.ts";
import { portalSync } from "./national-portal/status.ts";
import type { Database } from "./platform/database.ts";

/** The delivery to the national portal as the administrator's pages ask for it. */
export function portalDesk(db: Database): PortalDesk {
  const pool = {
    query: (sql: string, values: string[] = []) => db.raw(sql.replace(/\$\d/g, "?"), values),
  } as unknown as Pick<Pool, "query">;
  return {
    status: () => portalSync(pool),
    failed: () => failedMessages(pool),
    differences: () => lastDifferences(pool),
    resend: (which) => resend({ db: pool }, which),
  };
}
