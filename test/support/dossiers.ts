import { deflateSync } from "node:zlib";
import type { Client, Reply, TestApp } from "./app.ts";
import { applicant } from "./people.ts";

export interface DossierBody {
  code: string;
  secret: string;
  state: string;
  status: number;
  version: number;
  receivedAt: string | null;
  dueAt: string | null;
  lastDueAt: string | null;
  assignee: string | null;
  processingAgencyCode: string;
  documents: { id: string; component: string; sha256: string }[];
  fees: { code: string; amount: number | null; state: string }[];
  steps: { name: string; state: string; dueAt: string | null }[];
  allowedEvents: {
    type: string;
    needs: { field: string; options?: string[]; choices?: { value: string; amount?: number }[] }[];
  }[];
  [other: string]: unknown;
}

interface ProcedureBody {
  cases: { code: string }[];
  documents: {
    code: string;
    case?: string;
    originals: number;
    copies: number;
    handling: string;
    kind?: string;
    onlyChannel?: string;
    required: boolean;
  }[];
  agencies: string[];
}

export interface Papers {
  caseCode: string | null;
  all: { code: string; originals: number; copies: number }[];
  toScan: string[];
}

/** The papers of a procedure's first case, all received. */
export async function papersOf(app: TestApp, code: string): Promise<Papers> {
  const { body } = await app.as().get<ProcedureBody>(`/procedures/${code}`);
  const caseCode = body.cases[0]?.code ?? null;
  const own = body.documents.filter(
    (paper) =>
      paper.kind === undefined &&
      paper.onlyChannel === undefined &&
      (paper.case === undefined || paper.case === caseCode),
  );
  return {
    caseCode,
    all: own.map((paper) => ({
      code: paper.code,
      originals: Math.max(1, paper.originals),
      copies: paper.copies,
    })),
    toScan: own.filter(({ handling }) => handling === "submit").map((paper) => paper.code),
  };
}

/** The body of POST /dossiers for a procedure with all its papers. */
export async function applicationFor(
  app: TestApp,
  code: string,
  agencyCode: string,
  changes: Record<string, unknown> = {},
) {
  const papers = await papersOf(app, code);
  return {
    procedureCode: code,
    case: papers.caseCode,
    agencyCode,
    channel: "counter",
    applicant: applicant(),
    documents: papers.all,
    returnMethod: "counter",
    note: "",
    ...changes,
  };
}

/** Files a dossier at the counter. Throws when it is not taken. */
export async function filed(
  app: TestApp,
  frontdesk: string,
  code: string,
  agencyCode: string,
  changes: Record<string, unknown> = {},
): Promise<DossierBody> {
  const reply = await app
    .as(frontdesk)
    .post<DossierBody>("/dossiers", await applicationFor(app, code, agencyCode, changes));
  return expectStatus(reply, 201);
}

/** A dossier's event, which must succeed. */
export async function acted(
  client: Client,
  code: string,
  event: Record<string, unknown>,
): Promise<DossierBody> {
  return expectStatus(await client.post<DossierBody>(`/dossiers/${code}/events`, event), 200);
}

export function expectStatus<T>(reply: Reply<T>, status: number): T {
  if (reply.status !== status)
    throw new Error(`answered ${reply.status}: ${JSON.stringify(reply.body).slice(0, 800)}`);
  return reply.body;
}

/** Scans every paper of a dossier and completes the digitization. */
export async function digitized(
  app: TestApp,
  frontdesk: string,
  dossier: DossierBody,
  procedure: string,
): Promise<DossierBody> {
  const client = app.as(frontdesk);
  for (const component of (await papersOf(app, procedure)).toScan)
    expectStatus(await client.upload(`/dossiers/${dossier.code}/documents`, { component }, SCAN), 201);
  return acted(client, dossier.code, { type: "DIGITIZE" });
}

/** One scanned page as PNG: grey with a darker line every twenty rows, 400 × 560. A page without a mark is not taken. */
export const SCAN = { bytes: png(400, 560), name: "bản quét.png", type: "image/png" };

function png(width: number, height: number): Buffer {
  const rows = Array.from({ length: height }, (_, row) =>
    Buffer.concat([Buffer.of(0), Buffer.alloc(width, row % 20 === 0 ? 0x40 : 0xd0)]),
  );
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), framed.length - 4);
  return framed;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
