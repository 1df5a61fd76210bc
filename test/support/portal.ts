import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { before } from "mocha";
import { fullCode, openCatalogue } from "../../server/catalogue/catalogue.ts";
import { startDelivery, type Delivery } from "../../server/national-portal/deliver.ts";
import { openPortalPool } from "../../server/national-portal/open-pool.ts";
import { startPortalStub, type RunningStub } from "../../server/national-portal-stub/start.ts";
import { openLog } from "../../server/platform/log.ts";
import type { TestApp } from "./app.ts";

export const ACCOUNT = { username: "motcua-thu", password: "mat-khau-cong-thu", unit: "000.00.00.H30" };

export interface PortalProgress {
  TrangThai: string;
  ThoiDiemXuLy: string;
  NoiDungXuLy: string;
}

export interface Received {
  dossier: Record<string, unknown>;
  progress: PortalProgress[];
}

/** The portal's stub with the whole catalogue, and our delivery to it. */
export interface TestPortal {
  readonly url: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  faults(faults: Record<string, unknown>): Promise<void>;
  /** Waits until everything has been delivered; throws after `seconds`. */
  settled(seconds?: number): Promise<void>;
  received(code: string): Promise<Received>;
}

/** Gives the tests of this `describe` a portal beside the application. */
export function withTestPortal(app: TestApp): TestPortal {
  let stub: RunningStub | undefined;
  let delivery: Delivery | undefined;
  let pool: ReturnType<typeof openPortalPool> | undefined;
  let folder = "";

  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(join(tmpdir(), "motcua-portal-"));
    const { all } = await openCatalogue(app.database.open("app"));
    const proceduresFile = join(folder, "procedures.json");
    const procedures = all.map(({ code, declaration }) => ({
      code: fullCode(code),
      name: declaration.name,
      fieldName: declaration.field,
    }));
    await writeFile(proceduresFile, JSON.stringify(procedures));
    await app.database.open().raw("create schema portal_stub");
    stub = await startPortalStub({
      ...ACCOUNT,
      port: 0,
      // A schema of its own stands for its own database.
      databaseUrl: `${app.database.ownerUrl}?options=-c%20search_path%3Dportal_stub`,
      programUrl: app.url,
      inboundToken: app.inboundToken,
      proceduresFile,
      clock: () => app.clock.now(),
    });
    pool = openPortalPool(app.database.url, "worker");
    delivery = startDelivery({
      db: pool,
      portal: { url: stub.url, ...ACCOUNT },
      clock: app.clock,
      log: openLog("test", "silent"),
      publicUrl: "http://mot-cua.test",
    });
    app.database.closeFirst(async () => {
      await delivery?.stop();
      await pool?.end();
      await stub?.stop();
      await rm(folder, { recursive: true, force: true });
    });
  });

  const url = () => {
    if (stub === undefined) throw new Error("the portal is there only in hooks and tests");
    return stub.url;
  };
  const send = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(url() + path, {
      method,
      headers: { "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await answer.json()) as T;
  };

  return {
    get url() {
      return url();
    },
    get: (path) => send("GET", path),
    post: (path, body) => send("POST", path, body),
    async faults(faults) {
      await send("PUT", "/_faults", faults);
    },
    async settled(seconds = 20) {
      const db = app.database.open();
      for (let tries = 0; tries < seconds * 10; tries++) {
        const open = await db("outbox").whereNot("state", "delivered").count<{ n: number }[]>("* as n");
        if (open[0]?.n === 0) return;
        await pause(100);
        // The waits between attempts are by the program's clock, which stands still until it is moved.
        app.clock.advance(200);
      }
      const left = await db("outbox")
        .whereNot("state", "delivered")
        .select("dossier_code", "kind", "state", "last_error")
        .limit(5);
      throw new Error(`not delivered: ${JSON.stringify(left)}`);
    },
    received: (code) => send("GET", `/_received/${code}`),
  };
}
