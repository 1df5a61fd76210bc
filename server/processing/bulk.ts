import type { EventType } from "../../workflows/events.ts";
import type { Payload } from "../../workflows/rules.ts";
import { transferUnits } from "../../workflows/standing.ts";
import type { Caller, Deps } from "../dossier/deps.ts";
import { bodyHash } from "../dossier/once.ts";
import type { OnceKey } from "../dossier/once.ts";
import type { DossierRecord } from "../dossier/record.ts";
import { legalForm } from "../forms/legal-forms.ts";
import type { FormKind } from "../forms/legal-forms.ts";
import { Invalid, Problem, Refused, Unreadable } from "../platform/errors.ts";
import { actOnDossier } from "./act-on-dossier.ts";
import { getDossier } from "./read-dossier.ts";

/** No more can be ticked at once: each is a transaction of its own, and somebody waits for the page. */
const MOST_AT_ONCE = 500;

/** Throws Unreadable where more are ticked than are done in one go; nothing is left out in silence. */
export function assertNotTooMany(codes: readonly string[]): void {
  if (codes.length > MOST_AT_ONCE)
    throw new Unreadable("too-many-chosen", `Mỗi lần chọn không quá ${MOST_AT_ONCE} hồ sơ.`);
}

/** What can be done with many dossiers in one step. */
export type BulkAct =
  { kind: "assign"; assignee: string } | { kind: "transfer" } | { kind: "print"; form: FormKind };

/** What became of one of them. */
export interface BulkResult {
  code: string;
  applicant: string;
  done: boolean;
  text: string;
}

/**
 * Does the same with each dossier, every one in a transaction of its own: what stands in the way of one keeps no other
 * back. With a key the same form sent twice does each once; what failed may be sent again.
 */
export async function actOnMany(
  deps: Deps,
  caller: Caller,
  codes: readonly string[],
  act: BulkAct,
  once?: OnceKey,
): Promise<BulkResult[]> {
  const results: BulkResult[] = [];
  for (const code of new Set(codes)) {
    let applicant = "";
    try {
      const dossier = await getDossier(deps, caller, code);
      applicant = dossier.people.applicant.name;
      const key = once === undefined ? undefined : keyOf(once, code, act);
      results.push({ code, applicant, done: true, text: await actOnOne(deps, caller, dossier, act, key) });
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500)
        deps.log.error({ err: error, dossier: code }, "one dossier of many failed");
      results.push({ code, applicant, done: false, text: reasonOf(error) });
    }
  }
  return results;
}

/** The key of one dossier in a form for many: which others were ticked with it does not count. */
function keyOf(once: OnceKey, code: string, act: BulkAct): OnceKey {
  return { ...once, path: `${once.path}/${code}`, bodyHash: bodyHash(act) };
}

async function actOnOne(
  deps: Deps,
  caller: Caller,
  dossier: DossierRecord,
  act: BulkAct,
  once: OnceKey | undefined,
): Promise<string> {
  switch (act.kind) {
    case "assign": {
      const words = await assignedTo(deps, caller, dossier, act.assignee);
      // Said again of what he has already, it is done: no second entry in the history.
      if (dossier.facts.assignee === act.assignee && !dossier.workState.startsWith("assigning")) return words;
      return tell(deps, caller, dossier, "ASSIGN", { assignee: act.assignee }, once, () => words);
    }
    case "transfer": {
      const agency = await nextUnit(deps, dossier);
      return tell(
        deps,
        caller,
        dossier,
        "TRANSFER",
        { agency },
        once,
        ({ facts }) => `Đã chuyển đến ${deps.agencies.name(facts.places.processing)}`,
      );
    }
    case "print":
      return printable(dossier, act.form);
  }
}

async function assignedTo(
  deps: Deps,
  caller: Caller,
  dossier: DossierRecord,
  assignee: string,
): Promise<string> {
  if (assignee === caller.username) return "Bạn thụ lý hồ sơ này";
  const colleagues = await deps.colleaguesOf(dossier.facts.places.processing);
  return `Đã giao cho ${colleagues.find(({ username }) => username === assignee)?.name ?? assignee}`;
}

async function tell(
  deps: Deps,
  caller: Caller,
  { code }: DossierRecord,
  type: EventType,
  payload: Payload,
  once: OnceKey | undefined,
  words: (after: DossierRecord) => string,
): Promise<string> {
  const request = { code, caller, type, payload, ...(once === undefined ? {} : { once }) };
  const { body } = await actOnDossier(deps, request, (after) => Promise.resolve({ text: words(after) }));
  return (body as { text: string }).text;
}

/** Where the dossier goes from here; what the machine thinks of the caller is said when he tries. */
async function nextUnit(deps: Deps, dossier: DossierRecord): Promise<string> {
  const ready = await deps.catalogue.machine(dossier.versionId, dossier.tier);
  const units = [...new Set(transferUnits(ready, dossier.state).map((unit) => dossier.facts.places[unit]))];
  const only = units.length === 1 ? units[0] : undefined;
  if (units.length > 1)
    throw new Refused("many-units", "Có nhiều nơi chuyển đến: hãy mở hồ sơ và chọn đơn vị nhận.");
  // Without one the event is refused with its own reason.
  return only ?? dossier.facts.places.processing;
}

/** Throws a Problem where the dossier has no such paper. */
function printable(dossier: DossierRecord, form: FormKind): string {
  legalForm(form, dossier.submittedAt);
  if (form === "receipt" && dossier.receivedAt === null)
    throw new Refused("form-not-issued", "Hồ sơ chưa được tiếp nhận nên chưa có giấy tiếp nhận.");
  return "Có trong tệp in";
}

function reasonOf(error: unknown): string {
  if (error instanceof Invalid && error.errors[0] !== undefined) return error.errors[0].message;
  if (error instanceof Problem && error.status < 500) return error.publicMessage;
  return "Lỗi ở phía hệ thống, hồ sơ chưa thay đổi. Hãy làm lại.";
}

export interface Load {
  username: string;
  name: string;
  active: boolean;
  open: number;
}

/** Who in the unit handles how many open dossiers, also those who no longer work there. */
export async function loadsOf(deps: Deps, agency: string | null): Promise<Load[]> {
  const { rows } = await deps.db.raw<{ rows: Load[] }>(
    `select a.username, a.name, a.active and a.agency = :unit as active, coalesce(n.open, 0)::int as open
       from accounts a
       full join (select assignee, count(*) as open from dossiers
          where processing_agency = :unit and closed_at is null and assignee is not null group by assignee) n
         on n.assignee = a.username
      where n.open is not null or (a.agency = :unit and a.active and 'specialist' = any(a.roles))
      order by a.name, a.username`,
    { unit: agency ?? "" },
  );
  return rows;
}

/** The codes of all open dossiers that somebody handles in this unit, the most urgent first. */
export async function heldBy(deps: Deps, agency: string | null, username: string): Promise<string[]> {
  const { rows } = await deps.db.raw<{ rows: { code: string }[] }>(
    `select code from dossiers where assignee = ? and processing_agency = ? and closed_at is null
      order by urgency, id`,
    [username, agency ?? ""],
  );
  return rows.map(({ code }) => code);
}

/** The papers of many dossiers as one file, in the order given. Throws NotFound for one that is none of the caller's. */
export async function printMany(
  deps: Deps,
  caller: Caller,
  codes: readonly string[],
  print: (dossier: DossierRecord) => Promise<Buffer>,
): Promise<Buffer> {
  const { PDFDocument } = await import("@cantoo/pdf-lib");
  const merged = await PDFDocument.create();
  for (const code of new Set(codes)) {
    const paper = await PDFDocument.load(await print(await getDossier(deps, caller, code)));
    for (const page of await merged.copyPages(paper, paper.getPageIndices())) merged.addPage(page);
  }
  return Buffer.from(await merged.save());
}
