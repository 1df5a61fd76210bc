import { readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before } from "mocha";
import {
  openDatabase,
  type Database,
  type DatabaseOptions,
  type DatabaseRole,
} from "../../server/platform/database.ts";
import { prepareEmbeddedDatabase, type DatabaseAddresses } from "../../server/platform/embedded-database.ts";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "../../server/platform/embedded-postgres.ts";
import { databaseUrl, migrate } from "../../server/platform/migrate.ts";
import { applyDemonstrationAccounts } from "../../server/accounts/demonstration-accounts.ts";
import { loadCatalogue } from "../../server/catalogue/load-catalogue.ts";
import { systemClock } from "../../server/platform/clock.ts";
import { openLog } from "../../server/platform/log.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import { loadSeeds } from "../../seeds/load-seeds.ts";

/** Of all demonstration accounts in test databases. */
export const TEST_PASSWORD = "mat-khau-thu-nghiem";

/** A database of one test file: migrated and seeded, with the demonstration accounts, its own to change, gone afterwards. */
export interface TestDatabase extends DatabaseAddresses {
  /** A pool that acts as `role` (undefined: as the owner); it is closed with the database. */
  open(role?: DatabaseRole, options?: DatabaseOptions): Database;
  /** What holds connections of its own is closed before the database is dropped. */
  closeFirst(close: () => Promise<unknown>): void;
}

/**
 * Gives the tests of this `describe` a database of their own (call it inside the describe, use it in hooks and tests).
 * It is a clone of one template per test run, so what a test leaves behind meets no other file.
 */
export function withTestDatabase(): TestDatabase {
  let made: (TestDatabase & { drop(): Promise<void> }) | undefined;
  const get = () => {
    if (!made) throw new Error("the test database is there only in hooks and tests");
    return made;
  };
  before(async function () {
    this.timeout(120_000);
    made = await makeTestDatabase();
  });
  after(async () => {
    await made?.drop();
    made = undefined;
  });
  return {
    get url() {
      return get().url;
    },
    get ownerUrl() {
      return get().ownerUrl;
    },
    open: (role, options) => get().open(role, options),
    closeFirst: (close) => get().closeFirst(close),
  };
}

/** A database made from the template, for a caller that drops it himself. */
export async function makeTestDatabase(): Promise<TestDatabase & { drop(): Promise<void> }> {
  const server = await testServer();
  const name = `${server.prefix}_${++cloned}`;
  await onServer(server, (owner) => owner.raw("create database ?? template ??", [name, server.template]));
  const pools: Database[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  const url = databaseUrl(server.url, { database: name });
  const ownerUrl = databaseUrl(server.ownerUrl, { database: name });
  return {
    url,
    ownerUrl,
    open(role, options) {
      const pool = openDatabase(role === undefined ? ownerUrl : url, role, {
        applicationName: "test",
        ...options,
      });
      pools.push(pool);
      return pool;
    },
    closeFirst: (close) => void closers.push(close),
    async drop() {
      for (const close of closers.reverse()) await close();
      await Promise.all(pools.map((pool) => pool.destroy()));
      await dropDatabase(server, name);
    },
  };
}

/** An autovacuum that happens to work there is the server's own, which no owner may end: it is waited for. */
async function dropDatabase(server: TestServer, name: string): Promise<void> {
  for (let attempt = 1; ; attempt++)
    try {
      await onServer(server, (owner) => owner.raw("drop database ?? with (force)", [name]));
      return;
    } catch (error) {
      if (attempt === 10 || !String(error).includes("terminate process")) throw error;
      await sleep(300);
    }
}

let cloned = 0;

interface TestServer extends DatabaseAddresses {
  /** Of all database names of this run. */
  prefix: string;
  template: string;
  stop(): Promise<void>;
}

let server: Promise<TestServer> | undefined;

/** The one server of this run, started by the first test that needs it. */
function testServer(): Promise<TestServer> {
  server ??= startTestServer();
  return server;
}

// At the root: after the last test of the whole run.
after(async function () {
  this.timeout(30_000);
  if (server) await (await server).stop();
});

async function startTestServer(): Promise<TestServer> {
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = process.env;
  if ((url === undefined) !== (ownerUrl === undefined))
    throw new Error("tests on an outside database need DATABASE_URL and DATABASE_OWNER_URL");
  const prefix = `motcua_test_${process.pid}`;
  const template = `${prefix}_template`;
  if (url !== undefined && ownerUrl !== undefined) {
    const outside = { url, ownerUrl, prefix, template };
    await onServer(outside, (owner) => owner.raw("create database ??", [template]));
    await makeTemplate({
      url: databaseUrl(url, { database: template }),
      ownerUrl: databaseUrl(ownerUrl, { database: template }),
    });
    const stop = () =>
      onServer(outside, (owner) => owner.raw("drop database if exists ?? with (force)", [template]));
    return { ...outside, stop };
  }

  await removeLeftOver();
  const directory = makeTemporaryFolder(`test-${process.pid}`);
  // Thrown away afterwards, so nothing has to survive a power cut; the program itself runs with fsync on.
  const settings = {
    fsync: "off",
    full_page_writes: "off",
    synchronous_commit: "off",
    shared_buffers: "64MB",
  };
  const postgres = await startEmbeddedPostgres({ directory, settings });
  process.once("exit", () => stopNow(postgres));
  const addresses = await prepareEmbeddedDatabase(postgres, directory, template);
  await makeTemplate(addresses);
  return {
    ...addresses,
    prefix,
    template,
    async stop() {
      await postgres.stop();
      for (const folder of new Set([postgres.directory, directory]))
        await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeTemplate({ ownerUrl, url }: DatabaseAddresses): Promise<void> {
  await migrate(ownerUrl, url);
  const owner = openDatabase(ownerUrl);
  try {
    await loadSeeds(owner);
    await applyDemonstrationAccounts(owner, TEST_PASSWORD);
    await loadCatalogue(owner, systemClock, openLog("test", "silent"));
  } finally {
    await owner.destroy();
  }
}

/** Runs a statement that stands outside any of the test databases. */
async function onServer(
  addresses: DatabaseAddresses,
  run: (owner: Database) => Promise<unknown>,
): Promise<void> {
  const owner = openDatabase(databaseUrl(addresses.ownerUrl, { database: "postgres" }), undefined, {
    max: 1,
  });
  try {
    await run(owner);
  } finally {
    await owner.destroy();
  }
}

function stopNow(postgres: EmbeddedPostgres): void {
  if (postgres.isRunning()) process.kill(postgres.pid, "SIGQUIT");
}

/** Ends and clears the servers of runs that were killed. */
async function removeLeftOver(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^motcua-test-(\d+)-/.exec(name)?.[1]);
    if (!pid || isAlive(pid)) continue;
    const directory = join(tmpdir(), name);
    const location = await readFile(join(directory, "location"), "utf8").catch(() => directory);
    const lines = await readFile(join(location.trim(), "cluster", "postmaster.pid"), "utf8").catch(() => "");
    const postgres = Number(lines.split("\n")[0]);
    const command = await readFile(`/proc/${postgres}/comm`, "utf8").catch(() => "");
    if (postgres && command.trim() === "postgres") process.kill(postgres, "SIGQUIT");
    for (const folder of new Set([location.trim(), directory]))
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}
