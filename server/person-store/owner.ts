import type { DossierSecrets } from "../dossier/secrets.ts";
import type { People, Person } from "../dossier/record.ts";

export type Identity = Person["identity"];

/** Whose papers those of a dossier are: the owner's where the applicant acts for somebody. */
export function holderOf(people: Pick<People, "applicant" | "owner">): Person {
  return people.owner ?? people.applicant;
}

/** Under what a person's papers are found: a keyed hash of kind and number, so that a copy of the database tells nobody. */
export function ownerKey(secrets: DossierSecrets, { type, number }: Identity): Buffer {
  return secrets.digest(`person-store:${type}:${number}`);
}

export function encryptOwner(secrets: DossierSecrets, { type, number }: Identity): Buffer {
  return secrets.encrypt(JSON.stringify({ type, number }));
}

/** "cccd •••••••••001": enough to tell two people apart on a list, not enough to know one. */
export function maskedOwner(secrets: DossierSecrets, cipher: Buffer): string {
  const { number } = JSON.parse(secrets.decrypt(cipher)) as Identity;
  return `${"•".repeat(Math.max(0, number.length - 3))}${number.slice(-3)}`;
}
