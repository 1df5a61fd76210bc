import assert from "node:assert/strict";
import { PDFDocument } from "@cantoo/pdf-lib";
import { describe, it } from "mocha";
import sharp from "sharp";
import { judgeSignatureImage } from "../../server/signing/judge-signature-image.ts";
import { openSigning } from "../../server/signing/open-signing.ts";
import { enterImage, imageInUse, listImages, removeImage } from "../../server/signing/signature-images.ts";
import { withTestApp } from "../support/app.ts";
import { expectStatus, type DossierBody } from "../support/dossiers.ts";
import { SAMPLES, walk } from "../support/walk.ts";
import { blue, installed, pictureOf, red, run } from "./papers.ts";

const COMMUNE = "000.15.32.H30";
const sample = SAMPLES.find(({ process }) => process === "b")!;
const isIn = (name: string) => (dossier: DossierBody) => dossier.state === name;

/** Ink on a transparent ground, 900 × 600, as the scanner's program saves it. */
function drawing(ink: string, ground = "none"): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="900" height="600"><rect width="900" height="600" fill="${ground}"/>${ink}</svg>`;
}
const BLUE = "#1030a0";
const RED = "#d01020";
/** From (100, 200) to (500, 400) with its pen's width: 420 × 220. */
const hand = (colour = BLUE) =>
  `<path d="M110 210 L490 210 L110 390 L490 390" fill="none" stroke="${colour}" stroke-width="20" stroke-linecap="square" stroke-linejoin="bevel"/>`;
const ring = (colour = RED) =>
  `<circle cx="450" cy="300" r="240" fill="none" stroke="${colour}" stroke-width="40"/>`;

function png(svg: string, density?: number): Promise<Buffer> {
  const image = sharp(Buffer.from(svg)).png();
  return (density === undefined ? image : image.withMetadata({ density })).toBuffer();
}

describe("the image of a hand or a seal", () => {
  it("is cut to its ink; a hand is fitted between title and name", async () => {
    const { png: cut, widthMm, heightMm } = await judgeSignatureImage(await png(drawing(hand())), "officer");
    const { width, height, format, hasAlpha } = await sharp(cut).metadata();
    assert.deepEqual([format, hasAlpha], ["png", true]);
    assert.ok(Math.abs(width / height - 400 / 200) < 0.1, `${width} × ${height}`);
    assert.ok(
      widthMm <= 52 && heightMm <= 25 && (widthMm > 51.9 || heightMm > 24.9),
      `${widthMm} × ${heightMm}`,
    );
  });

  it("of a seal keeps its real size: what the file says, or what is said beside it", async () => {
    // 520 points across at 367 to the inch are 36 mm.
    const told = await judgeSignatureImage(await png(drawing(ring()), 367), "agency");
    assert.ok(Math.abs(told.widthMm - 36) < 0.2 && Math.abs(told.heightMm - 36) < 0.2, String(told.widthMm));
    const said = await judgeSignatureImage(await png(drawing(ring())), "agency", 34);
    assert.deepEqual([said.widthMm, said.heightMm], [34, 34]);
  });

  it("is refused, each for its reason", async () => {
    const seal = await png(drawing(ring()));
    const opaque = await png(drawing(hand(), "#fff"));
    const cases: [code: string, bytes: Buffer, of: "officer" | "agency", widthMm?: number][] = [
      ["image-broken", Buffer.from("không phải ảnh"), "officer"],
      ["image-broken", (await png(drawing(hand()))).subarray(0, 900), "officer"],
      [
        "image-broken",
        await sharp(Buffer.from(drawing(hand())))
          .jpeg()
          .toBuffer(),
        "officer",
      ],
      ["image-not-transparent", await sharp(opaque).removeAlpha().png().toBuffer(), "officer"],
      ["image-not-transparent", opaque, "officer"],
      ["image-empty", await png(drawing("")), "officer"],
      ["image-colour", await png(drawing(hand("#111"))), "officer"],
      ["image-colour", seal, "officer"],
      ["image-colour", await png(drawing(ring(BLUE))), "agency", 36],
      ["image-size", seal, "agency"],
      ["image-size", seal, "agency", 5],
      ["image-size", seal, "agency", 300],
    ];
    for (const [code, bytes, of, widthMm] of cases)
      await assert.rejects(judgeSignatureImage(bytes, of, widthMm), { code, status: 422 }, code);
  });
});

describe("a result with the images of hand and seal", function () {
  this.timeout(120_000);
  const app = withTestApp();
  const deps = () => ({ db: app.database.open(), clock: app.clock });
  const officer = { ownerKind: "officer", owner: "commune.leader" } as const;
  const agency = { ownerKind: "agency", owner: COMMUNE } as const;

  it("shows both at their places and sizes, the seal over the left third, and stays valid to all", async function () {
    if (!installed("pdftoppm") || !installed("pdfsig") || !installed("qpdf")) this.skip();
    await enterImage(deps(), { ...officer, bytes: await png(drawing(hand())) });
    await enterImage(deps(), { ...agency, bytes: await png(drawing(ring())), widthMm: 30 });
    const { code } = (await walk(app, sample, { until: ({ status }) => status === 9 })).dossier;
    const pdf = expectStatus(
      await app.as("commune.clerk").get<{ bytes: Buffer }>(`/dossiers/${code}/result.pdf`),
      200,
    ).bytes;
    assert.equal(
      [...run("pdfsig", ["a.pdf"], { "a.pdf": pdf }).said.matchAll(/Signature is Valid/g)].length,
      2,
    );
    assert.equal(run("qpdf", ["--check", "a.pdf"], { "a.pdf": pdf }).status, 0);
    const form = new FormData();
    form.set("file", new Blob([new Uint8Array(pdf)], { type: "application/pdf" }), "ket-qua.pdf");
    const answer = await fetch(`${app.url}/api/v1/signature-checks`, { method: "POST", body: form });
    const report = (await answer.json()) as { verdict: string };
    assert.equal(report.verdict, "valid", JSON.stringify(report));

    const document = await PDFDocument.load(pdf);
    const fields = document.getForm().getFields();
    const boxes = new Map(
      fields.map((field) => [field.getName(), field.acroField.getWidgets()[0]!.getRectangle()] as const),
    );
    const [own, seal] = [boxes.get("lanh-dao")!, boxes.get("co-quan")!];
    const mm = (points: number) => (points * 25.4) / 72;
    assert.ok(Math.abs(mm(seal.width) - 30) < 0.1 && Math.abs(mm(seal.height) - 30) < 0.1);
    assert.ok(Math.abs(seal.x + seal.width - (own.x + own.width / 3)) < 0.1, "one third of the hand");
    const page = pictureOf(pdf, document.getPageCount());
    const right = own.x + (own.width * 2) / 3;
    const top = 841.89 - own.y - own.height;
    const [x, y, width, height] = [right, top, own.width / 3, own.height].map(mm) as [
      number,
      number,
      number,
      number,
    ];
    assert.ok(page.share([x, y, width, height], blue) > 0.1, "the hand");
    const left = [mm(seal.x), mm(841.89 - seal.y - seal.height), mm(seal.width), mm(seal.height)] as const;
    assert.ok(page.share([...left], red) > 0.12, "the ring");
    // A ring is empty in its middle, where the drawn seal has its agency's name.
    const inner = [left[0] + left[2] * 0.2, left[1] + left[3] * 0.3, left[2] * 0.3, left[3] * 0.4] as const;
    assert.ok(page.share([...inner], red) < 0.01, "nothing is drawn beside the image");
  });

  it("takes the new image from then on, and the drawn hand when there is none", async () => {
    const first = (await imageInUse(app.database.open("app"), "agency", COMMUNE))!;
    await enterImage(deps(), { ...agency, bytes: await png(drawing(ring())), widthMm: 40 });
    const second = await imageInUse(app.database.open("app"), "agency", COMMUNE);
    assert.deepEqual([first.widthMm, second?.widthMm], [30, 40]);
    assert.deepEqual(
      (await listImages(app.database.open())).map(({ owner, widthMm }) => [owner, widthMm > 39]),
      [
        [COMMUNE, true],
        ["commune.leader", true],
      ],
    );
    // A leader signs while the seal is 40 mm wide; before the clerk comes, it is 30 again: it is put into its place.
    const { dossier } = await walk(app, sample, { until: isIn("sealing") });
    await enterImage(deps(), { ...agency, bytes: first.png, widthMm: 30 });
    await removeImage(deps(), "officer", "commune.leader");
    await assert.rejects(removeImage(deps(), "officer", "commune.leader"), {
      code: "no-image-entered",
      status: 404,
    });
    await walk(app, sample, { from: dossier, until: ({ status }) => status === 9 });
    await assert.rejects(
      enterImage(deps(), { ...officer, owner: "nobody", bytes: await png(drawing(hand())) }),
      { status: 422 },
    );
  });

  it("is needed in production, where nobody's hand or seal is made up", async () => {
    const { config } = app.parts;
    const parts = { db: app.database.open("app"), clock: app.clock, publicUrl: app.url };
    const signing = await openSigning(parts, { dataDir: config.dataDir, production: true });
    const unit = { code: COMMUNE, name: "Xã Thử" };
    const signer = {
      officer: { username: "commune.leader", name: "Lãnh đạo Thử", title: "Chủ tịch" },
      agency: unit,
    };
    await assert.rejects(signing.imageOf(signer), { code: "no-signature-image", status: 503 });
    assert.equal((await signing.imageOf({ agency: unit }))?.widthMm, 30);
  });
});
