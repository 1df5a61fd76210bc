import { pipeline } from "node:stream/promises";
import type { Response } from "express";
import { concerns, findDossier } from "../dossier/record.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { NotFound } from "../platform/errors.ts";

/**
 * Sends a file of a dossier to a member of staff whom it concerns, in such a way that nothing in it can act in the
 * browser. Throws NotFound.
 */
export async function sendDocument(
  deps: Deps,
  caller: Caller,
  code: string,
  id: string,
  res: Response,
): Promise<void> {
  const dossier = await findDossier(deps.db, code);
  const paper = dossier?.papers.find((one) => String(one.id) === id);
  if (dossier === undefined || paper === undefined || !concerns(dossier, caller.agency))
    throw new NotFound("document-not-found", "Không tìm thấy tệp này.");
  res.set({
    "Content-Type": paper.mediaType,
    "Content-Length": String(paper.size),
    "Content-Disposition": `inline; filename*=UTF-8''${encodeURIComponent(paper.fileName)}`,
    "Cache-Control": "private, no-store",
    ETag: `"${paper.sha256}"`,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
  await pipeline(deps.files.read(paper.sha256), res);
}
