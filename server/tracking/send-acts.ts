import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdirSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import multer from "multer";
import type { Request, Response } from "express";
import type { Payload } from "../../workflows/rules.ts";
import { onceOfForm } from "../dossier/request.ts";
import { Invalid, Problem } from "../platform/errors.ts";
import { MAX_FILE_SIZE } from "../platform/files.ts";
import { composed } from "../platform/http.ts";
import { problemOf } from "../platform/problem.ts";

export type OnceOfForm = ReturnType<typeof onceOfForm>;

/** What the citizen with the secret may do, as the API does it; handed in, for tracking itself only reads. */
export interface CitizenActs {
  /** Attaches a scan. Throws what the upload of the API throws. */
  upload(given: {
    code: string;
    component: string;
    path: string;
    fileName: string;
    once: OnceOfForm;
  }): Promise<unknown>;
  /** Moves the dossier. Throws what the events of the API throw. */
  act(given: {
    code: string;
    type: "SUPPLEMENT" | "REQUEST_WITHDRAWAL";
    payload: Payload;
    once: OnceOfForm;
  }): Promise<unknown>;
  /** Where a file is streamed to first. */
  uploadDir: string;
}

export interface Told {
  tone: "done" | "late";
  lines: string[];
  status: number;
}

/** What the file picker offers; what is taken is decided by the content. */
export const FILE_KINDS = "application/pdf,image/jpeg,image/png,image/tiff";

/** Reads a form with one file. A file that is too large is answered as the error, with the fields that came before it. */
export function fileReader(uploadDir: string): (req: Request, res: Response) => Promise<Problem | undefined> {
  mkdirSync(uploadDir, { recursive: true, mode: 0o700 });
  const receive = multer({
    dest: uploadDir,
    defParamCharset: "utf8",
    limits: { fileSize: MAX_FILE_SIZE, files: 1, fields: 10, fieldSize: 4096, parts: 12 },
  }).single("file");
  return (req, res) =>
    new Promise((resolve) => {
      receive(req, res, (error?: unknown) => {
        req.body = composed((req.body ?? {}) as object);
        resolve(error === undefined ? undefined : problemOf(error));
      });
    });
}

/** The secret of a form, taken out of it: what is kept of a request must not hold it. */
export function takeSecret(req: Request): string {
  const { secret, ...rest } = (req.body ?? {}) as Record<string, unknown>;
  req.body = rest;
  return typeof secret === "string" ? secret.trim() : "";
}

/** One intent of this dossier's citizen; another file under the same key is another intent. */
export async function onceOfCitizen(req: Request, code: string): Promise<OnceOfForm> {
  const body = (req.body ?? {}) as Record<string, unknown>;
  if (req.file !== undefined && typeof body._lan === "string") {
    const hash = createHash("sha256");
    await pipeline(createReadStream(req.file.path), hash);
    req.body = { ...body, _lan: `${body._lan}.${hash.digest("hex").slice(0, 32)}` };
  }
  return onceOfForm(req, `citizen/${code}`);
}

/** Does it and says so; a refusal is told on the page instead. What is ours to mend is thrown on. */
export async function telling(lines: string[], work: () => Promise<unknown>): Promise<Told> {
  try {
    await work();
    return { tone: "done", lines, status: 200 };
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    const single = error instanceof Invalid ? error.errors.map(({ message }) => message) : [];
    return { tone: "late", lines: single.length > 0 ? single : [error.publicMessage], status: error.status };
  }
}
