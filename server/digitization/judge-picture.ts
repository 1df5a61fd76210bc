import sharp from "sharp";
import { FileUnfit, type Judgement, type ScanWarning } from "./file-judgement.ts";
import { isBlank } from "./is-blank.ts";
import { MAX_AREA, refuseAbsurdSize } from "./judge-image.ts";
import { placeOnPaper } from "./picture-pages.ts";

/** Pages of one TIFF; beyond it the list of its pages is a trap. */
const MAX_PAGES = 200;
/** Where a page is looked at for marks, in pixels: some 50 dpi. */
const LOOK = 600;

/**
 * Unpacks a picture once, page by page, and looks whether there is anything on it. Throws FileUnfit when it is broken,
 * absurdly large, or blank on all pages.
 */
export async function judgePicture(bytes: Buffer): Promise<Omit<Judgement, "mediaType">> {
  const first = await metadataOf(bytes, 0);
  const pages = first.pages ?? 1;
  if (pages > MAX_PAGES) throw new FileUnfit("tiff-too-many-pages");
  const warnings: ScanWarning[] = [];
  for (let page = 0; page < pages; page++) {
    const metadata = page === 0 ? first : await metadataOf(bytes, page);
    refuseAbsurdSize(metadata.width, metadata.height);
    if (placeOnPaper(metadata).dpi < 200) warnings.push({ code: "low-resolution", page: page + 1 });
    if (isBlank(await lookAt(bytes, page))) warnings.push({ code: "blank-page", page: page + 1 });
  }
  if (warnings.filter(({ code }) => code === "blank-page").length === pages)
    throw new FileUnfit("file-blank", { pages });
  return { pages, ...(warnings.length === 0 ? {} : { warnings }) };
}

function metadataOf(bytes: Buffer, page: number) {
  return sharp(bytes, { page, limitInputPixels: false })
    .metadata()
    .catch((cause: unknown) => {
      throw new FileUnfit("file-broken", { cause });
    });
}

async function lookAt(bytes: Buffer, page: number) {
  try {
    const { data, info } = await sharp(bytes, {
      page,
      limitInputPixels: MAX_AREA,
      sequentialRead: true,
      failOn: "error",
    })
      .flatten({ background: "white" })
      .resize({ width: LOOK, height: LOOK, fit: "inside", withoutEnlargement: true })
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, ...info };
  } catch (cause) {
    throw new FileUnfit("file-broken", { cause });
  }
}
