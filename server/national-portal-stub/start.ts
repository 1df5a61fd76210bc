import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createPortalStub, type StubDeps } from "./app.ts";
import { openStubDatabase } from "./database.ts";
import { seedProcedures } from "./seed-procedures.ts";

export interface StubSettings extends Omit<StubDeps, "db" | "clock"> {
  /** 0 takes any free port. */
  port: number;
  databaseUrl: string;
  proceduresFile?: string | undefined;
  clock?: () => Date;
}

export interface RunningStub {
  url: string;
  /** Stops taking calls, lets running ones end for a second, closes the database. */
  stop: () => Promise<void>;
}

/** Starts the portal stub. Throws when the port is taken, the database unreachable or the catalogue unreadable. */
export async function startPortalStub(settings: StubSettings): Promise<RunningStub> {
  const db = await openStubDatabase(settings.databaseUrl);
  const server = createServer(
    createPortalStub({ ...settings, db, clock: settings.clock ?? (() => new Date()) }),
  );
  try {
    if (settings.proceduresFile) await seedProcedures(db, settings.proceduresFile);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(settings.port, resolve);
    });
  } catch (error) {
    await db.end();
    throw error;
  }
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cut = setTimeout(() => server.closeAllConnections(), 1000);
      await closed;
      clearTimeout(cut);
      await db.end();
    },
  };
}
