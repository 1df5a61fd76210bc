import { readFile } from "node:fs/promises";
import { fileTypeFromBuffer } from "file-type";
import { FileUnfit, type Judgement } from "./file-judgement.ts";
import { checkJpeg, checkPng } from "./judge-image.ts";
import { judgePdf } from "./judge-pdf.ts";
import { judgePicture } from "./judge-picture.ts";

/** Judges a file by its bytes. Throws FileUnfit. Run in the reader's process. */
export async function judgeBytes(path: string): Promise<Judgement> {
  const bytes = await readFile(path);
  const type = await fileTypeFromBuffer(bytes).catch(() => undefined);
  switch (type?.mime) {
    case "image/png":
      checkPng(bytes);
      return { mediaType: "image/png", ...(await judgePicture(bytes)) };
    case "image/jpeg":
      checkJpeg(bytes);
      return { mediaType: "image/jpeg", ...(await judgePicture(bytes)) };
    case "image/tiff":
      return { mediaType: "image/tiff", ...(await judgePicture(bytes)) };
    case "application/pdf":
      return judgePdf(bytes, path);
    default:
      throw new FileUnfit("file-type-not-accepted");
  }
}
