import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { verify, X509Certificate } from "node:crypto";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { openDemonstrationAuthority } from "../../server/signing/demonstration-authority.ts";

const leader = {
  id: "stp.leader",
  name: "Trần Văn Mẫu",
  title: "Giám đốc",
  agencyCode: "000.00.13.H30",
  agencyName: "Sở Tư pháp",
};

describe("the demonstration authority", function () {
  this.timeout(60_000); // making keys takes as long as it takes
  let dir: string;
  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), "authority-")), "keys");
  });
  afterEach(() => rm(join(dir, ".."), { recursive: true, force: true }));

  it("refuses to run in production", async () => {
    await assert.rejects(openDemonstrationAuthority({ dir, production: true }), /never runs in production/);
  });

  it("makes keys that sign, with names in Vietnamese and years that outlast any clock", async () => {
    const authority = await openDemonstrationAuthority({ dir, production: false });
    const key = await authority.officerKey(leader);
    const [own, signing, root] = key.certificateChain.map((der) => new X509Certificate(der));
    assert.ok(own && signing && root);
    assert.match(own.subject, /CN=Trần Văn Mẫu/);
    assert.match(own.subject, /O=Sở Tư pháp/);
    assert.match(own.subject, /title=Giám đốc/);
    assert.equal(new Date(own.validFrom).toISOString(), "2020-12-31T17:00:00.000Z");
    assert.equal(new Date(own.validTo).toISOString(), "2045-12-31T16:59:59.000Z");
    assert.ok(own.verify(signing.publicKey) && signing.verify(root.publicKey) && root.verify(root.publicKey));
    assert.ok(own.checkIssued(signing) && signing.checkIssued(root));
    assert.deepEqual([own.ca, signing.ca, root.ca], [false, true, true]);
    assert.equal(root.toString(), authority.rootCertificate);

    const signature = await key.sign(Buffer.from("hồ sơ"));
    assert.ok(verify("sha256", Buffer.from("hồ sơ"), own.publicKey, signature));
    assert.ok(!verify("sha256", Buffer.from("ho so"), own.publicKey, signature));
  });

  it("keeps its keys, readable by its owner alone, and gives a new title a new certificate", async () => {
    const first = await openDemonstrationAuthority({ dir, production: false });
    const key = await first.officerKey(leader);
    const seal = await first.agencyKey({ code: leader.agencyCode, name: leader.agencyName });
    const again = await openDemonstrationAuthority({ dir, production: false });
    assert.equal(again.rootCertificate, first.rootCertificate);
    assert.deepEqual((await again.officerKey(leader)).certificateChain, key.certificateChain);
    assert.deepEqual(
      (await again.agencyKey({ code: leader.agencyCode, name: leader.agencyName })).certificateChain,
      seal.certificateChain,
    );
    const promoted = await again.officerKey({ ...leader, title: "Phó Chủ tịch" });
    assert.notDeepEqual(promoted.certificateChain[0], key.certificateChain[0]);
    assert.deepEqual(promoted.certificateChain[1], key.certificateChain[1]);

    assert.equal((await stat(dir)).mode & 0o777, 0o700);
    for (const name of await readdir(dir, { recursive: true })) {
      const found = await stat(join(dir, name));
      assert.equal(found.mode & 0o777, found.isDirectory() ? 0o700 : 0o600, name);
    }
  });

  it("is one authority, and one key each, for all who open it at once", async () => {
    const all = await Promise.all(
      [1, 2, 3].map(() => openDemonstrationAuthority({ dir, production: false })),
    );
    assert.equal(new Set(all.map((authority) => authority.chain)).size, 1);
    const keys = await Promise.all(all.map((authority) => authority.officerKey(leader)));
    assert.equal(new Set(keys.map((key) => key.certificateChain[0]?.toString("hex"))).size, 1);
    assert.deepEqual((await readdir(dir)).sort(), ["officers", "root.pem", "signing-authority-2.pem"]);
  });

  it("makes no path out of an account's name", async () => {
    const authority = await openDemonstrationAuthority({ dir, production: false });
    await authority.officerKey({ ...leader, id: "../../outside" });
    assert.deepEqual((await readdir(dir)).sort(), ["officers", "root.pem", "signing-authority-2.pem"]);
  });

  it("stands up to openssl verify, strictly", async function () {
    if (spawnSync("openssl", ["version"]).error) this.skip();
    const authority = await openDemonstrationAuthority({ dir, production: false });
    const key = await authority.officerKey(leader);
    const write = async (name: string, text: string) => {
      await writeFile(join(dir, name), text);
      return join(dir, name);
    };
    const chain = await write("chain", authority.chain);
    const root = await write("root", authority.rootCertificate);
    const own = await write("own", new X509Certificate(key.certificateChain[0]!).toString());
    for (const purpose of ["smimesign", "any"]) {
      const checked = spawnSync(
        "openssl",
        ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", root, "-untrusted", chain, own],
        { encoding: "utf8" },
      );
      assert.equal(checked.status, 0, checked.stdout + checked.stderr);
    }
  });
});
