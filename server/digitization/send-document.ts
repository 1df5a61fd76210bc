import { pipeline } from "node:stream/promises";
import type { Response } from "express";
import { concerns, findDossier } from "../dossier/record.ts";
import type { Paper } from "../dossier/record.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import type { Database } from "../platform/database.ts";
import { NotFound } from "../platform/errors.ts";

/**
 * Sends a file of a dossier, or with `copy` what was made of it (`pdf`, `searchable`, `signed`), to a member of staff
 * whom it concerns, in such a way that nothing in it can act in the browser. Throws NotFound.
 */
export async function sendDocument(
  deps: Deps,
  caller: Caller,
  code: string,
  id: string,
  res: Response,
  copy?: string,
): Promise<void> {
  const dossier = await findDossier(deps.db, code);
  const paper = dossier?.papers.find((one) => String(one.id) === id);
  if (dossier === undefined || paper === undefined || !concerns(dossier, caller.agency))
    throw new NotFound("document-not-found", "Không tìm thấy tệp này.");
  const file = copy === undefined ? paper : await copyOf(deps.db, paper, copy);
  if (file === undefined) throw new NotFound("copy-not-found", "Chưa có bản này của tệp.");
  const fileName =
    file === paper
      ? paper.fileName
      : `${paper.fileName.replace(/\.[A-Za-z]{2,5}$/, "")}${NAMES[copy ?? ""] ?? ""}.pdf`;
  res.set({
    "Content-Type": file.mediaType,
    "Content-Length": String(file.size),
    "Content-Disposition": `inline; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    "Cache-Control": "private, no-store",
    ETag: `"${file.sha256}"`,
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
  });
  await pipeline(deps.files.read(file.sha256), res);
}

const NAMES: Record<string, string> = { signed: " (bản sao điện tử)", searchable: " (có chữ)" };

type StoredCopy = Pick<Paper, "sha256" | "size" | "mediaType">;

/** What was made of a paper. A PDF that has its text already is its own PDF and searchable copy. */
async function copyOf(db: Database, paper: Paper, kind: string): Promise<StoredCopy | undefined> {
  if (!["pdf", "searchable", "signed"].includes(kind)) return undefined;
  const chosen =
    kind === "signed"
      ? db("signed_copies").select("sha256").where({ document_id: paper.id })
      : db("file_copies").select("sha256").where({ source: paper.sha256, kind });
  const found = await db
    .first<StoredCopy | undefined>({ sha256: "sha256", size: "size", mediaType: "media_type" })
    .from("files")
    .where("sha256", "in", chosen);
  if (found !== undefined || kind === "signed" || paper.mediaType !== "application/pdf") return found;
  if (kind === "pdf") return paper;
  const read = await db
    .first<{ engine: string | null } | undefined>("engine")
    .from("recognitions")
    .where({ sha256: paper.sha256, state: "done" });
  return read?.engine === null ? paper : undefined;
}
