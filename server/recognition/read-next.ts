import { createReadStream } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Knex } from "knex";
import { FileUnfit } from "../digitization/file-judgement.ts";
import type { Deps } from "../dossier/deps.ts";
import type { StoredFile } from "../platform/files.ts";
import { inTransaction } from "../platform/transaction.ts";
import { claimRecognition, failClaim, keepClaim, releaseClaim, type Claimed } from "./claim-recognition.ts";
import { withReadFile, type Found, type ReadFile } from "./recognise-file.ts";
import { canRecognise, type RecognitionTools } from "./tools.ts";

export type ReaderDeps = Pick<Deps, "db" | "clock" | "files" | "secrets" | "log">;

/** Nobody else takes a file up for so long after its worker was last heard of, in milliseconds. */
const LEASE_MS = 60_000;

/**
 * Reads the file that has waited longest: its upright PDF, its text, its searchable copy. Answers false where nothing
 * waits. A file that cannot be read is tried again, and given up after the third time; `signal` puts it back.
 */
export async function readNext(
  deps: ReaderDeps,
  tools: RecognitionTools,
  signal?: AbortSignal,
  leaseMs = LEASE_MS,
): Promise<boolean> {
  const withText = canRecognise(tools);
  const claimed = await claimRecognition(deps.db, deps.clock.now(), { leaseMs, withText });
  if (claimed === undefined) return false;
  const lost = new AbortController();
  const stop = signal === undefined ? lost.signal : AbortSignal.any([signal, lost.signal]);
  const beat = setInterval(() => {
    keepClaim(deps.db, claimed, leaseMs).then(
      (ours) => {
        if (!ours) lost.abort();
      },
      () => undefined,
    );
  }, leaseMs / 4);
  const started = performance.now();
  try {
    const path = deps.files.path(claimed.sha256);
    await withReadFile(
      { ...claimed, path },
      tools,
      (read) => keepFound(deps, claimed, read, tools, Math.round(performance.now() - started)),
      stop,
    );
  } catch (cause) {
    if (stop.aborted) await releaseClaim(deps.db, claimed);
    else {
      const { sha256, attempts } = claimed;
      deps.log.warn({ err: cause, sha256, attempts }, "a file could not be read");
      await failClaim(deps.db, claimed, deps.clock.now(), reasonOf(cause));
    }
  } finally {
    clearInterval(beat);
  }
  return true;
}

function reasonOf(cause: unknown): string {
  if (cause instanceof FileUnfit) return cause.code;
  return (cause as NodeJS.ErrnoException).code === "ENOENT" ? "file-missing" : "recogniser-failed";
}

/** Stores the copies, and then in one transaction what is known of the file; nothing where another has taken it over. */
async function keepFound(
  deps: ReaderDeps,
  claimed: Claimed,
  { found, pdf, searchable, warnings }: ReadFile,
  tools: RecognitionTools,
  milliseconds: number,
): Promise<void> {
  const store = (path: string | undefined) =>
    path === undefined ? Promise.resolve(undefined) : deps.files.put(createReadStream(path));
  const copies = { pdf: await store(pdf), searchable: await store(searchable) };
  const now = deps.clock.now();
  await inTransaction(deps.db, async (trx) => {
    for (const [kind, file] of Object.entries(copies))
      if (file !== undefined) await keepCopy(trx, claimed, kind, file, now);
    await trx("recognitions")
      .where({ sha256: claimed.sha256, claim: claimed.claim })
      .update({
        // Where nothing here recognises text, it waits for the day on which something does.
        state: found === undefined ? "queued" : "done",
        prepared: true,
        attempts: 0,
        claim: null,
        // A PDF where pdftoppm is missing, though tesseract is there: not at once again.
        claimed_until:
          found === undefined && canRecognise(tools) ? deps.db.raw("now() + interval '1 hour'") : null,
        ended_at: found === undefined ? null : now,
        found: found === undefined ? null : deps.secrets.encrypt(packed(found)),
        engine:
          found === undefined || found.words.length === 0 ? null : `tesseract ${tools.tesseract ?? ""} vie`,
        milliseconds,
        warnings: JSON.stringify(warnings),
        reason: null,
      });
  });
}

/** Text packs to a third, tables of boxes to a tenth. */
const packed = (found: Found) => gzipSync(JSON.stringify(found)).toString("base64");

/** Enters a copy of a stored file, which lies on the disk already. */
export async function keepCopy(
  trx: Knex.Transaction,
  source: { sha256: string; pages: number },
  kind: string,
  { sha256, size }: StoredFile,
  now: Date,
): Promise<void> {
  await trx("files")
    .insert({ sha256, size, media_type: "application/pdf", pages: source.pages, stored_at: now })
    .onConflict("sha256")
    .ignore();
  await trx("file_copies")
    .insert({ source: source.sha256, kind, sha256, made_at: now })
    .onConflict(["source", "kind"])
    .merge();
}
