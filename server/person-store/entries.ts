import type { Knex } from "knex";
import type { Caller, Deps } from "../dossier/deps.ts";
import { concerns, findDossier } from "../dossier/record.ts";
import { isDate } from "../../workflows/vietnam-time.ts";
import { iso } from "../dossier/time.ts";
import { Invalid, NotAllowed, NotFound, Refused } from "../platform/errors.ts";
import { noteUse } from "./uses.ts";

/** A paper that a dossier brought into its person's store, as the unit that took it in sees it. */
export interface StoreEntry {
  id: string;
  component: string;
  source: "scan" | "result";
  paperCode: string;
  title: string;
  number: string | null;
  issuedOn: string | null;
  validFrom: string | null;
  validTo: string | null;
  issuer: string | null;
  state: "in-force" | "replaced" | "withdrawn";
  reason: string | null;
  digitizedAt: string;
  digitizedBy: string;
  /** In how many dossiers it was used again. */
  uses: number;
}

/** What the paper says of itself, or that it no longer holds. */
export interface EntryChange {
  number?: string | null;
  issuedOn?: string | null;
  validFrom?: string | null;
  validTo?: string | null;
  issuer?: string | null;
  state?: "replaced" | "withdrawn";
  reason?: string;
}

const day = {
  anyOf: [{ type: "string", pattern: "^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$" }, { type: "null" }],
};
const line = (maxLength: number) => ({
  anyOf: [{ type: "string", minLength: 1, maxLength, pattern: "\\S" }, { type: "null" }],
});

/** JSON Schema of the body of POST /dossiers/{code}/store-papers/{id}. */
export const changeSchema = {
  type: "object",
  additionalProperties: false,
  minProperties: 1,
  properties: {
    number: line(100),
    issuedOn: day,
    validFrom: day,
    validTo: day,
    issuer: line(300),
    state: { enum: ["replaced", "withdrawn"] },
    reason: { type: "string", minLength: 1, maxLength: 500, pattern: "\\S" },
  },
  if: { required: ["state"] },
  then: { required: ["reason"] },
};

type Row = Omit<StoreEntry, "id" | "number" | "digitizedAt"> & {
  id: number;
  cipher: Buffer | null;
  digitizedAt: Date;
  owner: Buffer;
};

const SELECT = `
  select s.id, s.component, s.source, s.paper_code as "paperCode", s.title, s.number as cipher,
    s.issued_on as "issuedOn", s.valid_from as "validFrom", s.valid_to as "validTo", s.issuer, s.state, s.reason,
    s.digitized_at as "digitizedAt", s.digitized_by as "digitizedBy", s.owner_hmac as owner,
    (select count(distinct x.dossier_id)::int from documents x where x.store_entry = s.id) as uses
  from person_store s where s.dossier_id = :dossier`;

/** What a dossier brought into the store. For the units concerned; throws NotFound for others. */
export async function entriesOfDossier(deps: Deps, caller: Caller, code: string): Promise<StoreEntry[]> {
  const dossier = await findDossier(deps.db, code);
  if (dossier === undefined || !concerns(dossier, caller.agency))
    throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
  const { rows } = await deps.db.raw<{ rows: Row[] }>(`${SELECT} order by s.component`, {
    dossier: dossier.id,
  });
  return rows.map((row) => view(deps, row));
}

/**
 * Enters what a paper says of itself (number, days, issuer), or takes it out of use with a reason; by the front desk of
 * the unit that received the dossier. Who did it stays on record.
 * Throws NotFound, NotAllowed, Invalid (validity the wrong way round), Refused `store-paper-ended`.
 */
export async function changeEntry(
  deps: Deps,
  trx: Knex.Transaction,
  caller: Caller,
  { code, id }: { code: string; id: string },
  change: EntryChange,
): Promise<StoreEntry> {
  const dossier = await findDossier(trx, code);
  if (dossier === undefined || !concerns(dossier, caller.agency))
    throw new NotFound("dossier-not-found", "Không tìm thấy hồ sơ này.");
  if (!caller.roles.includes("frontdesk") || caller.agency !== dossier.facts.places.intake)
    throw new NotAllowed(
      "not-front-desk",
      "Chỉ bộ phận Một cửa đã tiếp nhận hồ sơ được sửa giấy tờ trong kho.",
    );
  const wanted = /^\d{1,15}$/.test(id) ? Number(id) : 0;
  const read = async () => {
    const bindings = { dossier: dossier.id, id: wanted };
    const { rows } = await trx.raw<{ rows: Row[] }>(`${SELECT} and s.id = :id for update of s`, bindings);
    return rows[0];
  };
  const before = await read();
  if (before === undefined)
    throw new NotFound("store-paper-not-found", "Hồ sơ không có giấy tờ này trong kho.");
  if (before.state !== "in-force")
    throw new Refused("store-paper-ended", "Giấy tờ này đã được đưa ra khỏi kho.");
  const unreal = (["issuedOn", "validFrom", "validTo"] as const).filter((name) => {
    const value = change[name];
    return value != null && !isDate(value);
  });
  if (unreal.length > 0)
    throw new Invalid(unreal.map((path) => ({ path, message: "Không có ngày này trong lịch." })));
  const from = change.validFrom === undefined ? before.validFrom : change.validFrom;
  const to = change.validTo === undefined ? before.validTo : change.validTo;
  if (from !== null && to !== null && from > to)
    throw new Invalid([{ path: "validTo", message: "Ngày hết hiệu lực phải sau ngày bắt đầu." }]);
  const { number, state, reason, issuedOn, issuer } = change;
  await trx("person_store")
    .where({ id: wanted })
    .update({
      valid_from: from,
      valid_to: to,
      ...(issuedOn === undefined ? {} : { issued_on: issuedOn }),
      ...(issuer === undefined ? {} : { issuer }),
      ...(number === undefined ? {} : { number: number === null ? null : deps.secrets.encrypt(number) }),
      ...(state === undefined
        ? {}
        : { state, reason, ended_at: deps.clock.now(), ended_by: caller.username }),
    });
  await noteUse(trx, deps, caller, {
    action: state === undefined ? "describe" : "end",
    owner: before.owner,
    entries: [wanted],
    procedureCode: dossier.procedureCode,
    dossierId: dossier.id,
  });
  const after = await read();
  if (after === undefined) throw new Error("a paper of the store has gone");
  return view(deps, after);
}

function view({ secrets }: Pick<Deps, "secrets">, row: Row): StoreEntry {
  return {
    id: String(row.id),
    component: row.component,
    source: row.source,
    paperCode: row.paperCode,
    title: row.title,
    number: row.cipher === null ? null : secrets.decrypt(row.cipher),
    issuedOn: row.issuedOn,
    validFrom: row.validFrom,
    validTo: row.validTo,
    issuer: row.issuer,
    state: row.state,
    reason: row.reason,
    digitizedAt: iso(row.digitizedAt),
    digitizedBy: row.digitizedBy,
    uses: row.uses,
  };
}
