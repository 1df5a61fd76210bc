import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PDFDocument } from "@cantoo/pdf-lib";
import { after, before, describe, it } from "mocha";
import { openDemonstrationAuthority } from "../../server/signing/demonstration-authority.ts";
import { signPdf, type Signing } from "../../server/signing/pades.ts";
import { renderResult } from "../../server/signing/render-result.ts";
import { RESULT_FIELDS } from "../../server/signing/signature-fields.ts";
import type { SigningKey } from "../../server/signing/signing-key.ts";
import { aResult, blue, dark, installed, partsOf, pictureOf, red, run, textOf, verifyCms } from "./papers.ts";

describe("two signatures on a result", function () {
  this.timeout(60_000);
  let dir: string;
  let root: string;
  let leader: SigningKey;
  let agency: SigningKey;
  let draft: Buffer;
  let signed: Buffer;
  let sealed: Buffer;

  const byLeader = (changes: Partial<Signing> = {}): Signing => ({
    key: leader,
    appearance: { kind: "handwriting", name: "Trần Văn Mẫu" },
    reason: "Ký ban hành",
    location: "Hậu Giang",
    name: "Trần Văn Mẫu",
    signedAt: new Date("2022-09-20T10:00:00+07:00"),
    fieldName: RESULT_FIELDS.leader,
    ...changes,
  });
  const byAgency = (changes: Partial<Signing> = {}): Signing => ({
    key: agency,
    appearance: {
      kind: "seal",
      agencyName: "Sở Tư pháp",
      parentAgencyName: "Ủy ban nhân dân tỉnh Hậu Giang",
    },
    reason: "Đóng dấu cơ quan",
    location: "Hậu Giang",
    name: "Sở Tư pháp",
    signedAt: new Date("2022-09-20T10:05:30+07:00"),
    fieldName: RESULT_FIELDS.agency,
    ...changes,
  });
  const pdfsig = (pdf: Buffer) => run("pdfsig", ["a.pdf"], { "a.pdf": pdf }).said;
  const valid = (said: string) => [...said.matchAll(/Signature is Valid/g)].length;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "pades-"));
    const authority = await openDemonstrationAuthority({ dir, production: false });
    root = authority.rootCertificate;
    const [agencyCode, agencyName] = ["000.00.13.H30", "Sở Tư pháp"];
    leader = await authority.officerKey({
      ...{ id: "stp.leader", name: "Trần Văn Mẫu", title: "Giám đốc", agencyCode, agencyName },
    });
    agency = await authority.agencyKey({ code: agencyCode, name: agencyName });
    draft = await renderResult(aResult());
    signed = await signPdf(draft, byLeader());
    sealed = await signPdf(signed, byAgency());
  });
  after(() => rm(dir, { recursive: true, force: true }));

  it("keeps every version as an exact prefix of the next", () => {
    assert.ok(signed.subarray(0, draft.length).equals(draft));
    assert.ok(sealed.subarray(0, signed.length).equals(signed));
  });

  it("is accepted by pdfsig, both names and times in full", function () {
    if (!installed("pdfsig")) this.skip(); // apt-get install poppler-utils
    const said = pdfsig(sealed);
    assert.equal(valid(said), 2, said);
    assert.match(said, /Signature Field Name: lanh-dao/);
    assert.match(said, /CN=Trần Văn Mẫu,title=Giám đốc/);
    assert.match(said, /CN=Sở Tư pháp/);
    assert.equal([...said.matchAll(/ETSI\.CAdES\.detached/g)].length, 2);
    assert.match(said, /Total document signed/);
    const text = sealed.toString("latin1");
    assert.match(text, /\/M \(D:20220920100000\+07'00'\)/);
    assert.match(text, /\/M \(D:20220920100530\+07'00'\)/);
  });

  it("is accepted by openssl as CAdES, up to the demonstration root", function () {
    if (!installed("openssl")) this.skip();
    for (const [i, length] of [signed.length, sealed.length].entries()) {
      const { content, cms } = partsOf(sealed, i);
      assert.equal(content.length + cms.length * 2 + 2 >= length - 20_000, true);
      const verified = verifyCms(content, cms, root);
      assert.equal(verified.status, 0, verified.said);
    }
    const { content, cms } = partsOf(sealed, 0);
    const flipped = Buffer.from(content);
    flipped[100]! ^= 1;
    assert.notEqual(verifyCms(flipped, cms, root).status, 0, "and refused when a byte is another");
    assert.notEqual(verifyCms(partsOf(sealed, 1).content, cms, root).status, 0, "and when it is moved");
  });

  it("carries the attributes of PAdES B-B, and no signing time beside the PDF's own", function () {
    if (!installed("openssl")) this.skip();
    const printed = run("openssl", ["cms", "-cmsout", "-print", "-inform", "DER", "-in", "cms"], {
      cms: partsOf(sealed, 0).cms,
    }).said;
    for (const attribute of ["contentType", "messageDigest", "signingCertificateV2"])
      assert.match(printed, new RegExp(attribute));
    assert.doesNotMatch(printed, /signingTime/);
  });

  it("loses the first signature when a byte of the paper is changed", function () {
    if (!installed("pdfsig")) this.skip();
    const forged = Buffer.from(sealed);
    forged[forged.indexOf("/Title") + 20]! ^= 1;
    assert.equal(valid(pdfsig(forged)), 0);
  });

  it("passes qpdf, and shows the same text before and after", function () {
    if (!installed("qpdf") || !installed("pdftotext")) this.skip();
    for (const pdf of [signed, sealed]) {
      const checked = run("qpdf", ["--check", "a.pdf"], { "a.pdf": pdf });
      assert.equal(checked.status, 0, checked.said);
    }
    assert.equal(textOf(sealed), textOf(draft));
  });

  it("shows a blue hand and a red seal over one third of it on the left", async function () {
    if (!installed("pdftoppm")) this.skip();
    const document = await PDFDocument.load(draft);
    const mm = (name: string): [number, number, number, number] => {
      const { x, y, width, height } = document
        .getForm()
        .getField(name)
        .acroField.getWidgets()[0]!
        .getRectangle();
      return [x, 841.89 - y - height, width, height].map((points) => (points * 25.4) / 72) as [
        number,
        number,
        number,
        number,
      ];
    };
    const [hand, seal] = [mm(RESULT_FIELDS.leader), mm(RESULT_FIELDS.agency)];
    assert.ok(Math.abs(seal[0] + seal[2] - (hand[0] + hand[2] / 3)) < 0.5, "a third is covered");
    assert.ok(Math.abs(seal[2] - 36) < 0.1, "real size");

    assert.equal(pictureOf(draft).share(hand, blue), 0);
    const after = pictureOf(sealed);
    assert.ok(after.share(hand, blue) > 0.02, "blue");
    assert.ok(after.share(seal, red) > 0.1, "red");
    assert.equal(pictureOf(signed).share(seal, red), 0, "no seal before the clerk");
    const middle: [number, number, number, number] = [seal[0] + 10, seal[1] + 10, 16, 16];
    assert.ok(after.share(middle, red) > 0.05, "the agency's name inside the seal");
    assert.ok(after.share([seal[0], seal[1] - 14, 36, 10], dark) < 0.2);
  });

  it("refuses a field that is signed already", async () => {
    await assert.rejects(signPdf(signed, byLeader()), { code: "signature-field-signed", status: 409 });
  });

  it("signs a PDF of any other maker at the usual place: with tables or streams for cross-references", async function () {
    if (!installed("pdfsig") || !installed("qpdf")) this.skip();
    for (const useObjectStreams of [true, false]) {
      const other = await PDFDocument.create();
      other.addPage([595, 842]);
      other.addPage([842, 595]);
      const upload = Buffer.from(await other.save({ useObjectStreams }));
      const one = await signPdf(upload, byLeader({ fieldName: "other-a" }));
      const two = await signPdf(one, byAgency({ fieldName: "other-b" }));
      assert.ok(two.subarray(0, one.length).equals(one) && one.subarray(0, upload.length).equals(upload));
      assert.equal(valid(pdfsig(two)), 2, pdfsig(two));
      const checked = run("qpdf", ["--check", "a.pdf"], { "a.pdf": two });
      assert.equal(checked.status, 0, checked.said);
      assert.ok(pictureOf(two, 2).share([200, 100, 95, 100], red) > 0.01, "on the last page");
    }
  });

  it("signs without showing", async function () {
    if (!installed("pdfsig")) this.skip();
    const hidden = await signPdf(draft, byLeader({ appearance: { kind: "hidden" }, fieldName: "hidden" }));
    assert.equal(valid(pdfsig(hidden)), 1);
  });

  it("refuses a file whose structure cannot take a signature", async () => {
    const cut = draft.subarray(0, draft.lastIndexOf("startxref"));
    await assert.rejects(signPdf(cut, byLeader()), { code: "pdf-not-signable" });
  });

  it("hands the PIN to the key and leaves it nowhere in the file", async () => {
    let seen: string | undefined;
    const key: SigningKey = {
      certificateChain: leader.certificateChain,
      sign: (bytes, pin) => {
        seen = pin;
        return leader.sign(bytes);
      },
    };
    const pdf = await signPdf(draft, byLeader({ key, pin: "428913" }));
    assert.equal(seen, "428913");
    assert.ok(!pdf.includes("428913"));
  });

  it("leaves nothing half signed when the key fails", async () => {
    const key: SigningKey = {
      certificateChain: leader.certificateChain,
      sign: () => Promise.reject(new Error("token removed")),
    };
    const copy = Buffer.from(draft);
    await assert.rejects(signPdf(draft, byLeader({ key })), /token removed/);
    assert.ok(draft.equals(copy));
  });
});
