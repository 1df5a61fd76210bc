import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { constants, crc32, deflateRawSync, deflateSync } from "node:zlib";
import { PDFDocument, PDFName, PDFString } from "@cantoo/pdf-lib";
import { after, before, describe, it } from "mocha";
import sharp from "sharp";
import type { FileUnfit } from "../../server/digitization/file-judgement.ts";
import { judgeFile } from "../../server/digitization/judge-file.ts";

describe("judging an uploaded file", () => {
  let dir: string;
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "judge-"));
  });
  after(() => rm(dir, { recursive: true, force: true }));

  async function judged(bytes: Uint8Array | string) {
    const file = join(dir, "upload");
    await writeFile(file, bytes);
    return judgeFile(file);
  }
  const refuses = (bytes: Uint8Array | string, code: string, words = /./) =>
    assert.rejects(judged(bytes), (error: FileUnfit) => {
      assert.equal(error.code, code);
      assert.match(error.publicMessage, words);
      assert.match(error.publicMessage, /^(Tệp|Ảnh|Chỉ)/);
      return true;
    });

  it("takes a PDF and counts its pages", async () => {
    assert.deepEqual(await judged(await pdf(3)), { mediaType: "application/pdf", pages: 3 });
    assert.deepEqual(await judged(await pdf(1, { useObjectStreams: false })), {
      mediaType: "application/pdf",
      pages: 1,
    });
  });

  it("takes a PNG and a JPEG as one page", async () => {
    const sheet = await written(1654, 2339);
    assert.deepEqual(await judged(await sheet.png().toBuffer()), { mediaType: "image/png", pages: 1 });
    const photo = await sheet.jpeg().toBuffer();
    assert.deepEqual(await judged(photo), { mediaType: "image/jpeg", pages: 1 });
    assert.deepEqual(await judged(Buffer.concat([photo, Buffer.from("a phone's notes")])), {
      mediaType: "image/jpeg",
      pages: 1,
    });
  });

  it("takes a TIFF of several pages", async () => {
    assert.deepEqual(await judged(await tiff([true, true, true])), { mediaType: "image/tiff", pages: 3 });
  });

  it("says which pages are blank or too small to read, and takes the file all the same", async () => {
    assert.deepEqual(await judged(await tiff([true, false, true])), {
      mediaType: "image/tiff",
      pages: 3,
      warnings: [{ code: "blank-page", page: 2 }],
    });
    assert.deepEqual((await judged(await (await written(600, 840)).png().toBuffer())).warnings, [
      { code: "low-resolution", page: 1 },
    ]);
    const card = (await written(1004, 638)).withMetadata({ density: 300 });
    assert.equal(
      (await judged(await card.png().toBuffer())).warnings,
      undefined,
      "a card is small on paper too",
    );
  });

  it("refuses a file whose pages are all blank, and says which", async () => {
    const blank = () => sharp({ create: { width: 1654, height: 2339, channels: 3, background: "#f4f1ea" } });
    await refuses(await blank().png().toBuffer(), "file-blank", /\(trang 1\)/);
    await refuses(await blank().jpeg().toBuffer(), "file-blank");
    await refuses(await tiff([false, false]), "file-blank", /\(trang 1 đến 2\)/);
    await refuses(await pdf(2, {}, undefined, false), "file-blank", /\(trang 1 đến 2\)/);
    const noisy = await sharp({
      create: {
        width: 1654,
        height: 2339,
        channels: 3,
        background: "white",
        noise: { type: "gaussian", mean: 240, sigma: 6 },
      },
    })
      .jpeg()
      .toBuffer();
    await refuses(noisy, "file-blank");
  });

  it("looks at the picture on a scanned page", async function () {
    if (spawnSync("pdftoppm", ["-v"]).error) this.skip();
    const scanned = async (picture: Buffer) =>
      pdf(
        1,
        {},
        async (doc) => {
          const image = await doc.embedPng(picture);
          doc.getPage(0).drawImage(image, { x: 0, y: 0, width: 595, height: 842 });
        },
        false,
      );
    const white = sharp({ create: { width: 827, height: 1170, channels: 3, background: "white" } });
    await refuses(await scanned(await white.png().toBuffer()), "file-blank");
    assert.equal((await judged(await scanned(await (await written(827, 1170)).png().toBuffer()))).pages, 1);
  });

  it("refuses what is no scan, whatever it calls itself", async () => {
    await refuses("", "file-empty");
    await refuses("Kính gửi: Sở Tư pháp", "file-type-not-accepted");
    await refuses("<html><script>alert(1)</script></html>", "file-type-not-accepted");
    await refuses(Buffer.from("MZ\x90\0\x03\0\0\0".padEnd(400, "\0"), "latin1"), "file-type-not-accepted");
    await refuses(Buffer.from("GIF89a".padEnd(400, "\0")), "file-type-not-accepted");
    await refuses(Buffer.concat([Buffer.from("PK\x03\x04"), await pdf(1)]), "file-type-not-accepted");
    const large = join(dir, "large");
    await writeFile(large, "%PDF-1.7\n");
    await truncate(large, 50 * 1024 * 1024 + 1);
    await assert.rejects(judgeFile(large), { code: "file-too-large", status: 413 });
  });

  it("refuses broken files", async () => {
    await refuses("%PDF-1.7\nnot really", "file-broken");
    const whole = await pdf(2, { useObjectStreams: false });
    await refuses(whole.subarray(0, 200), "file-broken");
    await refuses(png(100, 100).subarray(0, -20), "file-broken");
    const flipped = png(100, 100);
    flipped[45]! ^= 1;
    await refuses(flipped, "file-broken");
    await refuses(jpeg(100, 100).subarray(0, -2), "file-broken");
    await refuses(jpeg(100, 100).subarray(0, 12), "file-broken");
  });

  it("refuses pictures of absurd size", async () => {
    await refuses(png(40_000, 100), "image-too-large");
    await refuses(png(20_000, 20_000), "image-too-large");
    await refuses(jpeg(60_000, 60_000), "image-too-large");
    await refuses(png(1, 1), "image-too-small");
    await refuses(jpeg(0, 0), "image-too-small");
  });

  it("refuses a PDF without pages", async () => {
    const empty = await PDFDocument.create();
    await refuses(await empty.save({ addDefaultPage: false }), "pdf-without-pages");
  });

  it("refuses a PDF that is encrypted, with or without a password to open it", async function () {
    if (spawnSync("qpdf", ["--version"]).error) this.skip();
    await writeFile(join(dir, "plain.pdf"), await pdf(1));
    for (const password of ["", "1234"]) {
      const made = spawnSync("qpdf", [
        ...["--encrypt", password, "owner", "256", "--"],
        ...[join(dir, "plain.pdf"), join(dir, "upload.pdf")],
      ]);
      assert.equal(made.status, 0, String(made.stderr));
      await assert.rejects(judgeFile(join(dir, "upload.pdf")), { code: "file-encrypted" });
    }
  });

  it("refuses scripts, embedded files and launch actions, also when disguised", async () => {
    const withAction = (action: Record<string, PDFName | PDFString>, useObjectStreams = true) =>
      pdf(1, { useObjectStreams }, (doc) =>
        doc.catalog.set(PDFName.of("OpenAction"), doc.context.obj(action)),
      );
    await refuses(
      await withAction({ S: PDFName.of("JavaScript"), JS: PDFString.of("app.alert(1)") }),
      "pdf-script",
    );
    await refuses(await withAction({ S: PDFName.of("JavaScript") }, false), "pdf-script");
    await refuses(await withAction({ S: PDFName.of("Launch"), F: PDFString.of("cmd.exe") }), "pdf-launch");
    const attached = await pdf(1, {}, (doc) =>
      doc.attach(new Uint8Array([1]), "a.exe", { mimeType: "text/plain" }),
    );
    await refuses(attached, "pdf-embedded-file");

    const plain = Buffer.from(await withAction({ S: PDFName.of("JavaScript") }, false)).toString("latin1");
    await refuses(Buffer.from(plain.replace("/JavaScript", "/J#61vaScript"), "latin1"), "pdf-script");
    // An action in an earlier revision, hidden from the parser by a later object of the same number.
    const number = /(\d+) 0 obj\s*<<[^>]*\/JavaScript/.exec(
      Buffer.from(
        await pdf(1, { useObjectStreams: false }, (doc) =>
          doc.catalog.set(
            PDFName.of("OpenAction"),
            doc.context.register(doc.context.obj({ S: "JavaScript" })),
          ),
        ),
      ).toString("latin1"),
    )?.[1];
    assert.ok(number);
    const hidden = plain.replace(/startxref/, `${number} 0 obj\n<< /S /GoTo >>\nendobj\nstartxref`);
    await refuses(Buffer.from(hidden, "latin1"), "pdf-script");
  });

  it("takes an ordinary link and a signature field", async () => {
    const bytes = await pdf(1, {}, (doc) => {
      doc.catalog.set(PDFName.of("OpenAction"), doc.context.obj([doc.getPage(0).ref, PDFName.of("Fit")]));
      doc.catalog.set(PDFName.of("AcroForm"), doc.context.obj({ Fields: [], SigFlags: 3 }));
    });
    assert.equal((await judged(bytes)).pages, 1);
  });

  it("is not brought down by a page tree without an end, or by deep nesting", async () => {
    const whole = Buffer.from(await pdf(1, { useObjectStreams: false })).toString("latin1");
    const endless = whole.replace(/\/Kids \[[^\]]*\]/, (kids) => kids.replace(/\d+ 0 R/, "1 0 R"));
    await refuses(Buffer.from(endless, "latin1"), "file-broken");
    const nested = whole.replace("/Pages", `/X ${"[".repeat(200_000)} /Pages`);
    await refuses(Buffer.from(nested, "latin1"), "file-broken");
    assert.equal((await judged(await pdf(1))).pages, 1, "and reads the next one");
  });

  it("ends the reading of a bomb, with bounded memory, and reads the next one", async function () {
    this.timeout(60_000);
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss() - before)), 10);
    try {
      await refuses(bomb(), "file-too-complex");
    } finally {
      clearInterval(watch);
    }
    assert.ok(most < 400 * 1024 * 1024, `${Math.round(most / 2 ** 20)} MB`);
    assert.equal((await judged(await pdf(2))).pages, 2);
  });
});

async function pdf(
  pages: number,
  options: { useObjectStreams?: boolean } = {},
  change: (doc: PDFDocument) => unknown = () => undefined,
  withLines = true,
): Promise<Uint8Array> {
  const doc = await PDFDocument.create();
  for (let i = 0; i < pages; i++) {
    const page = doc.addPage();
    if (withLines) page.drawLine({ start: { x: 50, y: 700 }, end: { x: 500, y: 700 } });
  }
  await change(doc);
  return doc.save(options);
}

function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.alloc(100))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function jpeg(width: number, height: number): Buffer {
  const word = (n: number) => n.toString(16).padStart(4, "0");
  return Buffer.from(
    `ffd8ffe000104a46494600010100000100010000ffc0000b08${word(height)}${word(width)}01011100ffda0008010100003f00d2cf20ffd9`,
    "hex",
  );
}

/** A sheet with lines as of writing. */
function written(width: number, height: number): Promise<ReturnType<typeof sharp>> {
  const raw = { width, height, channels: 1 as const };
  const rows = Array.from({ length: height }, (_, row) => {
    const line = Buffer.alloc(width, 245);
    if (row % 40 < 8) line.fill(30, width >> 3, width - (width >> 2));
    return line;
  });
  return Promise.resolve(sharp(Buffer.concat(rows), { raw }));
}

/** A page each, written on or not. */
async function tiff(pages: boolean[]): Promise<Buffer> {
  const [width, height] = [1654, 2339];
  const sheets = await Promise.all(
    pages.map(async (isWritten) =>
      isWritten
        ? (await written(width, height)).toColourspace("srgb").png().toBuffer()
        : sharp({ create: { width, height, channels: 3, background: "white" } })
            .png()
            .toBuffer(),
    ),
  );
  return sharp(sheets, { join: { animated: true } })
    .tiff({ compression: "lzw" })
    .toBuffer();
}

/** 1.5 GB of blanks in an object stream of 1.5 MB. */
function bomb(): Buffer {
  const tenMegabytes = deflateRawSync(Buffer.alloc(10_000_000, " "), { finishFlush: constants.Z_FULL_FLUSH });
  const packed = Buffer.concat([Buffer.from("789c", "hex"), ...Array<Buffer>(150).fill(tenMegabytes)]);
  return Buffer.concat([
    Buffer.from(
      "%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n" +
        `5 0 obj\n<< /Type /ObjStm /N 1 /First 10 /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`,
    ),
    packed,
    Buffer.from("\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"),
  ]);
}
