import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { PDFDocument } from "@cantoo/pdf-lib";
import { checkPdf } from "../../server/signature-check/check-pdf.ts";
import { checkFile } from "../../server/signature-check/check-file.ts";
import type { FileReport } from "../../server/signature-check/report.ts";
import { toVietnamIso } from "../../workflows/vietnam-time.ts";
import { signPdf } from "../../server/signing/pades.ts";
import type { Grounds } from "../support/attacks/grounds.ts";
import { stamped, withDocumentTimestamp, withValidationData } from "../support/attacks/forging.ts";
import { makeGrounds } from "../support/attacks/grounds.ts";
import { CHECKED_AT, SIGNED_AT } from "../support/attacks/moments.ts";
import { handPaper, signedByHand } from "../support/attacks/signed-by-hand.ts";
import { run } from "../signing/papers.ts";

describe("an honest signed paper", function () {
  this.timeout(60_000);
  let grounds: Grounds & { close(): Promise<void> };
  let crls: Buffer[];
  before(async () => {
    grounds = await makeGrounds();
    crls = grounds.authority.lists();
  });
  after(() => grounds.close());

  const check = (pdf: Buffer, more: { now?: Date; crls?: Buffer[] } = {}) =>
    checkPdf(pdf, { trusted: [grounds.authority.root], now: CHECKED_AT, ...more });
  const said = (report: FileReport) =>
    [...report.findings, ...report.signatures.flatMap(({ findings }) => findings)]
      .map((one) => `${one.code}: ${one.detail}`)
      .join("\n");
  const codes = (report: FileReport, at = 0) => report.signatures[at]?.findings.map(({ code }) => code);

  it("of one signature is valid, and tells who signed as what", () => {
    const report = check(grounds.signed, { crls });
    assert.equal(report.verdict, "valid", said(report));
    assert.equal(report.signatures.length, 1);
    const [signature] = report.signatures;
    assert.deepEqual(signature?.signer, {
      name: "Trần Văn Mẫu",
      organisation: "Sở Tư pháp",
      title: "Giám đốc",
    });
    assert.equal(signature.role, "person");
    assert.equal(signature.claimedAt, toVietnamIso(SIGNED_AT.getTime()));
    assert.equal(signature.coversWholeFile, true);
    assert.deepEqual([signature.certificate?.trusted, signature.certificate?.revocation], [true, "good"]);
    assert.equal(signature.certificate?.issuer, "CA ký số thử nghiệm");
    assert.deepEqual(codes(report), ["time-not-proved"]);
  });

  it("of two signatures is valid, and the second is told as added after the first", () => {
    const report = check(grounds.sealed);
    assert.equal(report.verdict, "valid", said(report));
    const [leader, agency] = report.signatures;
    assert.deepEqual([leader?.role, agency?.role], ["person", "agency"]);
    assert.deepEqual([leader?.coversWholeFile, agency?.coversWholeFile], [false, true]);
    assert.deepEqual(leader?.addedAfter, [{ kind: "signature", field: "co-quan" }]);
    assert.deepEqual([leader.revision, agency?.revision], [report.revisions - 1, report.revisions]);
    assert.ok(codes(report)?.includes("revocation-unknown"), "no list was handed in");
  });

  it("with a timestamp proves its time, by which an expired and a later revoked certificate are judged", async () => {
    const honest = await stamped(grounds);
    const report = check(honest, { crls });
    assert.equal(report.verdict, "valid", said(report));
    assert.equal(report.signatures[0]?.timestamp?.good, true);
    assert.equal(report.signatures[0].timestamp.authority, "Dấu thời gian thử nghiệm");
    assert.ok(!codes(report)?.includes("time-not-proved"));
    const inYears = check(honest, { now: new Date("2042-01-01T00:00:00Z") });
    assert.equal(inYears.verdict, "valid", said(inYears));

    const { authority } = grounds;
    const leaver = authority.signer("leaver");
    const before = await stamped({ ...grounds, leader: leaver });
    const unstamped = await signedByHand({ key: leaver });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    authority.revoke(leaver, "superseded");
    const lists = authority.lists();
    const later = check(before, { crls: lists, now: CHECKED_AT });
    assert.equal(later.verdict, "valid", said(later));
    assert.ok(codes(later)?.includes("certificate-revoked-later"));
    assert.equal(check(unstamped, { crls: lists }).code, "certificate-revoked");
  });

  it("with validation data and a document timestamp after it is valid, and finds the list in the file", async () => {
    const { authority, tsa } = grounds;
    const honest = await stamped(grounds);
    const certificates = [authority.issuing, authority.root];
    const longTerm = withValidationData(honest, { certificates, crls });
    const archived = await withDocumentTimestamp(longTerm, (covered) => authority.timestamp(covered, tsa));
    const report = check(archived, {});
    assert.equal(report.verdict, "valid", said(report));
    assert.deepEqual(
      report.signatures.map(({ kind }) => kind),
      ["signature", "timestamp"],
    );
    assert.deepEqual(report.signatures[0]?.addedAfter.map(({ kind }) => kind).sort(), [
      "timestamp",
      "validation-data",
    ]);
    assert.equal(report.signatures[0].certificate?.revocation, "good");
  });

  it("of any other maker with cross-reference streams and object streams is valid", async () => {
    const { leader, agency } = grounds;
    for (const useObjectStreams of [true, false]) {
      const other = await PDFDocument.create();
      other.addPage([595, 842]);
      const upload = Buffer.from(await other.save({ useObjectStreams }));
      const about = { reason: "", location: "", name: "x", signedAt: SIGNED_AT };
      const one = await signPdf(upload, {
        ...about,
        key: leader,
        appearance: { kind: "handwriting", name: "Trần Văn Mẫu" },
        fieldName: "a",
      });
      const two = await signPdf(one, {
        ...about,
        key: agency,
        appearance: { kind: "hidden" },
        fieldName: "b",
      });
      const report = check(two);
      assert.equal(report.verdict, "valid", said(report));
      assert.equal(report.signatures.length, 2);
    }
  });

  it("written anew by qpdf before it was signed, also for fast viewing, is valid", async () => {
    const draft = await PDFDocument.create();
    for (let i = 0; i < 3; i++) draft.addPage([595, 842]);
    const plain = Buffer.from(await draft.save());
    for (const how of ["--linearize", "--object-streams=generate", "--qdf"]) {
      const made = run("sh", ["-c", `qpdf ${how} in.pdf out.pdf && cat out.pdf`], { "in.pdf": plain });
      assert.equal(made.status, 0, made.said);
      const signed = await signPdf(made.stdout, {
        ...{ key: grounds.leader, appearance: { kind: "hidden" }, reason: "", location: "", name: "x" },
        ...{ signedAt: SIGNED_AT, fieldName: "a" },
      });
      const report = check(signed);
      assert.equal(report.verdict, "valid", `${how}: ${said(report)}`);
    }
  });

  it("signed by openssl, in both forms that people use, is valid", async () => {
    const { leader, authority } = grounds;
    for (const [subFilter, more] of [
      ["ETSI.CAdES.detached", ["-cades"]],
      ["adbe.pkcs7.detached", []],
    ] as const) {
      const command = [
        "cms",
        "-sign",
        "-binary",
        "-in",
        "content",
        "-outform",
        "DER",
        "-md",
        "sha256",
        ...more,
      ];
      const keys = ["-signer", leader.certificateFile, "-inkey", leader.keyFile];
      const pdf = await signedByHand({
        key: leader,
        subFilter,
        cms: (content) => run("openssl", [...command, ...keys], { content }).stdout,
      });
      const report = checkPdf(pdf, { trusted: [authority.issuing], now: CHECKED_AT });
      assert.equal(report.verdict, "valid", said(report));
      assert.equal(report.signatures[0]?.subFilter, subFilter);
    }
  });

  it("is answered the same from the thread of its own", async () => {
    const options = { trusted: [grounds.authority.root], now: CHECKED_AT, crls };
    const apart = await checkFile(grounds.sealed, options);
    assert.deepEqual(apart, checkPdf(grounds.sealed, options));
    const many = Array.from({ length: 60_000 }, (_, at) => ({ number: 10 + at, body: "[1 2 3 (bon)]" }));
    const all = many.map(({ number }) => `${number} 0 R`).join(" ");
    const large = await signedByHand({ key: grounds.leader, paper: handPaper("x", many, `] /Them [${all}`) });
    const cut = await checkFile(large, options, { time: 1, memory: 1e9 });
    assert.equal(cut.code, "file-too-complex");
    assert.deepEqual(await checkFile(grounds.sealed, options), apart, "and the next file finds a new thread");
  });
});
