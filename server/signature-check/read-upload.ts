import { mkdirSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import type { Request, Response } from "express";
import multer from "multer";
import { TooLarge } from "../platform/errors.ts";
import { MAX_CHECKED } from "./check-pdf.ts";

/** Reads the one file of a form, `file`, and keeps nothing of it; undefined where none was sent. */
export type ReadUpload = (req: Request, res: Response) => Promise<Buffer | undefined>;

/** `uploadDir` is where a file lies while it comes in. The reading throws TooLarge `file-too-large` over 50 MB. */
export function uploadReader(uploadDir: string): ReadUpload {
  mkdirSync(uploadDir, { recursive: true, mode: 0o700 });
  const receive = multer({
    dest: uploadDir,
    limits: { fileSize: MAX_CHECKED, files: 1, fields: 4, fieldSize: 1024, parts: 5 },
  }).single("file");
  return async (req, res) => {
    await new Promise<void>((resolve, reject) => {
      receive(req, res, (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(refusalOf(error));
      });
    });
    if (req.file === undefined) return undefined;
    try {
      return await readFile(req.file.path);
    } finally {
      await rm(req.file.path, { force: true });
    }
  };
}

function refusalOf(error: unknown): Error {
  if (error instanceof multer.MulterError && error.code === "LIMIT_FILE_SIZE")
    return new TooLarge("file-too-large", "Tệp lớn hơn 50 MB. Hãy chọn tệp nhỏ hơn.", { cause: error });
  return error instanceof Error ? error : new Error("the form cannot be read");
}
