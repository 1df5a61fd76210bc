/**
 * Rows on their way into the tables, as lines of PostgreSQL's COPY. They are gathered as bytes and handed on in large
 * pieces.
 */

/** The tables that are filled, with the columns of a line in their order. */
export const TABLES = {
  dossiers:
    "id, code, portal_code, procedure_version_id, procedure_code, case_code, tier, agency, intake_agency, " +
    "processing_agency, consulted_agencies, assignee, channel, return_method, status, state, work_state, facts, version, " +
    "submitted_at, received_at, closed_at, answer_by, due_at, last_due_at, provisional, paused_since, remaining, " +
    "step_due_at, calendar_missing, secret_cipher, secret_hmac, head_seq, head_hash, portal_digest, updated_at",
  dossier_people: "dossier_id, applicant, owner, authorisation, note, identity_number, search",
  events:
    "dossier_id, seq, type, at, recorded_at, actor, actor_role, actor_agency, from_state, to_state, from_status, status, " +
    "data, commitment, previous_hash, hash",
  event_personal: "dossier_id, seq, salt, data",
  documents: "id, dossier_id, component, sha256, file_name, uploaded_by, uploaded_at, event_seq",
  document_numbers: "agency, year, number, symbol, dossier_id, state, reserved_at, settled_at",
  outbox:
    "dossier_id, dossier_code, portal_code, seq, kind, payload, state, attempts, next_attempt_at, delivered_at, created_at",
} as const;

export type Table = keyof typeof TABLES;

type Value = string | number | boolean | Date | Buffer | null;

export interface Rows {
  add(table: Table, values: readonly Value[]): void;
  /** Characters gathered so far. */
  size(): number;
  /** Everything gathered, in bytes, and an empty gathering. */
  take(): Partial<Record<Table, Uint8Array<ArrayBuffer>>>;
}

export function openRows(): Rows {
  let pages: Partial<Record<Table, Page>> = {};
  let size = 0;
  return {
    add(table, values) {
      let line = "";
      for (let at = 0; at < values.length; at += 1)
        line += (at === 0 ? "" : "\t") + written(values[at] ?? null);
      line += "\n";
      size += line.length;
      writeLine((pages[table] ??= { bytes: Buffer.allocUnsafeSlow(PAGE), used: 0 }), line);
    },
    size: () => size,
    take() {
      const taken = Object.entries(pages).map(([table, { bytes, used }]) => [table, bytes.subarray(0, used)]);
      pages = {};
      size = 0;
      return Object.fromEntries(taken) as Partial<Record<Table, Uint8Array<ArrayBuffer>>>;
    },
  };
}

/** Lines in memory of their own, outside the heap, so that they can change their owner without being copied. */
interface Page {
  bytes: Buffer<ArrayBuffer>;
  used: number;
}

const PAGE = 256 * 1024;
/** The most bytes that UTF-8 takes for one of JavaScript's characters. */
const WIDEST = 3;

function writeLine(page: Page, line: string): void {
  const needed = page.used + line.length * WIDEST;
  if (needed > page.bytes.length) {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, page.bytes.length * 2));
    page.bytes.copy(larger, 0, 0, page.used);
    page.bytes = larger;
  }
  page.used += page.bytes.write(line, page.used, "utf8");
}

const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function written(value: Value): string {
  if (value === null) return "\\N";
  if (typeof value === "string")
    return SPECIAL.test(value) ? value.replace(/[\\\n\r\t]/g, (letter) => ESCAPES[letter] ?? letter) : value;
  if (typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "t" : "f";
  return value instanceof Date ? value.toISOString() : `\\\\x${value.toString("hex")}`;
}
