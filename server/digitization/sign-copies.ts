import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createReadStream } from "node:fs";
import type { Knex } from "knex";
import type { Agency } from "../catalogue/units.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { writeOnce, type OnceKey } from "../dossier/once.ts";
import { concerns, findDossier, type DossierRecord, type Paper } from "../dossier/record.ts";
import { iso } from "../dossier/time.ts";
import { Invalid, NotAllowed, NotFound, Refused } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";
import { picturesToPdf } from "./pictures-to-pdf.ts";

export type CopyForm = "sao-y" | "sao-luc" | "trich-sao";
export const COPY_FORM_NAMES: Record<CopyForm, string> = {
  "sao-y": "Sao y",
  "sao-luc": "Sao lục",
  "trich-sao": "Trích sao",
};

/** How a copy is signed; handed in, for signing is another desk's. */
export interface CopySigner {
  /** Stamps and signs a PDF with the officer's key. */
  sign(copy: {
    pdf: Buffer;
    form: CopyForm;
    caller: Caller;
    agency: Agency;
    pin?: string | undefined;
  }): Promise<{ pdf: Buffer; signedAt: Date; evidence: CopyEvidence }>;
  /** Does the work, and answers 202 when it takes longer than `patience` (ms; by itself the signing desk's). */
  carryOut(
    copy: { dossier: { id: number; code: string }; documentId: number; caller: Caller; patience?: number },
    perform: (settle: (trx: Knex.Transaction, evidence: CopyEvidence) => Promise<void>) => Promise<Answer>,
  ): Promise<Answer>;
}
export interface CopyEvidence {
  level: "B-B" | "B-T" | "B-LT";
  reason: string | null;
}

export interface CopyRequest {
  code: string;
  caller: Caller;
  documentId: string;
  form: CopyForm;
  pin?: string | undefined;
  once?: OnceKey | undefined;
  /** How long he waits before he is told to look later, in milliseconds. */
  patience?: number | undefined;
}

/**
 * An officer signs the electronic copy of one paper of a dossier. The scan stays as it is; the copy is kept beside it
 * under its own hash. Answers 201 `{documentId, form, sha256, size, agencyCode, signedBy, signedAt, level}`, or 202
 * `{documentId, pending}` when the key takes long: the copy is finished by itself.
 * Throws NotFound, NotAllowed `copy-not-yours`, Refused `copy-signed-already` or `no-copy-of-result`, and what the key
 * throws.
 */
export async function signCopyOf(deps: Deps, signer: CopySigner, request: CopyRequest): Promise<Answer> {
  const { code, caller, documentId, patience } = request;
  const dossier = await findDossier(deps.db, code);
  if (dossier === undefined || !concerns(dossier, caller.agency))
    throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
  const paper = dossier.papers.find(({ id }) => String(id) === documentId);
  if (paper === undefined) throw new NotFound("document-not-found", "Không tìm thấy tệp này.");
  if (!maySignCopies(dossier, caller))
    throw new NotAllowed(
      "copy-not-yours",
      "Chỉ công chức một cửa của nơi tiếp nhận hoặc chuyên viên của nơi xử lý ký bản sao điện tử.",
    );
  if (paper.component === "result")
    throw new Refused("no-copy-of-result", "Kết quả đã có chữ ký số riêng, không ký bản sao ở đây.");
  await assertUnsigned(deps, paper);
  const agency = deps.agencies.get(caller.agency ?? "");
  if (agency === undefined) throw new Error(`no unit ${caller.agency ?? ""}`);
  const copy = { dossier, documentId: paper.id, caller, ...(patience === undefined ? {} : { patience }) };
  return signer.carryOut(copy, (settle) => signAndKeep(deps, signer, request, paper, agency, settle));
}

async function signAndKeep(
  deps: Deps,
  signer: CopySigner,
  { caller, documentId, form, pin, once }: CopyRequest,
  paper: Paper,
  agency: Agency,
  settle: (trx: Knex.Transaction, evidence: CopyEvidence) => Promise<void>,
): Promise<Answer> {
  const pdfToSign = await readablePdf(deps, paper);
  const { pdf, signedAt, evidence } = await signer.sign({ pdf: pdfToSign, form, caller, agency, pin });
  const { sha256, size } = await deps.files.put(pdf);
  return writeOnce(deps, once, async (trx) => {
    await settle(trx, evidence);
    await trx("files")
      .insert({ sha256, size, media_type: "application/pdf", pages: paper.pages, stored_at: signedAt })
      .onConflict("sha256")
      .ignore();
    const kept = await trx("signed_copies")
      .insert({
        document_id: paper.id,
        form,
        sha256,
        agency: agency.code,
        signed_by: caller.username,
        signed_at: signedAt,
        level: evidence.level,
        reason: evidence.reason,
      })
      .onConflict("document_id")
      .ignore()
      .returning("document_id");
    if (kept.length === 0) throw signedAlready();
    const body = {
      documentId,
      form,
      sha256,
      size,
      pages: paper.pages,
      agencyCode: agency.code,
      signedBy: caller.username,
      signedAt: iso(signedAt),
      level: evidence.level,
    };
    return { status: 201, body };
  });
}

/** Whose duty the copies are: the counter that scanned the papers, and whoever handles them. */
export function maySignCopies(dossier: Pick<DossierRecord, "facts">, { roles, agency }: Caller): boolean {
  const { intake, processing } = dossier.facts.places;
  return (
    (roles.includes("frontdesk") && agency === intake) ||
    (roles.includes("specialist") && agency === processing)
  );
}

/** The form of copy as a request names it. Throws Invalid. */
export function copyFormOf(named: unknown): CopyForm {
  if (named === undefined || named === "") return "sao-y";
  if (typeof named === "string" && Object.hasOwn(COPY_FORM_NAMES, named)) return named as CopyForm;
  throw new Invalid([{ path: "form", message: "Hình thức sao là sao-y, sao-luc hoặc trich-sao." }]);
}

async function assertUnsigned({ db }: Pick<Deps, "db">, { id }: Paper): Promise<void> {
  const signed = await db
    .first<{ form: string } | undefined>("form")
    .from("signed_copies")
    .where({ document_id: id });
  if (signed !== undefined) throw signedAlready();
}

const signedAlready = () => new Refused("copy-signed-already", "Bản sao điện tử của giấy tờ này đã được ký.");

/** The searchable copy where it is made, else the PDF; of a picture, made now when the worker has not come to it. */
async function readablePdf(deps: Deps, { sha256, mediaType }: Paper): Promise<Buffer> {
  const copies = await deps
    .db("file_copies")
    .select<{ kind: string; sha256: string }[]>("kind", "sha256")
    .where({ source: sha256 });
  const made = copies.find(({ kind }) => kind === "searchable") ?? copies.find(({ kind }) => kind === "pdf");
  if (made !== undefined) return deps.files.readBuffer(made.sha256);
  if (mediaType === "application/pdf") return deps.files.readBuffer(sha256);
  const folder = await mkdtemp(join(tmpdir(), "motcua-copy-"));
  try {
    const { pdf } = await picturesToPdf(deps.files.path(sha256), folder);
    const stored = await deps.files.put(createReadStream(pdf));
    return await deps.files.readBuffer(stored.sha256);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A paper's signed copy, as pages tell it. */
export interface SignedCopy {
  documentId: number;
  form: CopyForm;
  agency: string;
  signedBy: string;
  signedAt: Date;
  level: string;
}

/** The signed copies of a dossier, by the document's id. */
export async function signedCopiesOf(
  { db }: Pick<Deps, "db">,
  dossierId: number,
): Promise<Map<number, SignedCopy>> {
  const rows = await db
    .select<(SignedCopy & { name: string | null })[]>({
      documentId: "c.document_id",
      form: "c.form",
      agency: "c.agency",
      signedBy: "c.signed_by",
      signedAt: "c.signed_at",
      level: "c.level",
      name: "a.name",
    })
    .from("signed_copies as c")
    .join("documents as d", "d.id", "c.document_id")
    .leftJoin("accounts as a", "a.username", "c.signed_by")
    .where("d.dossier_id", dossierId);
  return new Map(
    rows.map(({ name, ...copy }) => [copy.documentId, { ...copy, signedBy: name ?? copy.signedBy }]),
  );
}
