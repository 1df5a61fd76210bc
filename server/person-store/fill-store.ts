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
 * Brings the papers of dossiers that were digitized, and the results that were sealed, into their people's stores.
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
              .ignore()
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
    .first<{ type: EventType; at: Date; actor: string; actor_agency: string | null } | undefined>(
      "type",
      "at",
      "actor",
      "actor_agency",
    );
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
  if (event.type === "SEAL") {
    const paper = resultOf(dossier);
    const { result } = dossier.facts;
    if (paper === undefined || result === null) return [];
    return [
      {
        ...common,
        source: "result",
        paper_code: declaration.result.code,
        kind_name: kindName(declaration.result.title),
        title: declaration.result.title,
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
  if (event.type !== "DIGITIZE") return [];
  const scans = scansOf(dossier, checklist(declaration, dossier.case).filter(namesPaper));
  const facts =
    (await readFacts?.(scans.flatMap(({ papers }) => papers.map(({ id }) => id)))) ??
    new Map<number, PaperFacts>();
  return scans.map(({ document, papers }) => {
    const read = papers.map(({ id }) => facts.get(id)).find((found) => found !== undefined);
    return {
      ...common,
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
}

/** The sealed paper of a grant; a denial gives nothing that a later dossier could ask for. */
function resultOf(dossier: DossierRecord): Paper | undefined {
  const sealed = dossier.facts.result?.sealed;
  if (dossier.facts.outcome !== "grant" || sealed == null) return undefined;
  return dossier.papers.findLast(({ component, sha256 }) => component === "result" && sha256 === sealed);
}

/** The scanned components, each with its files; what came out of the store stands there already. */
function scansOf<D extends { code: string }>(dossier: DossierRecord, documents: D[]) {
  const { notApplicable } = dossier.facts;
  return documents.flatMap((document) => {
    const papers = dossier.papers.filter(({ component }) => component === document.code);
    const isNew = papers.length > 0 && papers.every(({ reused }) => reused == null);
    return isNew && !notApplicable.includes(document.code) ? [{ document, papers }] : [];
  });
}
