import type { Knex } from "knex";
import type { EventType } from "../../workflows/events.ts";
import { checklist } from "../../workflows/declaration.ts";
import type { Deps } from "../dossier/deps.ts";
import { dossiersById } from "../dossier/record.ts";
import type { DossierRecord, Paper } from "../dossier/record.ts";
import { dayOf } from "../forms/moments.ts";
import { encryptOwner, holderOf, ownerKey } from "./owner.ts";
import { kindName, namesPaper, scanCode } from "./paper-kinds.ts";

const AT_ONCE = 50;
const MOST_ATTEMPTS = 8;

interface SourceEvent {
  type: EventType;
  at: Date;
  actor: string;
  actor_role: string;
  actor_agency: string | null;
}
interface Queued {
  dossierId: number;
  seq: number;
}

/** What an officer took over from a scan as the facts of the paper, by document. */
export type ReadFacts = (documentIds: number[]) => Promise<Map<number, PaperFacts>>;

interface PaperFacts {
  number?: string;
  /** "2022-09-20" */
  date?: string;
}

/**
 * Brings the papers of dossiers that were digitized, those that were handed in later as a supplement, and the results
 * that were sealed, into their people's stores.
 * What cannot be brought in is logged and tried again in later rounds; nothing waits for it. Answers how many papers
 * came in.
 */
export async function fillStore(deps: Deps, readFacts?: ReadFacts): Promise<number> {
  const { rows } = await deps.db.raw<{ rows: Queued[] }>(
    `select dossier_id as "dossierId", seq from person_store_queue where attempts < ?
      order by attempts, queued_at limit ?`,
    [MOST_ATTEMPTS, AT_ONCE],
  );
  let filled = 0;
  for (const queued of rows) filled += await fillOne(deps, queued, readFacts);
  return filled;
}

async function fillOne(deps: Deps, queued: Queued, readFacts?: ReadFacts): Promise<number> {
  const where = { dossier_id: queued.dossierId, seq: queued.seq };
  try {
    return await deps.db.transaction(async (trx) => {
      const taken = await trx<{ dossier_id: number; seq: number }>("person_store_queue")
        .where(where)
        .forUpdate()
        .skipLocked()
        .first("seq");
      if (taken === undefined) return 0;
      const entries = await entriesOf(deps, trx, queued, readFacts);
      const stored: unknown[] =
        entries.length === 0
          ? []
          : await trx("person_store")
              .insert(entries)
              .onConflict(["dossier_id", "component"])
              .merge(["document_ids", "digitized_at", "digitized_by"])
              // A paper that was scanned again, or further: what stands of it, and only while it holds.
              .where("person_store.source", "scan")
              .where("person_store.state", "in-force")
              .whereRaw("person_store.document_ids is distinct from excluded.document_ids")
              .returning("id");
      await trx("person_store_queue").where(where).delete();
      return stored.length;
    });
  } catch (error) {
    deps.log.error({ err: error, dossier: queued.dossierId }, "papers could not be brought into the store");
    await deps.db("person_store_queue").where(where).increment("attempts", 1);
    return 0;
  }
}

async function entriesOf(
  deps: Deps,
  trx: Knex.Transaction,
  { dossierId, seq }: Queued,
  readFacts?: ReadFacts,
) {
  const [dossier] = await dossiersById(trx, [dossierId]);
  const event = await trx("events")
    .where({ dossier_id: dossierId, seq })
    .first<SourceEvent | undefined>("type", "at", "actor", "actor_role", "actor_agency");
  if (dossier === undefined || event === undefined) return [];
  const { identity } = holderOf(dossier.people);
  const common = {
    owner_hmac: ownerKey(deps.secrets, identity),
    owner: encryptOwner(deps.secrets, identity),
    dossier_id: dossierId,
    digitized_at: event.at,
    digitized_by: event.actor,
  };
  const { declaration } = await deps.catalogue.version(dossier.versionId);
  const result = event.type === "SEAL" ? resultOf(deps, dossier, event, declaration.result) : [];
  // Until DIGITIZE the front desk is still scanning; what a citizen sent later himself was examined by SEAL at last.
  const scansStand =
    event.type === "DIGITIZE" ||
    ((event.type === "SEAL" || event.actor_role === "frontdesk") &&
      (await wasDigitized(trx, dossierId, seq)));
  if (!scansStand) return result.map((entry) => ({ ...common, ...entry }));
  // Said not to be scanned when the others were: what has a file later was handed in after all.
  const isSupplied = (code: string) =>
    event.type !== "DIGITIZE" || !dossier.facts.notApplicable.includes(code);
  const scans = scansOf(
    dossier,
    checklist(declaration, dossier.case).filter(
      (document) => namesPaper(document) && isSupplied(document.code),
    ),
  );
  const facts =
    (await readFacts?.(scans.flatMap(({ papers }) => papers.map(({ id }) => id)))) ??
    new Map<number, PaperFacts>();
  const scanned = scans.map(({ document, papers }) => {
    const read = papers.map(({ id }) => facts.get(id)).find((found) => found !== undefined);
    return {
      source: "scan",
      paper_code: scanCode(dossier.procedureCode, document.code),
      kind_name: kindName(document.title, document.truncated === true),
      title: document.title,
      number: read?.number === undefined ? null : deps.secrets.encrypt(read.number),
      issued_on: read?.date ?? null,
      valid_from: null,
      issuer: null,
      component: document.code,
      document_ids: papers.map(({ id }) => id),
      agency: dossier.facts.places.intake,
    };
  });
  return [...result, ...scanned].map((entry) => ({ ...common, ...entry }));
}

async function wasDigitized(trx: Knex.Transaction, dossierId: number, until: number): Promise<boolean> {
  const event = await trx("events")
    .where({ dossier_id: dossierId, type: "DIGITIZE" })
    .where("seq", "<", until)
    .first<{ seq: number } | undefined>("seq");
  return event !== undefined;
}

/** The result that was sealed, as the paper of its owner; none where it was a denial. */
function resultOf(
  deps: Deps,
  dossier: DossierRecord,
  event: { at: Date; actor_agency: string | null },
  declared: { code: string; title: string },
) {
  const paper = sealedPaper(dossier);
  const { result } = dossier.facts;
  if (paper === undefined || result === null) return [];
  return [
    {
      source: "result",
      paper_code: declared.code,
      kind_name: kindName(declared.title),
      title: declared.title,
      number: deps.secrets.encrypt(result.number),
      issued_on: dayOf(event.at),
      valid_from: dayOf(event.at),
      issuer: deps.agencies.name(event.actor_agency ?? dossier.agency),
      component: "result",
      document_ids: [paper.id],
      agency: dossier.facts.places.intake,
    },
  ];
}

/** The sealed paper of a grant; a denial gives nothing that a later dossier could ask for. */
function sealedPaper(dossier: DossierRecord): Paper | undefined {
  const sealed = dossier.facts.result?.sealed;
  if (dossier.facts.outcome !== "grant" || sealed == null) return undefined;
  return dossier.papers.findLast(({ component, sha256 }) => component === "result" && sha256 === sealed);
}

/** The scanned components, each with its files; what came out of the store stands there already. */
function scansOf<D extends { code: string }>(dossier: DossierRecord, documents: D[]) {
  return documents.flatMap((document) => {
    const papers = dossier.papers.filter(
      ({ component, reused }) => component === document.code && reused == null,
    );
    return papers.length === 0 ? [] : [{ document, papers }];
  });
}
