import assert from "node:assert/strict";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { makeTemporaryFolder } from "../support/temporary-folder.ts";
import { readConfig } from "../../server/config.ts";
import { openSecrets } from "../../server/kept-secrets.ts";

describe("the secrets under DATA_DIR", () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = join(makeTemporaryFolder("secrets"), "data");
  });
  afterEach(() => rm(join(dataDir, ".."), { recursive: true, force: true }));

  const open = (env: Record<string, string> = {}) => openSecrets(readConfig({ DATA_DIR: dataDir, ...env }));

  it("are made once and then stay", async () => {
    const made = await open();
    assert.equal(made.secretKey.length, 32);
    assert.notDeepEqual(made.secretKey, made.secretHashKey);
    assert.ok((made.demoPassword?.length ?? 0) >= 12);
    assert.deepEqual(await open(), made);
  });

  it("are the same for processes that start in the same moment", async () => {
    const [first, ...others] = await Promise.all([open(), open(), open(), open()]);
    for (const other of others) assert.deepEqual(other, first);
  });

  it("can be read by their owner alone", async () => {
    await open();
    for (const file of ["demo-password", "portal-inbound-token", "keys/secret.key", "keys/secret-hash.key"])
      assert.equal((await stat(join(dataDir, file))).mode & 0o777, 0o600, file);
    assert.equal((await stat(join(dataDir, "keys"))).mode & 0o777, 0o700);
    // Nobody else can list the folder; root's may be passed through, for the database's user.
    assert.equal((await stat(dataDir)).mode & 0o066, 0);
  });

  it("give way to what is set, which the demonstration password's file then shows", async () => {
    const before = await open();
    const set = await open({ DEMO_PASSWORD: "mat-khau-moi", PORTAL_INBOUND_TOKEN: "0123456789abcdef" });
    assert.equal(set.portalInboundToken, "0123456789abcdef");
    assert.equal(set.demoPassword, "mat-khau-moi");
    assert.equal(await readFile(join(dataDir, "demo-password"), "utf8"), "mat-khau-moi\n");
    const after = await open();
    assert.equal(after.demoPassword, "mat-khau-moi");
    assert.equal(after.portalInboundToken, before.portalInboundToken);
  });

  it("hold no demonstration password in production", async () => {
    assert.equal((await open({ NODE_ENV: "production" })).demoPassword, undefined);
    await assert.rejects(stat(join(dataDir, "demo-password")), { code: "ENOENT" });
  });

  it("refuse a damaged key instead of making a new one", async () => {
    await open();
    await writeFile(join(dataDir, "keys", "secret.key"), "short");
    await assert.rejects(open(), /secret\.key is damaged/);
  });
});
