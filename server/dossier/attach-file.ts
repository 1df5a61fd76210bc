import type { Knex } from "knex";
import type { Paper, Reused } from "./record.ts";

/** A stored and judged file, about to belong to a dossier. */
export interface StoredPaper {
  component: string;
  fileName: string;
  sha256: string;
  size: number;
  pages: number;
  mediaType: string;
  /** Where it comes out of the person's store. */
  reused?: Reused;
}

/**
 * Attaches stored files to a dossier in the transaction of the event that says so. The files are on the disk under
 * their hash by then; a retry finds them there.
 */
export async function attachFiles(
  trx: Knex.Transaction,
  dossierId: number,
  papers: StoredPaper[],
  by: { username: string; at: Date; seq: number },
): Promise<Paper[]> {
  if (papers.length === 0) return [];
  await trx("files")
    .insert(
      papers.map(({ sha256, size, mediaType, pages }) => ({
        sha256,
        size,
        media_type: mediaType,
        pages,
        stored_at: by.at,
      })),
    )
    .onConflict("sha256")
    .ignore();
  const rows = await trx("documents")
    .insert(
      papers.map(({ component, sha256, fileName, reused }) => ({
        dossier_id: dossierId,
        component,
        sha256,
        file_name: fileName,
        uploaded_by: by.username,
        uploaded_at: by.at,
        event_seq: by.seq,
        store_entry: reused?.entry ?? null,
        replaces_result: reused?.resultCode ?? null,
      })),
    )
    .returning<{ id: number }[]>("id");
  // A result is set by us, its text is known; all else is read in the background (server/recognition).
  const toRead = papers.filter(({ component }) => component !== "result").map(({ sha256 }) => sha256);
  if (toRead.length > 0)
    await trx("recognitions")
      .insert([...new Set(toRead)].map((sha256) => ({ sha256, queued_at: by.at })))
      .onConflict("sha256")
      .ignore();
  return papers.map((paper, at) => {
    const id = rows[at]?.id;
    if (id === undefined) throw new Error("a document was not stored");
    return { id, ...paper };
  });
}
