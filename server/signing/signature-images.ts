import { PDFName, type PDFDocument, type PDFRef } from "@cantoo/pdf-lib";
import type { Knex } from "knex";
import sharp from "sharp";
import type { Clock } from "../platform/clock.ts";
import { NotFound } from "../platform/errors.ts";
import { assertOwner } from "./assert-owner.ts";
import type { OwnerKind } from "./configured-keys.ts";
import { judgeSignatureImage, type JudgedImage } from "./judge-signature-image.ts";

/** A hand or a seal as it is put on paper, of its size there. */
export type SignatureImage = JudgedImage;

export interface ListedImage {
  ownerKind: OwnerKind;
  owner: string;
  widthMm: number;
  heightMm: number;
  enteredAt: Date;
}

/**
 * Enters how an owner's hand or seal looks, in place of the earlier image; the earlier one stays on record. Acts as the
 * database's owner. Throws Invalid when there is no such officer or agency, and what `judgeSignatureImage` throws.
 */
export async function enterImage(
  { db, clock }: { db: Knex; clock: Clock },
  image: { ownerKind: OwnerKind; owner: string; bytes: Buffer; widthMm?: number | undefined },
): Promise<SignatureImage> {
  await assertOwner(db, image);
  const judged = await judgeSignatureImage(image.bytes, image.ownerKind, image.widthMm);
  const now = clock.now();
  await db.transaction(async (trx) => {
    await inUse(trx, image.ownerKind, image.owner).update({ active: false, removed_at: now });
    await trx("signature_images").insert({
      owner_kind: image.ownerKind,
      owner: image.owner,
      png: judged.png,
      width_mm: judged.widthMm,
      height_mm: judged.heightMm,
      entered_at: now,
    });
  });
  return judged;
}

/** Takes the owner's image out of use. Throws NotFound when there is none. */
export async function removeImage(
  { db, clock }: { db: Knex; clock: Clock },
  ownerKind: OwnerKind,
  owner: string,
): Promise<void> {
  const removed = await inUse(db, ownerKind, owner).update({ active: false, removed_at: clock.now() });
  if (removed === 0)
    throw new NotFound(
      "no-image-entered",
      "Không có ảnh chữ ký hay con dấu nào đang dùng của người hoặc đơn vị này.",
    );
}

/** The images in use. */
export async function listImages(db: Knex): Promise<ListedImage[]> {
  const rows = await db
    .select<{ ownerKind: OwnerKind; owner: string; width: string; height: string; enteredAt: Date }[]>({
      ...{ ownerKind: "owner_kind", owner: "owner", enteredAt: "entered_at" },
      ...{ width: "width_mm", height: "height_mm" },
    })
    .from("signature_images")
    .where({ active: true })
    .orderBy(["owner_kind", "owner"]);
  return rows.map(({ width, height, ...rest }) => ({
    ...rest,
    widthMm: Number(width),
    heightMm: Number(height),
  }));
}

/** The image in use of an owner; undefined where none is entered. */
export async function imageInUse(
  db: Knex,
  ownerKind: OwnerKind,
  owner: string,
): Promise<SignatureImage | undefined> {
  const row = await inUse(db, ownerKind, owner).first<
    { png: Buffer; width_mm: string; height_mm: string } | undefined
  >("png", "width_mm", "height_mm");
  return row && { png: row.png, widthMm: Number(row.width_mm), heightMm: Number(row.height_mm) };
}

/** Puts the image into a document, as a colour picture and how far each point covers; answers all objects made. */
export async function embedImage(
  document: PDFDocument,
  { png }: SignatureImage,
): Promise<{ image: PDFRef; objects: PDFRef[] }> {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const area = info.width * info.height;
  const [colours, cover] = [Buffer.alloc(area * 3), Buffer.alloc(area)];
  for (let pixel = 0; pixel < area; pixel++) {
    data.copy(colours, pixel * 3, pixel * 4, pixel * 4 + 3);
    cover[pixel] = data[pixel * 4 + 3] ?? 0;
  }
  const { context } = document;
  const picture = (bytes: Buffer, space: string, more: Record<string, PDFRef> = {}) =>
    context.register(
      context.flateStream(bytes, {
        ...{ Type: "XObject", Subtype: "Image", Width: info.width, Height: info.height },
        ...{ ColorSpace: PDFName.of(space), BitsPerComponent: 8, ...more },
      }),
    );
  const mask = picture(cover, "DeviceGray");
  const image = picture(colours, "DeviceRGB", { SMask: mask });
  return { image, objects: [mask, image] };
}

function inUse(db: Knex, ownerKind: OwnerKind, owner: string) {
  return db("signature_images").where({ owner_kind: ownerKind, owner, active: true });
}
