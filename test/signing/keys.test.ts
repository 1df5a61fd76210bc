import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { makeCertificate } from "../../server/signing/certificate.ts";
import { cloudService } from "../../server/signing/cloud-service.ts";
import { keyEntryOf, openKey } from "../../server/signing/configured-keys.ts";
import { enterKey, listKeys, removeKey, type NewKey } from "../../server/signing/enter-key.ts";
import { openSigning } from "../../server/signing/open-signing.ts";
import { signPdf } from "../../server/signing/pades.ts";
import { pkcs11Key, readTokenPlace } from "../../server/signing/pkcs11-key.ts";
import { pkcs12Key } from "../../server/signing/pkcs12-key.ts";
import { renderResult } from "../../server/signing/render-result.ts";
import { RESULT_FIELDS } from "../../server/signing/signature-fields.ts";
import type { SigningKey } from "../../server/signing/signing-key.ts";
import { movableClock } from "../support/clock.ts";
import { withTestDatabase } from "../support/database.ts";
import {
  CREDENTIAL,
  SERVICE_ACCOUNT,
  SERVICE_LOGIN,
  startSigningService,
  type SigningService,
} from "../support/signing-service.ts";
import { aResult, installed, partsOf, pem, run, verifyCms } from "./papers.ts";

const PIN = "428913";
const PKCS11_MODULE = [
  "/usr/lib/softhsm/libsofthsm2.so",
  "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
].find((path) => existsSync(path));

describe("signing keys", function () {
  this.timeout(60_000);
  const database = withTestDatabase();
  const clock = movableClock("2026-11-23T08:00:00+07:00");
  let dir: string;
  let root: string;
  let certificate: Buffer;
  let rootDer: Buffer;
  let privateKey: string;
  let draft: Buffer;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "keys-"));
    const [ca, own] = [1, 2].map(() => generateKeyPairSync("rsa", { modulusLength: 2048 }));
    assert.ok(ca && own);
    const years = { notBefore: new Date("2026-01-01T00:00:00Z"), notAfter: new Date("2036-01-01T00:00:00Z") };
    rootDer = makeCertificate({
      subject: { commonName: "CA Thử nghiệm Đông Á" },
      publicKey: ca.publicKey,
      issuerKey: ca.privateKey,
      authority: {},
      ...years,
    });
    certificate = makeCertificate({
      subject: { commonName: "Trần Văn Mẫu", title: "Giám đốc" },
      publicKey: own.publicKey,
      issuer: { certificate: rootDer },
      issuerKey: ca.privateKey,
      ...years,
    });
    root = pem("CERTIFICATE", rootDer);
    privateKey = String(own.privateKey.export({ type: "pkcs8", format: "pem" }));
    await writeFile(join(dir, "key.pem"), privateKey);
    await writeFile(join(dir, "own.pem"), pem("CERTIFICATE", certificate));
    await writeFile(join(dir, "root.pem"), root);
    draft = await renderResult(aResult());
  });
  after(() => rm(dir, { recursive: true, force: true }));

  const openssl = (...args: string[]) => {
    const done = spawnSync("openssl", args, { cwd: dir, encoding: "utf8" });
    assert.equal(done.status, 0, done.stderr);
  };
  const signedWith = (key: SigningKey, pin: string | undefined) =>
    signPdf(draft, {
      key,
      pin,
      appearance: { kind: "handwriting", name: "Trần Văn Mẫu" },
      ...{ reason: "Ký ban hành", location: "Hậu Giang", name: "Trần Văn Mẫu" },
      signedAt: clock.now(),
      fieldName: RESULT_FIELDS.leader,
    });
  const assertAccepted = (pdf: Buffer) => {
    const { content, cms } = partsOf(pdf, 0);
    const verified = verifyCms(content, cms, root);
    assert.equal(verified.status, 0, verified.said);
    assert.match(run("pdfsig", ["a.pdf"], { "a.pdf": pdf }).said, /Signature is Valid/);
    assert.ok(!pdf.includes(PIN));
  };
  const makeFile = (name: string, ...more: string[]) => {
    openssl(
      ...["pkcs12", "-export", "-inkey", "key.pem", "-in", "own.pem", "-certfile", "root.pem"],
      ...["-name", "ký số", "-passout", `pass:${PIN}`, "-out", name, ...more],
    );
    return join(dir, name);
  };
  const enter = (key: NewKey, cloud?: ReturnType<typeof cloudService>) =>
    enterKey({ db: database.open(), clock, cloud }, key);

  describe("in a PKCS#12 file", () => {
    before(function () {
      if (!installed("openssl") || !installed("pdfsig")) this.skip();
    });

    it("sign, whether the file is of openssl's present kind or of the old one", async () => {
      const kinds: string[][] = [
        [],
        ["-legacy"],
        ["-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC", "-macalg", "sha512"],
      ];
      for (const [at, options] of kinds.entries()) {
        const key = pkcs12Key(makeFile(`file-${at}.p12`, ...options), [certificate, rootDer]);
        assertAccepted(await signedWith(key, PIN));
      }
    });

    it("say that a PIN is needed, that it is wrong, and that the file is gone", async () => {
      const file = makeFile("said.p12");
      const key = pkcs12Key(file, [certificate, rootDer]);
      await assert.rejects(signedWith(key, undefined), { code: "pin-needed", status: 422 });
      await assert.rejects(signedWith(key, "000000"), { code: "wrong-pin", status: 422 });
      await rm(file);
      await assert.rejects(signedWith(key, PIN), { code: "key-unavailable", status: 503 });
    });

    it("are entered with the certificates of the file, and opened by their entry", async () => {
      const place = makeFile("entered.p12");
      const owner = { ownerKind: "officer", owner: "stp.leader" } as const;
      const entered = await enter({ ...owner, kind: "p12", place, pin: PIN });
      assert.match(entered.subject, /Trần Văn Mẫu/);
      const entry = await keyEntryOf(database.open("app"), "officer", "stp.leader");
      assert.ok(entry);
      const key = openKey(entry, undefined);
      assert.deepEqual(key.certificateChain, [certificate, rootDer]);
      assertAccepted(await signedWith(key, PIN));
      await assert.rejects(enter({ ...owner, kind: "p12", place, pin: "1" }), { code: "wrong-pin" });
      await assert.rejects(enter({ ...owner, owner: "nobody", kind: "p12", place, pin: PIN }), {
        status: 422,
      });
      assert.deepEqual(
        (await listKeys(database.open())).map((one) => [one.owner, one.kind, one.place]),
        [["stp.leader", "p12", place]],
      );
    });
  });

  describe("entered for somebody", () => {
    const dataDir = () => join(dir, "data");
    const deps = () => ({ db: database.open("app"), clock, publicUrl: "http://mot-cua.test" });
    const officer = { username: "stp.leader", name: "Trần Văn Mẫu", title: "Giám đốc" };
    const agency = { code: "000.00.13.H30", name: "Sở Tư pháp" };
    before(async function () {
      if (!installed("openssl")) this.skip();
      const place = makeFile("somebody.p12");
      await enter({ ownerKind: "officer", owner: officer.username, kind: "p12", place, pin: PIN });
    });

    it("are used before the demonstration's, and in production alone", async () => {
      for (const production of [false, true]) {
        const signing = await openSigning(deps(), { dataDir: dataDir(), production });
        const { certificateChain } = await signing.keyOf({ officer, agency });
        assert.deepEqual(certificateChain[0], certificate);
        if (production)
          await assert.rejects(signing.keyOf({ agency }), { code: "no-signing-keys", status: 503 });
        else
          assert.match(
            new X509Certificate((await signing.keyOf({ agency })).certificateChain[0]!).subject,
            /Sở Tư pháp/,
          );
        assert.equal(signing.routes === undefined, production);
        assert.equal(signing.timestamp === undefined, production);
      }
    });

    it("are of no use out of their certificate's time, or with another key in the file", async () => {
      const signing = await openSigning(deps(), { dataDir: dataDir(), production: true });
      const other = generateKeyPairSync("rsa", { modulusLength: 2048 });
      await writeFile(
        join(dir, "other.pem"),
        String(other.privateKey.export({ type: "pkcs8", format: "pem" })),
      );
      openssl(
        ...["pkcs12", "-export", "-inkey", "other.pem", "-nocerts", "-passout", `pass:${PIN}`],
        ...["-out", "somebody.p12"],
      );
      const key = await signing.keyOf({ officer, agency });
      await assert.rejects(key.sign(Buffer.from("x"), PIN), { code: "key-mismatch", status: 409 });
      clock.moveTo("2037-01-01T08:00:00+07:00");
      try {
        await assert.rejects(signing.keyOf({ officer, agency }), {
          code: "certificate-not-valid",
          status: 409,
        });
      } finally {
        clock.moveTo("2026-11-23T08:00:00+07:00");
      }
    });

    it("are one at a time, and none after they are removed", async () => {
      const [db, kept] = [database.open(), join(dir, "kept.p12")];
      openssl(
        ...[
          "pkcs12",
          "-export",
          "-inkey",
          "key.pem",
          "-in",
          "own.pem",
          "-passout",
          `pass:${PIN}`,
          "-out",
          kept,
        ],
      );
      const key = { ownerKind: "agency", owner: agency.code, kind: "p12", place: kept, pin: PIN } as const;
      await enter(key);
      await enter({ ...key, certificates: root });
      const rows = await db("signing_keys").where({ owner: agency.code }).orderBy("id").select("active");
      assert.deepEqual(rows, [{ active: false }, { active: true }]);
      await removeKey({ db, clock }, "agency", agency.code);
      assert.equal(await keyEntryOf(db, "agency", agency.code), undefined);
      await assert.rejects(removeKey({ db, clock }, "agency", agency.code), { status: 404 });
      await assert.rejects(
        database.open("app")("signing_keys").insert({ owner: "x" }),
        /permission denied/,
        "the running program enters none",
      );
    });
  });

  describe("on a PKCS#11 token", () => {
    const label = "Thẻ thử nghiệm";
    let uri: string;
    before(async function () {
      if (PKCS11_MODULE === undefined || !installed("softhsm2-util")) this.skip(); // apt-get install softhsm2
      const tokens = join(dir, "tokens");
      await mkdir(tokens);
      await chmod(tokens, 0o700);
      const settings = join(dir, "softhsm2.conf");
      await writeFile(
        settings,
        `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`,
      );
      process.env.SOFTHSM2_CONF = settings;
      const softhsm = (...args: string[]) => {
        const done = spawnSync("softhsm2-util", args, { cwd: dir, encoding: "utf8" });
        assert.equal(done.status, 0, done.stdout + done.stderr);
      };
      softhsm("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "87654321");
      softhsm("--import", "key.pem", "--token", label, "--label", "lanh-dao", "--id", "a1", "--pin", PIN);
      uri = `pkcs11:token=${encodeURIComponent(label)};object=lanh-dao?module-path=${PKCS11_MODULE}`;
    });
    after(() => {
      delete process.env.SOFTHSM2_CONF;
    });

    it("sign, also several at once, with the PIN of each alone", async () => {
      const key = pkcs11Key(readTokenPlace(uri), [certificate, rootDer]);
      assertAccepted(await signedWith(key, PIN));
      const results = await Promise.allSettled(
        [PIN, "111111", PIN, undefined].map((pin) => signedWith(key, pin)),
      );
      // A wrong PIN is wrong although another officer has just opened the token.
      assert.deepEqual(
        results.map((one) => (one.status === "fulfilled" ? "signed" : (one.reason as { code: string }).code)),
        ["signed", "wrong-pin", "signed", "pin-needed"],
      );
      const byId = pkcs11Key(readTokenPlace(uri.replace("object=lanh-dao", "id=%a1")), [
        certificate,
        rootDer,
      ]);
      assertAccepted(await signedWith(byId, PIN));
    });

    it("say when the token, the key or the maker's library is not there", async () => {
      for (const wrong of [
        uri.replace(encodeURIComponent(label), "khac"),
        uri.replace("lanh-dao", "khac"),
        uri.replace(PKCS11_MODULE ?? "", "/nowhere/module.so"),
      ])
        await assert.rejects(signedWith(pkcs11Key(readTokenPlace(wrong), [certificate]), PIN), {
          code: "key-unavailable",
          status: 503,
        });
      assert.throws(() => readTokenPlace(`${uri}&pin-value=${PIN}`), /PIN has no place/);
      assert.throws(() => readTokenPlace("pkcs11:token=x"), /is named as/);
    });

    it("are entered with a certificate that the token does not carry, or does", async function () {
      const owner = { ownerKind: "agency", owner: "000.00.13.H30", kind: "pkcs11", place: uri } as const;
      await assert.rejects(enter(owner), { status: 422 });
      await enter({ ...owner, certificates: pem("CERTIFICATE", certificate) + root });
      const entry = await keyEntryOf(database.open("app"), "agency", "000.00.13.H30");
      assert.ok(entry);
      assertAccepted(await signedWith(openKey(entry, undefined), PIN));
      if (!installed("pkcs11-tool")) return;
      openssl("x509", "-in", "own.pem", "-outform", "DER", "-out", "own.der");
      const written = spawnSync(
        "pkcs11-tool",
        ["--module", PKCS11_MODULE ?? "", "--token-label", label, "--login", "--pin", PIN].concat([
          "--write-object",
          "own.der",
          "--type",
          "cert",
          "--label",
          "lanh-dao",
          "--id",
          "a1",
        ]),
        { cwd: dir, encoding: "utf8" },
      );
      assert.equal(written.status, 0, written.stderr);
      assert.match((await enter({ ...owner, certificates: root })).subject, /Trần Văn Mẫu/);
    });
  });

  describe("at a remote signing service", () => {
    let service: SigningService;
    const withOtp = { otp: "778899" };
    const start = (more: { otp?: string } = {}) =>
      startSigningService({
        privateKey,
        certificates: [certificate, rootDer].map((der) => der.toString("base64")),
        pin: PIN,
        ...more,
      });
    before(async () => {
      service = await start();
    });
    after(() => service.stop());

    it("sign, with the service's own account or a client's, each hash authorised for itself", async () => {
      for (const login of [SERVICE_LOGIN, SERVICE_ACCOUNT]) {
        const cloud = cloudService({ url: service.url, login });
        assert.deepEqual(await cloud.credentials(), [CREDENTIAL]);
        const owner = { ownerKind: "officer", owner: "syt.leader", kind: "csc", place: CREDENTIAL } as const;
        await enter(owner, cloud);
        const entry = await keyEntryOf(database.open("app"), "officer", "syt.leader");
        assert.ok(entry);
        assertAccepted(await signedWith(openKey(entry, cloud), PIN));
      }
      const calls = await service.calls();
      for (const path of [
        "oauth2/token",
        "auth/login",
        "credentials/info",
        "credentials/authorize",
        "signatures/signHash",
      ])
        assert.ok(calls.includes(`/csc/v1/${path}`), path);
    });

    it("say that a PIN is needed, wrong, or locked, as the service counts", async () => {
      const other = await start();
      try {
        const key = cloudService({ url: other.url, login: SERVICE_LOGIN }).key(CREDENTIAL, [certificate]);
        await assert.rejects(signedWith(key, undefined), { code: "pin-needed" });
        for (let i = 0; i < 3; i++) await assert.rejects(signedWith(key, "000000"), { code: "wrong-pin" });
        await assert.rejects(signedWith(key, PIN), { code: "pin-locked", status: 409 });
      } finally {
        other.stop();
      }
    });

    it("take a one-time password after the PIN where the service asks for one", async () => {
      const other = await start(withOtp);
      try {
        const key = cloudService({ url: other.url, login: SERVICE_LOGIN }).key(CREDENTIAL, [
          certificate,
          rootDer,
        ]);
        await assert.rejects(signedWith(key, PIN), { code: "otp-needed" });
        await assert.rejects(signedWith(key, `${PIN} 000000`), { code: "wrong-otp" });
        assertAccepted(await signedWith(key, `${PIN} ${withOtp.otp}`));
      } finally {
        other.stop();
      }
    });

    it("say when the service is away, does not know us, or none is set up", async () => {
      const wrongLogin = { clientId: "mot-cua", clientSecret: "sai" };
      for (const [url, login] of [
        ["http://127.0.0.1:9", SERVICE_LOGIN],
        [service.url, wrongLogin],
      ] as const)
        await assert.rejects(signedWith(cloudService({ url, login }).key(CREDENTIAL, [certificate]), PIN), {
          code: "key-unavailable",
          status: 503,
        });
      const entry = await keyEntryOf(database.open("app"), "officer", "syt.leader");
      assert.ok(entry);
      assert.throws(() => openKey(entry, undefined), { code: "key-unavailable" });
    });
  });
});
