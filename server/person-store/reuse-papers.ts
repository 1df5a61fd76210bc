import type { Knex } from "knex";
import { checklist } from "../../workflows/declaration.ts";
import { advanceLocked } from "../dossier/advance.ts";
import { attachFiles } from "../dossier/attach-file.ts";
import type { StoredPaper } from "../dossier/attach-file.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { Invalid } from "../platform/errors.ts";
import { papersInForce } from "./find-papers.ts";
import type { KeptPaper, StoreSearch } from "./find-papers.ts";
import { ownerKey } from "./owner.ts";
import { isAskedFor } from "./paper-kinds.ts";
import { noteUse } from "./uses.ts";

/** One component for which a paper of the store stands. */
export interface Choice {
  code: string;
  entry: number;
}

/** The papers chosen, as they are to be attached. */
export interface Chosen {
  owner: Buffer;
  papers: { entry: KeptPaper; files: StoredPaper[] }[];
  present: boolean;
}

/**
 * The papers of the store that were chosen for a new dossier, kept as they are until the transaction ends.
 * Throws Invalid `paper-not-reusable` with the path of each that is not there for this person, procedure, unit and day:
 * the reasons look alike, so that nobody learns what others have.
 */
export async function chosenPapers(
  deps: Deps,
  trx: Knex.Transaction,
  caller: Caller,
  search: StoreSearch,
  choices: readonly Choice[],
): Promise<Chosen> {
  const owner = ownerKey(deps.secrets, search.holder);
  const kept = new Map((await papersInForce(deps, trx, owner, true)).map((paper) => [paper.id, paper]));
  const list = new Map(checklist(search.declaration, search.case).map((paper) => [paper.code, paper]));
  const chosen: { entry: KeptPaper; code: string }[] = [];
  const errors = choices.flatMap(({ code, entry }, at) => {
    const paper = list.get(code);
    const found = kept.get(entry);
    const mayUse =
      paper !== undefined &&
      found !== undefined &&
      (search.present || found.agency === caller.agency) &&
      isAskedFor(found, search.declaration.code, paper) &&
      !chosen.some((one) => one.code === code);
    if (!mayUse)
      return [
        {
          path: `reuse.papers.${at}.entry`,
          message: "Giấy tờ này không dùng lại được cho thành phần hồ sơ này; hãy tìm lại trong kho.",
        },
      ];
    chosen.push({ entry: found, code });
    return [];
  });
  if (errors.length > 0) throw new Invalid(errors, errors[0]?.message, "paper-not-reusable");
  const files = await filesOf(trx, chosen);
  return {
    owner,
    present: search.present,
    papers: chosen.map(({ entry, code }) => ({
      entry,
      files: entry.documentIds.flatMap((id) => {
        const file = files.get(id);
        const resultCode = entry.source === "result" ? entry.paperCode : null;
        return file === undefined
          ? []
          : [{ ...file, component: code, reused: { entry: entry.id, resultCode } }];
      }),
    })),
  };
}

async function filesOf(trx: Knex.Transaction, chosen: { entry: KeptPaper }[]) {
  const ids = chosen.flatMap(({ entry }) => entry.documentIds);
  const { rows } = await trx.raw<{ rows: (Omit<StoredPaper, "component"> & { id: number })[] }>(
    `select x.id, x.file_name as "fileName", x.sha256, f.size, f.pages, f.media_type as "mediaType"
       from documents x join files f on f.sha256 = x.sha256 where x.id = any(?)`,
    [ids],
  );
  return new Map(rows.map(({ id, ...file }) => [id, file]));
}

/**
 * Attaches chosen papers to the dossier just filed, each by an event that names the paper of the store, and notes the
 * use. The files are the same bytes under the same hash: nothing is copied, nothing has to be scanned.
 */
export async function attachChosen(
  trx: Knex.Transaction,
  deps: Deps,
  caller: Caller,
  filed: DossierRecord,
  chosen: Chosen,
  options: { untold?: true },
): Promise<DossierRecord> {
  let dossier = filed;
  for (const { entry, files } of chosen.papers)
    for (const file of files) {
      const { component, fileName, sha256, size, pages, mediaType } = file;
      dossier = await advanceLocked(
        trx,
        deps,
        dossier,
        {
          type: "ADD_DOCUMENT",
          caller,
          payload: { component, fileName, sha256, size, pages, mediaType },
          publicData: { fromStore: entry.id },
          attach: (inner, { id }, seq) =>
            attachFiles(inner, id, [file], { username: caller.username, at: deps.clock.now(), seq }),
        },
        options,
      );
    }
  await noteUse(trx, deps, caller, {
    action: "use",
    owner: chosen.owner,
    entries: chosen.papers.map(({ entry }) => entry.id),
    procedureCode: filed.procedureCode,
    dossierId: filed.id,
    present: chosen.present,
  });
  return dossier;
}
