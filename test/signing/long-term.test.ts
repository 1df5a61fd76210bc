import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { withEvidence } from "../../server/signing/evidence.ts";
import {
  openDemonstrationAuthority,
  type DemonstrationAuthority,
} from "../../server/signing/demonstration-authority.ts";
import { demonstrationTimestamps, withDemonstration } from "../../server/signing/demonstration-routes.ts";
import { fetchBytes } from "../../server/signing/fetch-bytes.ts";
import { signPdf, type Signing } from "../../server/signing/pades.ts";
import { readCertificate } from "../../server/signing/read-certificate.ts";
import { readRevocationList } from "../../server/signing/revocation-list.ts";
import { renderResult } from "../../server/signing/render-result.ts";
import {
  addSecurityStore,
  certificatesOf,
  securityStoreOf,
  signaturesIn,
} from "../../server/signing/security-store.ts";
import { RESULT_FIELDS } from "../../server/signing/signature-fields.ts";
import type { SigningKey } from "../../server/signing/signing-key.ts";
import { timestampQuery, readTimestamp } from "../../server/signing/timestamp-token.ts";
import { timestampService } from "../../server/signing/timestamp-service.ts";
import { CertificateRevoked, validationSource } from "../../server/signing/validation-data.ts";
import { silentLog } from "../../server/platform/log.ts";
import { aResult, pem, installed, partsOf, run, verifyCms } from "./papers.ts";
import { startOpensslAuthority, type OpensslAuthority } from "./openssl-authority.ts";

const AT = new Date("2022-09-20T10:05:30+07:00");
const LATER = Math.floor(AT.getTime() / 1000) + 5;
const clock = { now: () => AT };

describe("timestamps and validation data", function () {
  this.timeout(60_000);
  let dir: string;
  let authority: DemonstrationAuthority;
  let leader: SigningKey;
  let agency: SigningKey;
  let draft: Buffer;

  const nowhere = () => Promise.reject(new Error("nothing may be fetched from outside"));
  const validation = () => validationSource(withDemonstration(authority, clock, nowhere));
  const byLeader = (changes: Partial<Signing> = {}): Signing => ({
    key: leader,
    appearance: { kind: "handwriting", name: "Trần Văn Mẫu" },
    reason: "Ký ban hành",
    location: "Hậu Giang",
    name: "Trần Văn Mẫu",
    signedAt: AT,
    fieldName: RESULT_FIELDS.leader,
    timestamp: demonstrationTimestamps(authority, clock),
    ...changes,
  });
  const byAgency = (changes: Partial<Signing> = {}): Signing => ({
    ...byLeader(),
    key: agency,
    appearance: { kind: "seal", agencyName: "Sở Tư pháp" },
    name: "Sở Tư pháp",
    fieldName: RESULT_FIELDS.agency,
    ...changes,
  });
  const lists = async () =>
    Buffer.concat(
      (await securityStoreOf(longTerm)).revocationLists.map((der) => Buffer.from(pem("X509 CRL", der))),
    );
  let stamped: Buffer;
  let longTerm: Buffer;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "long-term-"));
    authority = await openDemonstrationAuthority({
      dir: join(dir, "authority"),
      production: false,
      publicUrl: "http://mot-cua.test",
    });
    const [agencyCode, agencyName] = ["000.00.13.H30", "Sở Tư pháp"];
    leader = await authority.officerKey({
      ...{ id: "stp.leader", name: "Trần Văn Mẫu", title: "Giám đốc", agencyCode, agencyName },
    });
    agency = await authority.agencyKey({ code: agencyCode, name: agencyName });
    draft = await renderResult(aResult());
    stamped = await signPdf(await signPdf(draft, byLeader()), byAgency());
    const signatures = await signaturesIn(stamped);
    longTerm = await addSecurityStore(stamped, await validation().collect(certificatesOf(signatures), AT));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it("give each signature its own timestamp, over the signature's own value", async () => {
    const signatures = await signaturesIn(stamped);
    assert.deepEqual(
      signatures.map(({ field }) => field),
      [RESULT_FIELDS.leader, RESULT_FIELDS.agency],
    );
    for (const { cms } of signatures) {
      assert.ok(cms.timestamp);
      const { at, imprint } = readTimestamp(cms.timestamp);
      assert.equal(at.toISOString(), AT.toISOString());
      assert.deepEqual(imprint, timestampQuery(cms.signature).imprint);
    }
  });

  it("stand up to openssl ts -verify and openssl cms -verify -cades -crl_check", async function () {
    if (!installed("openssl")) this.skip();
    const chain = authority.chain;
    for (const i of [0, 1]) {
      const { content, cms } = partsOf(longTerm, i);
      const read = (await signaturesIn(longTerm))[i]!;
      const verified = run(
        "openssl",
        ["ts", "-verify", "-token_in", "-in", "token", "-data", "signature", "-CAfile", "root"].concat([
          "-untrusted",
          "chain",
          "-attime",
          String(LATER),
        ]),
        { token: read.cms.timestamp!, signature: read.cms.signature, root: authority.rootCertificate, chain },
      );
      assert.match(verified.said, /Verification: OK/, verified.said);
      const other = run(
        "openssl",
        ["ts", "-verify", "-token_in", "-in", "token", "-data", "other", "-CAfile", "root"].concat([
          "-untrusted",
          "chain",
          "-attime",
          String(LATER),
        ]),
        { token: read.cms.timestamp!, other: "other", root: authority.rootCertificate, chain },
      );
      assert.notEqual(other.status, 0, "and not for something else");
      const trusted = authority.rootCertificate + (await lists()).toString();
      const checked = verifyCms(content, cms, trusted, ["-crl_check_all", "-attime", String(LATER)]);
      assert.equal(checked.status, 0, checked.said);
    }
  });

  it("leave both signatures valid for pdfsig, the file sound for qpdf, and every earlier version a prefix", function () {
    if (!installed("pdfsig") || !installed("qpdf")) this.skip();
    assert.ok(longTerm.subarray(0, stamped.length).equals(stamped));
    const said = run("pdfsig", ["a.pdf"], { "a.pdf": longTerm }).said;
    assert.equal([...said.matchAll(/Signature is Valid/g)].length, 2, said);
    for (const pdf of [stamped, longTerm]) {
      const checked = run("qpdf", ["--check", "a.pdf"], { "a.pdf": pdf });
      assert.equal(checked.status, 0, checked.said);
    }
  });

  it("carry certificates and revocation lists of the whole chain, of signers and timestamps", async () => {
    const store = await securityStoreOf(longTerm);
    const names = store.certificates.map((der) => /CN=(.+)/.exec(new X509Certificate(der).subject)?.[1]);
    assert.deepEqual(
      names.sort(),
      [
        "CA gốc trình diễn",
        "CA ký số trình diễn G2",
        "Dịch vụ dấu thời gian trình diễn",
        "Sở Tư pháp",
        "Trần Văn Mẫu",
      ].sort(),
    );
    assert.equal(store.revocationLists.length, 2);
    const known = store.certificates.map(readCertificate);
    for (const der of store.revocationLists) {
      const list = readRevocationList(der);
      const issuer = known.find(({ subject }) => subject.equals(list.issuer));
      assert.ok(issuer && list.isSignedBy(issuer));
      assert.ok(list.nextUpdate !== undefined && list.nextUpdate > AT);
    }
  });

  it("take also a PDF of another maker, whose cross-references are streams", async function () {
    if (!installed("pdfsig") || !installed("qpdf")) this.skip();
    const { PDFDocument } = await import("@cantoo/pdf-lib");
    const other = await PDFDocument.create();
    other.addPage([595, 842]);
    const upload = Buffer.from(await other.save({ useObjectStreams: true }));
    const one = await signPdf(upload, byLeader({ fieldName: "a" }));
    const { pdf, evidence } = await withEvidence(
      one,
      { validation: validation() },
      { level: "B-T", reason: null },
      AT,
      silentLog,
    );
    assert.equal(evidence.level, "B-LT");
    const said = run("pdfsig", ["a.pdf"], { "a.pdf": pdf }).said;
    assert.match(said, /Signature is Valid/);
    assert.equal(run("qpdf", ["--check", "a.pdf"], { "a.pdf": pdf }).status, 0);
  });

  it("find a revoked certificate, and nothing wrong with one that is revoked later", async () => {
    const other = await authority.agencyKey({ code: "000.00.99.H30", name: "Cơ quan Thử" });
    await authority.revoke(other.certificateChain[0]!, new Date(AT.getTime() - 1000));
    await assert.rejects(validation().collect(other.certificateChain, AT), (error: unknown) => {
      assert.ok(error instanceof CertificateRevoked);
      assert.equal(error.subject, "Cơ quan Thử");
      return true;
    });
    const late = await authority.agencyKey({ code: "000.00.98.H30", name: "Cơ quan Mẫu" });
    await authority.revoke(late.certificateChain[0]!, new Date(AT.getTime() + 60_000));
    assert.ok(await validation().collect(late.certificateChain, AT));
  });

  it("say what cannot be learned, and leave the file as it was", async () => {
    const unreachable = validationSource(nowhere);
    await assert.rejects(unreachable.collect(leader.certificateChain, AT), /cannot be learned/);
    const signing = { validation: unreachable };
    const { pdf, evidence } = await withEvidence(
      stamped,
      signing,
      { level: "B-T", reason: null },
      AT,
      silentLog,
    );
    assert.ok(pdf.equals(stamped));
    assert.deepEqual(evidence, { level: "B-T", reason: "no-validation-data" });
  });

  describe("of an outside authority, openssl's own", () => {
    let started: OpensslAuthority | undefined;
    let outside: OpensslAuthority;
    before(async function () {
      if (!installed("openssl")) this.skip();
      outside = started = await startOpensslAuthority(join(dir, "openssl"));
    });
    after(() => started?.stop());

    it("are asked for over HTTP with name and password, and openssl takes them", async () => {
      const service = timestampService({ url: outside.tsaUrl, user: "mot-cua", password: "mật khẩu" });
      const pdf = await signPdf(draft, byLeader({ timestamp: service }));
      const [read] = await signaturesIn(pdf);
      const { status, said } = run(
        "openssl",
        ["ts", "-verify", "-token_in", "-in", "token", "-data", "signature", "-CAfile", "root"],
        { token: read!.cms.timestamp!, signature: read!.cms.signature, root: outside.rootCertificate },
      );
      assert.equal(status, 0, said);
      assert.deepEqual(outside.seen.at(-1), {
        type: "application/timestamp-query",
        authorization: `Basic ${Buffer.from("mot-cua:mật khẩu", "utf8").toString("base64")}`,
      });
      await assert.rejects(timestampService({ url: outside.tsaUrl })(Buffer.from("x")), /answers 401/);
    });

    it("are refused when they are of something else, changed, or answer another request", async () => {
      const service = timestampService({ url: outside.tsaUrl, user: "mot-cua", password: "mật khẩu" });
      const good = await service(Buffer.from("hồ sơ"));
      assert.ok(good);
      for (const at of [good.indexOf(timestampQuery(Buffer.from("hồ sơ")).imprint) + 3, good.length - 20]) {
        const broken = Buffer.from(good);
        broken[at]! ^= 1;
        assert.throws(() => readTimestamp(broken), Error, `a byte changed at ${at}`);
      }
      const lying = await servingAlways(await outside.reply(timestampQuery(Buffer.from("khác")).der));
      try {
        await assert.rejects(timestampService({ url: lying.url })(Buffer.from("hồ sơ")), /something else/);
      } finally {
        lying.server.close();
      }
      const refusing = await servingAlways(Buffer.from("30053003020102", "hex"));
      try {
        await assert.rejects(
          timestampService({ url: refusing.url })(Buffer.from("x")),
          /refused \(status 2\)/,
        );
      } finally {
        refusing.server.close();
      }
    });

    it("its certificates' state is asked by OCSP and read from its list, revoked ones found by both", async () => {
      const source = validationSource(fetchBytes());
      const by = (data: Awaited<ReturnType<typeof source.collect>>) => [
        data.ocspAnswers.length,
        data.revocationLists.length,
      ];
      const now = new Date();
      assert.deepEqual(by(await source.collect([outside.certificates.ocspGood], now)), [1, 0]);
      assert.deepEqual(by(await source.collect([outside.certificates.crlGood], now)), [0, 1]);
      for (const name of ["ocspRevoked", "crlRevoked"] as const)
        await assert.rejects(source.collect([outside.certificates[name]], now), CertificateRevoked, name);
    });
  });
});

async function servingAlways(bytes: Buffer): Promise<{ url: string; server: Server }> {
  const server = createServer((req, res) => {
    req.resume();
    req.on("end", () => res.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
