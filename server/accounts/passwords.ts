import { hash, verify, type Options } from "@node-rs/argon2";

/** argon2id, the library's own choice, with 19 MiB, 2 passes, 1 lane: what OWASP's password storage sheet names as the floor; 20–40 ms here. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Longer ones are refused: hashing a megabyte for everybody who asks is a way to be brought down. */
export const LONGEST_PASSWORD = 200;

/** The form in which a password is kept; it holds salt and cost. The same password gives another hash each time. */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize("NFC"), COST);
}

/** Whether this is the password behind the hash. */
export async function isPassword(password: string, kept: string): Promise<boolean> {
  if (password.length > LONGEST_PASSWORD) return false;
  return verify(kept, password.normalize("NFC"));
}

let decoy: Promise<string> | undefined;

/** Takes as long as a check and is always false: an unknown name must not answer faster than a wrong password. */
export async function checkNobody(password: string): Promise<false> {
  decoy ??= hashPassword("nobody has this password");
  await isPassword(password, await decoy);
  return false;
}
