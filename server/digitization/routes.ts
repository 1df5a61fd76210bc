import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { Router } from "express";
import type { RequestHandler } from "express";
import multer from "multer";
import type { Deps } from "../dossier/deps.ts";
import { answerOnce } from "../dossier/once.ts";
import { callerFor, ifMatchOf, onceOf, plainCode, staff } from "../dossier/request.ts";
import { Invalid, UnsupportedMedia } from "../platform/errors.ts";
import { MAX_FILE_SIZE } from "../platform/files.ts";
import { answering, jsonBody, queryText } from "../platform/http.ts";
import { copyFormOf, signCopyOf, type CopySigner } from "./sign-copies.ts";
import { sendDocument } from "./send-document.ts";
import { uploadDocument } from "./upload-document.ts";

/**
 * Scans in, and files out again to those whom they concern; electronic copies signed. `uploadDir` is where files are
 * streamed to first.
 */
export function digitizationRoutes(deps: Deps, uploadDir: string, sign: CopySigner): Router {
  const receive = fileReceiver(uploadDir);
  const router = Router();
  router.post(
    "/dossiers/:code/documents",
    (req, _res, next) => {
      if (req.is("multipart/form-data") === false)
        throw new UnsupportedMedia(
          "unsupported-media",
          "Tệp được gửi bằng multipart/form-data với trường component và file.",
        );
      next();
    },
    (req, res, next) => receive(req, res, next),
    answering(async (req) => {
      const code = plainCode(String(req.params.code));
      try {
        const caller = await callerFor(deps.db, deps.secrets, req, code);
        const { component } = req.body as Record<string, unknown>;
        const hash = req.file === undefined ? null : await hashOf(req.file.path);
        const key = caller.kind === "citizen" ? `citizen/${code}` : caller.username;
        const once = onceOf(req, key, { component, file: hash });
        return await answerOnce(deps, once, () => {
          const ifVersion = ifMatchOf(req);
          if (req.file === undefined || typeof component !== "string" || component === "")
            throw new Invalid([
              ...(req.file === undefined ? [{ path: "file", message: "Hãy chọn tệp cần tải lên." }] : []),
              ...(typeof component !== "string" || component === ""
                ? [{ path: "component", message: "Hãy cho biết tệp thuộc thành phần hồ sơ nào." }]
                : []),
            ]);
          return uploadDocument(deps, {
            code,
            caller,
            component,
            path: req.file.path,
            fileName: req.file.originalname,
            ...(ifVersion === undefined ? {} : { ifVersion }),
            ...(once === undefined ? {} : { once }),
          });
        });
      } finally {
        if (req.file !== undefined) await rm(req.file.path, { force: true });
      }
    }),
  );
  router.get("/dossiers/:code/documents/:id", (req, res) =>
    sendDocument(deps, staff(req), plainCode(req.params.code), req.params.id, res, queryText(req, "copy")),
  );
  router.post(
    "/dossiers/:code/documents/:id/copy",
    jsonBody(16 * 1024),
    answering((req) => {
      const caller = staff(req);
      const { pin, ...body } = (req.body ?? {}) as Record<string, unknown>;
      // Without the PIN, whose hash could be tried until it is found.
      const once = onceOf(req, caller.username, body);
      return answerOnce(deps, once, () =>
        signCopyOf(deps, sign, {
          code: plainCode(String(req.params.code)),
          caller,
          documentId: String(req.params.id),
          form: copyFormOf(body.form),
          ...(typeof pin === "string" && pin !== "" ? { pin } : {}),
          once,
        }),
      );
    }),
  );
  return router;
}

/** Reads a form with at most one file, `file`, which it streams into `uploadDir`. */
export function fileReceiver(uploadDir: string): RequestHandler {
  mkdirSync(uploadDir, { recursive: true, mode: 0o700 });
  return multer({
    dest: uploadDir,
    defParamCharset: "utf8",
    limits: { fileSize: MAX_FILE_SIZE, files: 1, fields: 10, fieldSize: 4096, parts: 12 },
  }).single("file");
}

/** Files of one form of a page; each has its own answer. */
const MOST_FILES = 20;

/** Reads a form with several files, `file`, which it streams into `uploadDir`. */
export function filesReceiver(uploadDir: string): RequestHandler {
  mkdirSync(uploadDir, { recursive: true, mode: 0o700 });
  return multer({
    dest: uploadDir,
    defParamCharset: "utf8",
    limits: {
      fileSize: MAX_FILE_SIZE,
      files: MOST_FILES,
      fields: 10,
      fieldSize: 4096,
      parts: MOST_FILES + 11,
    },
  }).array("file", MOST_FILES);
}

/** Hash of a file's content, as hex. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
