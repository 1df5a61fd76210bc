import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { advance, assertAllowed, checkVersion, mayKnow } from "../dossier/advance.ts";
import { attachFiles } from "../dossier/attach-file.ts";
import type { StoredPaper } from "../dossier/attach-file.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { writeOnce } from "../dossier/once.ts";
import type { OnceKey } from "../dossier/once.ts";
import { findDossier } from "../dossier/record.ts";
import { etagOf } from "../dossier/view.ts";
import { NotFound } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";

export interface Upload {
  code: string;
  caller: Caller;
  component: string;
  /** The file as it was streamed to disk; removed when this is done. */
  path: string;
  fileName: string;
  ifVersion?: number;
  once?: OnceKey;
}

/**
 * Attaches a scan to a component of the dossier. The file is judged by its content and stored under its hash first;
 * one short transaction then attaches it. Answers 201 `{id, sha256, pages, size, warnings}` with the new ETag.
 */
export async function uploadDocument(deps: Deps, upload: Upload): Promise<Answer> {
  const { code, caller, component, ifVersion } = upload;
  try {
    const dossier = await findDossier(deps.db, code);
    if (dossier === undefined || !mayKnow(dossier, caller))
      throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
    await checkVersion(deps.db, dossier, ifVersion);
    await assertAllowed(deps, dossier, { type: "ADD_DOCUMENT", caller, payload: { component } });
    const { mediaType, pages, warnings = [] } = await deps.judgeFile(upload.path);
    await deps.assertClean(upload.path);
    const { sha256, size } = await deps.files.put(createReadStream(upload.path));
    const paper: StoredPaper = {
      component,
      fileName: cleanName(upload.fileName),
      sha256,
      size,
      pages,
      mediaType,
    };
    return await writeOnce(deps, upload.once, async (trx) => {
      const after = await advance(trx, deps, code, {
        type: "ADD_DOCUMENT",
        caller,
        payload: { ...paper },
        ...(ifVersion === undefined ? {} : { ifVersion }),
        attach: (inner, { id }, seq) =>
          attachFiles(inner, id, [paper], { username: caller.username, at: deps.clock.now(), seq }),
      });
      const id = String(after.papers.at(-1)?.id);
      return {
        status: 201,
        etag: etagOf(after),
        body: { id, sha256, pages, size, component, warnings, version: after.version },
      };
    });
  } finally {
    await rm(upload.path, { force: true });
  }
}

/** A file's name for people: no path, no invisible characters, at most 200 characters. */
function cleanName(name: string): string {
  const clean = basename(name.normalize("NFC").replaceAll("\\", "/")).replace(
    /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff0-\uffff]/g,
    "",
  );
  return clean.trim() === "" ? "tep" : clean.trim().slice(-200);
}
