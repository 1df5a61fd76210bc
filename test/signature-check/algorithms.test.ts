import assert from "node:assert/strict";
import { createPrivateKey, sign, X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { checkPdf } from "../../server/signature-check/check-pdf.ts";
import { fetchBytes } from "../../server/signing/fetch-bytes.ts";
import { ocspRequest, readOcspAnswer } from "../../server/signing/ocsp.ts";
import { readCertificate } from "../../server/signing/read-certificate.ts";
import { addSecurityStore } from "../../server/signing/security-store.ts";
import type { SigningKey } from "../../server/signing/signing-key.ts";
import { validationSource } from "../../server/signing/validation-data.ts";
import { startOpensslAuthority, type OpensslAuthority } from "../signing/openssl-authority.ts";
import { run } from "../signing/papers.ts";
import { pdfMoment } from "../support/attacks/moments.ts";
import { signatureParts, signedByHand, withCms } from "../support/attacks/signed-by-hand.ts";

const now = () => new Date();

/** A key and a certificate of its own that openssl makes with these options. */
function own(options: string): { certificate: Buffer; key: Buffer } {
  const { made } = run(
    "sh",
    [
      "-ec",
      `openssl req -x509 -nodes -utf8 ${options} -keyout key -out cert -days 30 -subj '/C=VN/O=Sở Thử/CN=Trần Văn Mẫu' \
        -addext keyUsage=critical,digitalSignature,nonRepudiation`,
    ],
    {},
    ["key", "cert"],
  );
  return { certificate: made.cert!, key: made.key! };
}

/** A paper that openssl signed with it. */
function signed({ certificate, key }: ReturnType<typeof own>, options: string[] = []): Promise<Buffer> {
  const command = ["cms", "-sign", "-cades", "-binary", "-in", "content", "-outform", "DER"];
  const cms = (content: Buffer) => {
    const done = run("openssl", [...command, "-signer", "cert", "-inkey", "key", ...options], {
      ...{ content, cert: certificate, key },
    });
    assert.equal(done.status, 0, done.said);
    return done.stdout;
  };
  return signedByHand({
    key: { certificateChain: [], sign: () => Promise.reject(new Error()) },
    cms,
    time: pdfMoment(new Date()),
  });
}

describe("a signature of another algorithm", function () {
  this.timeout(30_000);
  const check = (pdf: Buffer, { certificate }: { certificate: Buffer }) =>
    checkPdf(pdf, { trusted: [new X509Certificate(certificate).raw], now: now() });

  const curves = [256, 384, 521].map((bits) => ({
    name: `P-${bits}`,
    options: `-newkey ec -pkeyopt ec_paramgen_curve:P-${bits}`,
  }));
  for (const { name, options, how } of [
    ...curves.map((one) => ({ ...one, how: ["-md", "sha256"] })),
    {
      name: "RSA-PSS with a plain key",
      options: "-newkey rsa:2048",
      how: ["-md", "sha256", "-keyopt", "rsa_padding_mode:pss"],
    },
    {
      name: "RSA-PSS with SHA-512",
      options: "-newkey rsa:3072",
      how: ["-md", "sha512", "-keyopt", "rsa_padding_mode:pss"],
    },
    {
      name: "RSA-PSS with a key for it alone",
      options: "-newkey rsa-pss -pkeyopt rsa_keygen_bits:2048",
      how: ["-md", "sha256"],
    },
  ])
    it(`is valid: ${name}; and refused with one byte changed`, async () => {
      const maker = own(options);
      const pdf = await signed(maker, how);
      const report = check(pdf, maker);
      assert.equal(report.verdict, "valid", JSON.stringify(report.signatures[0]?.findings));
      const changed = Buffer.from(pdf);
      changed[changed.indexOf("Quyet dinh")]! ^= 1;
      assert.equal(check(changed, maker).code, "content-changed");
    });

  for (const { name, options, how } of [
    {
      name: "a curve of another standard",
      options: "-newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1",
      how: ["-md", "sha256"],
    },
    { name: "SHA-3", options: "-newkey rsa:2048", how: ["-md", "sha3-256"] },
  ])
    it(`is told as one that cannot be judged, not as wrong: ${name}`, async () => {
      const maker = own(options);
      const report = check(await signed(maker, how), maker);
      assert.equal(report.code, "algorithm-not-supported", JSON.stringify(report.signatures[0]?.findings));
      assert.equal(report.verdict, "unjudged");
      assert.ok(report.signatures[0]);
    });

  it("is told so too of Edwards' curve, which openssl signs no such paper with", async () => {
    const maker = own("-newkey ed25519");
    const key = createPrivateKey(maker.key);
    const pdf = await signedByHand({
      time: pdfMoment(new Date()),
      key: {
        certificateChain: [new X509Certificate(maker.certificate).raw],
        sign: (bytes) => Promise.resolve(sign(null, bytes, key)),
      },
    });
    assert.equal(check(pdf, maker).code, "algorithm-not-supported");
  });

  it("that is no longer safe proves nothing: SHA-1", async () => {
    const maker = own("-newkey rsa:2048");
    const report = check(await signed(maker, ["-md", "sha1"]), maker);
    assert.equal(report.code, "weak-algorithm");
    assert.equal(report.verdict, "invalid");
  });

  it("by RSA-PSS with a byte of the signature changed is wrong", async () => {
    const maker = own("-newkey rsa:2048");
    const pdf = await signed(maker, ["-md", "sha256", "-keyopt", "rsa_padding_mode:pss"]);
    const { cms } = signatureParts(pdf);
    cms[cms.length - 1]! ^= 1;
    assert.equal(check(withCms(pdf, cms), maker).code, "signature-wrong");
  });
});

describe("a signature with OCSP answers of openssl's responder in the file (B-LT)", function () {
  this.timeout(60_000);
  let dir: string;
  let outside: OpensslAuthority;
  before(async () => {
    dir = mkdtempSync(join(tmpdir(), "ocsp-"));
    outside = await startOpensslAuthority(dir);
  });
  after(() => {
    outside.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const root = () => new X509Certificate(outside.rootCertificate).raw;
  const keyOf = (name: "ocspGood" | "ocspRevoked"): SigningKey => {
    const key = createPrivateKey(readFileSync(join(dir, `${name}.key`)));
    return {
      certificateChain: [outside.certificates[name], root()],
      sign: (bytes) => Promise.resolve(sign("sha256", bytes, key)),
    };
  };
  const answerFor = (name: "ocspGood" | "ocspRevoked") => {
    const [certificate, issuer] = [outside.certificates[name], root()].map((der) => readCertificate(der));
    const [address] = certificate!.ocspAddresses;
    return fetchBytes()(address!, {
      ...{ type: "application/ocsp-request", body: ocspRequest(certificate!, issuer!) },
    });
  };
  const check = (pdf: Buffer) => checkPdf(pdf, { trusted: [root()], now: new Date() });

  it("is valid, and its certificate known as not revoked by them alone; pdfsig and qpdf take the file", async () => {
    const pdf = await signedByHand({ key: keyOf("ocspGood"), time: pdfMoment(new Date()) });
    assert.equal(check(pdf).signatures[0]?.certificate?.revocation, "unknown");
    const data = await validationSource(fetchBytes()).collect([outside.certificates.ocspGood], new Date());
    assert.deepEqual([data.ocspAnswers.length, data.revocationLists.length], [1, 0]);
    const longTerm = await addSecurityStore(pdf, data);
    const report = check(longTerm);
    assert.equal(report.verdict, "valid", JSON.stringify(report.signatures[0]?.findings));
    assert.equal(report.signatures[0]?.certificate?.revocation, "good");
    assert.equal(run("qpdf", ["--check", "a.pdf"], { "a.pdf": longTerm }).status, 0);
    assert.match(run("pdfsig", ["a.pdf"], { "a.pdf": longTerm }).said, /Signature is Valid/);
  });

  it("is refused when the answer says that it is revoked", async () => {
    const answer = await answerFor("ocspRevoked");
    const [certificate, issuer] = [outside.certificates.ocspRevoked, root()].map((der) =>
      readCertificate(der),
    );
    assert.equal(readOcspAnswer(answer, certificate!, issuer!).state, "revoked");
    const pdf = await signedByHand({ key: keyOf("ocspRevoked"), time: pdfMoment(new Date()) });
    const store = { certificates: [root()], revocationLists: [], ocspAnswers: [answer] };
    assert.equal(check(await addSecurityStore(pdf, store)).code, "certificate-revoked");
  });

  it("is not believed when the answer is of another certificate, changed, or nobody's", async () => {
    const pdf = await signedByHand({ key: keyOf("ocspGood"), time: pdfMoment(new Date()) });
    const good = await answerFor("ocspGood");
    const inside = Buffer.from(good);
    inside[Math.floor(inside.length / 3)]! ^= 1;
    for (const answer of [await answerFor("ocspRevoked"), inside, good.subarray(0, 40)]) {
      const store = { certificates: [root()], revocationLists: [], ocspAnswers: [answer] };
      const report = check(await addSecurityStore(pdf, store));
      assert.equal(report.signatures[0]?.certificate?.revocation, "unknown");
    }
  });
});
