import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Knex } from "knex";
import type { Caller, Deps } from "../dossier/deps.ts";
import { attachFiles } from "../dossier/attach-file.ts";
import type { StoredPaper } from "../dossier/attach-file.ts";
import { advanceLocked } from "../dossier/advance.ts";
import { openDossier } from "../dossier/open-dossier.ts";
import { Invalid, Problem } from "../platform/errors.ts";
import type { Answer } from "../platform/http.ts";
import { onlineApplicationErrors } from "./application.ts";
import type { OnlineApplication } from "./application.ts";
import { checkFiling } from "./check-filing.ts";
import { peopleOf } from "./people-of.ts";
import { receivingUnit } from "./receiving-unit.ts";

const PORTAL: Caller = {
  kind: "portal",
  username: "portal",
  name: "Cổng Dịch vụ công quốc gia",
  roles: [],
  agency: null,
};

/** The citizen's own files come in by the citizen's hand, whoever carries them. */
const APPLICANT: Caller = { ...PORTAL, roles: ["citizen"] };

/**
 * Takes a dossier filed at the national portal; a repeated MaHoSo is answered with the first one's number.
 * Answers 200 with `{error_code: 0 done | 1 known already | -1 refused, message, code, secret}`: the portal reads the
 * code, not the HTTP status. Of one that is refused for its files nothing is stored.
 */
export async function receiveOnline(deps: Deps, body: unknown): Promise<Answer> {
  try {
    const errors = onlineApplicationErrors(body);
    if (errors.length > 0) throw new Invalid(errors);
    const application = body as OnlineApplication;
    const known = await findKnown(deps, deps.db, application.MaHoSo);
    if (known !== undefined) return known;
    const checked = checkFiling(deps, { ...application, channel: "online" }, (deciding, declaration) =>
      receivingUnit(deps.agencies, declaration, deciding, application.applicant),
    );
    const papers = await storeFiles(deps, application);
    return await deps.db.transaction(async (trx) => {
      await trx.raw("select pg_advisory_xact_lock(hashtextextended(?, 0))", [application.MaHoSo]);
      const earlier = await findKnown(deps, trx, application.MaHoSo);
      if (earlier !== undefined) return earlier;
      return done(await file(trx, deps, application, checked, papers));
    });
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    const fields =
      error instanceof Invalid ? error.errors.map(({ path, message }) => `${path}: ${message}`) : [];
    const message = [error.publicMessage, ...fields].join(" ");
    return { status: 200, body: { error_code: -1, message, code: null, secret: null, reason: error.code } };
  }
}

async function file(
  trx: Knex.Transaction,
  deps: Deps,
  application: OnlineApplication,
  checked: ReturnType<typeof checkFiling>,
  papers: StoredPaper[],
) {
  const { dossier, secret } = await openDossier(trx, deps, {
    ...checked,
    received: { ...receivedFrom(papers), ...checked.received },
    people: peopleOf(application, application.note ?? ""),
    portalCode: application.MaHoSo,
    caller: PORTAL,
    actorRole: "portal",
    untold: false,
  });
  let current = dossier;
  for (const paper of papers)
    current = await advanceLocked(trx, deps, current, {
      type: "ADD_DOCUMENT",
      caller: APPLICANT,
      payload: { ...paper },
      attach: (inner, { id }, seq) =>
        attachFiles(inner, id, [paper], { username: PORTAL.username, at: deps.clock.now(), seq }),
    });
  return { code: current.code, secret };
}

/** A file that the citizen sent stands for the paper until the counter sees the original. */
function receivedFrom(papers: StoredPaper[]) {
  return Object.fromEntries(papers.map(({ component }) => [component, { originals: 0, copies: 1 }]));
}

/**
 * Judges and scans all files before the first is stored, so that nothing is kept of a dossier that one of them spoils.
 * Throws Invalid for what is in a file; Unavailable when the scanner is away.
 */
async function storeFiles(deps: Deps, application: OnlineApplication): Promise<StoredPaper[]> {
  const folder = await mkdtemp(join(tmpdir(), "motcua-inbound-"));
  try {
    const judged: (Omit<StoredPaper, "sha256" | "size"> & { path: string })[] = [];
    for (const [at, { MaThanhPhanHoSo, TenTepDinhKem, Base64 }] of (application.TaiLieuNop ?? []).entries()) {
      const path = join(folder, String(at));
      await writeFile(path, Buffer.from(Base64, "base64"), { mode: 0o600 });
      const { mediaType, pages } = await judge(deps, path, at);
      judged.push({ component: MaThanhPhanHoSo, fileName: TenTepDinhKem, path, pages, mediaType });
    }
    const papers: StoredPaper[] = [];
    for (const { path, ...paper } of judged) {
      const { sha256, size } = await deps.files.put(createReadStream(path));
      papers.push({ ...paper, sha256, size });
    }
    return papers;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function judge(deps: Deps, path: string, at: number) {
  try {
    const judged = await deps.judgeFile(path);
    await deps.assertClean(path);
    return judged;
  } catch (error) {
    if (error instanceof Error && "code" in error && "status" in error && Number(error.status) < 500)
      throw new Invalid([
        {
          path: `TaiLieuNop.${at}.Base64`,
          message: error instanceof Problem ? error.publicMessage : error.message,
        },
      ]);
    throw error;
  }
}

async function findKnown(deps: Deps, db: Knex, portalCode: string): Promise<Answer | undefined> {
  const row = await db
    .first<{ code: string; secret_cipher: Buffer } | undefined>("code", "secret_cipher")
    .from("dossiers")
    .where({ portal_code: portalCode });
  if (row === undefined) return undefined;
  const body = {
    error_code: 1,
    message: "Hồ sơ đã được nhận trước đó.",
    code: row.code,
    secret: deps.secrets.decrypt(row.secret_cipher),
  };
  return { status: 200, body };
}

function done({ code, secret }: { code: string; secret: string }): Answer {
  return { status: 200, body: { error_code: 0, message: "Nhận hồ sơ thành công.", code, secret } };
}
