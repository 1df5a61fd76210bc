import { createHash, randomBytes } from "node:crypto";

/** The public facts of an event, as they are hashed. */
export interface PublicEvent {
  dossierCode: string;
  seq: number;
  type: string;
  at: string;
  recordedAt: string;
  actor: string;
  actorRole: string;
  actorAgency: string | null;
  fromState: string;
  toState: string;
  fromStatus: number | null;
  status: number;
  data: Record<string, unknown>;
  /** Hex of the salted commitment to the personal part; null when there is none. */
  commitment: string | null;
}

/** What stands before a dossier's first event. */
export const GENESIS = Buffer.alloc(32);

/** Hash of an event and, through it, of all before it: a changed, removed or re-ordered row shows. */
export function eventHash(event: PublicEvent, previous: Buffer): Buffer {
  return createHash("sha256").update(previous).update(canonical(event)).digest();
}

/** A salted commitment to what is personal, so that it can be erased without breaking the history. */
export function commitTo(personal: Record<string, unknown>): { salt: Buffer; commitment: Buffer } {
  const salt = nextSalt();
  return { salt, commitment: commitmentOf(personal, salt) };
}

const SALT = 16;
let salts = Buffer.alloc(0);

/** Random bytes are drawn for many salts at once, none of which is used twice: each drawing costs as much as a hash. */
function nextSalt(): Buffer {
  if (salts.length < SALT) salts = randomBytes(SALT * 128);
  const salt = salts.subarray(0, SALT);
  salts = salts.subarray(SALT);
  return salt;
}

/** The commitment that a personal part gives with its salt. */
export function commitmentOf(personal: Record<string, unknown>, salt: Buffer): Buffer {
  return createHash("sha256").update(salt).update(canonical(personal)).digest();
}

/** JSON with sorted keys and no undefined members: the same value always gives the same bytes. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(",")}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}
