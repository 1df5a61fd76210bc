import { randomInt } from "node:crypto";
import type { Knex } from "knex";
import type { Clock } from "../platform/clock.ts";
import type { FieldError } from "../platform/errors.ts";
import { Invalid, NotFound, Refused } from "../platform/errors.ts";
import { ACCOUNT_ROLES } from "./account.ts";
import type { AccountRole } from "./account.ts";
import { LONGEST_PASSWORD, hashPassword, isPassword } from "./passwords.ts";

export type AccountChange =
  "created" | "person" | "roles" | "disabled" | "enabled" | "password-reset" | "password-changed";

/** Who changes, on which connection, at which moment. Each change and its line in `account_changes` are one commit. */
export interface Changing {
  trx: Knex.Transaction;
  clock: Clock;
  /** The account that changes it; "command" for the command on the server. */
  by: string;
}

export interface NewAccount {
  username: string;
  name: string;
  agency: string;
  roles: string[];
}

const SHORTEST_PASSWORD = 10;

/**
 * Makes an account with a password that its owner must change. Answers the password, which is kept nowhere else.
 * Throws Invalid with every field that is wrong; a name that is taken is one.
 */
export async function createAccount(changing: Changing, account: NewAccount): Promise<string> {
  const { trx } = changing;
  const username = account.username.trim();
  const name = account.name.normalize("NFC").trim();
  const errors: FieldError[] = [];
  if (!/^[a-z0-9][a-z0-9._-]{2,59}$/.test(username))
    errors.push({
      path: "username",
      message: "Tên đăng nhập gồm 3 đến 60 chữ thường không dấu, chữ số, dấu chấm, gạch nối hoặc gạch dưới.",
    });
  await checkPerson(trx, { name, agency: account.agency }, errors);
  const roles = knownRoles(account.roles, errors);
  if (errors.length > 0) throw new Invalid(errors);
  const password = oneTimePassword();
  const made = await trx("accounts")
    .insert({
      username,
      name,
      agency: account.agency,
      roles,
      password_hash: await hashPassword(password),
      password_once: true,
    })
    .onConflict("username")
    .ignore()
    .returning("id");
  if (made.length === 0)
    throw new Invalid([{ path: "username", message: `Tên đăng nhập ${username} đã có người dùng.` }]);
  await note(changing, username, "created", { agency: account.agency, roles });
  return password;
}

/**
 * Corrects the name of an account's owner, or moves him to another unit, which ends the account's sessions: what he
 * handles stays with the unit that he left. Throws Invalid with every field that is wrong.
 */
export async function changePerson(
  changing: Changing,
  username: string,
  given: { name: string; agency: string },
): Promise<void> {
  const { trx } = changing;
  const next = { name: given.name.normalize("NFC").trim(), agency: given.agency };
  const errors: FieldError[] = [];
  await checkPerson(trx, next, errors);
  if (errors.length > 0) throw new Invalid(errors);
  const { id, name, agency } = await locked(trx, username);
  if (name === next.name && agency === next.agency) return;
  await trx("accounts").where({ username }).update(next);
  if (agency !== next.agency) await trx("sessions").where({ account_id: id }).delete();
  await note(changing, username, "person", { before: { name, agency }, after: next });
}

/** Gives the account other roles. Throws Invalid without any role, Refused when somebody locks himself out. */
export async function changeRoles(changing: Changing, username: string, given: string[]): Promise<void> {
  const errors: FieldError[] = [];
  const roles = knownRoles(given, errors);
  if (errors.length > 0) throw new Invalid(errors);
  const account = await locked(changing.trx, username);
  if (username === changing.by && account.roles.includes("administrator") && !roles.includes("administrator"))
    throw new Refused("own-account", "Bạn không thể tự bỏ vai trò quản trị của mình.");
  if ([...roles].sort().join() === [...account.roles].sort().join()) return;
  await changing.trx("accounts").where({ username }).update({ roles });
  await note(changing, username, "roles", { before: account.roles, after: roles });
}

/** Closes an account, which ends its sessions, or opens it again. Throws Refused for one's own. */
export async function setActive(changing: Changing, username: string, active: boolean): Promise<void> {
  const { trx } = changing;
  const account = await locked(trx, username);
  if (username === changing.by && !active)
    throw new Refused("own-account", "Bạn không thể tự khóa tài khoản của mình.");
  if (account.active === active) return;
  await trx("accounts").where({ username }).update({ active });
  if (!active) await trx("sessions").where({ account_id: account.id }).delete();
  await note(changing, username, active ? "enabled" : "disabled");
}

/** Sets a password that its owner must change, and ends the account's sessions. Answers the password. */
export async function resetPassword(changing: Changing, username: string): Promise<string> {
  const { trx } = changing;
  const { id } = await locked(trx, username);
  const password = oneTimePassword();
  await trx("accounts")
    .where({ username })
    .update({ password_hash: await hashPassword(password), password_once: true });
  await trx("sessions").where({ account_id: id }).delete();
  await note(changing, username, "password-reset");
  return password;
}

/**
 * Changes one's own password and ends all other sessions of the account; the session of `keptToken` (its hash) goes on.
 * Throws Invalid when the present password is wrong or the new one will not do.
 */
export async function changeOwnPassword(
  changing: Changing,
  keptToken: Buffer,
  given: { present: string; next: string; again: string },
): Promise<void> {
  const { trx, by } = changing;
  const account = await locked(trx, by);
  const errors: FieldError[] = [];
  if (!(await isPassword(given.present, account.password_hash)))
    errors.push({ path: "present", message: "Mật khẩu hiện tại không đúng." });
  if (given.next.length < SHORTEST_PASSWORD || given.next.length > LONGEST_PASSWORD)
    errors.push({
      path: "next",
      message: `Mật khẩu mới dài từ ${SHORTEST_PASSWORD} đến ${LONGEST_PASSWORD} ký tự.`,
    });
  else if (given.next === given.present || given.next.toLowerCase().includes(by.toLowerCase()))
    errors.push({
      path: "next",
      message: "Mật khẩu mới phải khác mật khẩu hiện tại và không chứa tên đăng nhập.",
    });
  if (given.next !== given.again)
    errors.push({ path: "again", message: "Hai lần nhập mật khẩu mới không giống nhau." });
  if (errors.length > 0) throw new Invalid(errors);
  await trx("accounts")
    .where({ username: by })
    .update({ password_hash: await hashPassword(given.next), password_once: false });
  await trx("sessions").where({ account_id: account.id }).whereNot({ token_hash: keptToken }).delete();
  await note(changing, by, "password-changed");
}

async function checkPerson(
  trx: Knex.Transaction,
  { name, agency }: { name: string; agency: string },
  errors: FieldError[],
): Promise<void> {
  if (name === "" || name.length > 200 || /\p{Cc}/u.test(name))
    errors.push({ path: "name", message: "Hãy nhập họ và tên, không quá 200 ký tự." });
  const unit = await trx("agencies")
    .where({ code: agency })
    .whereNull("valid_to")
    .first<{ code: string } | undefined>("code");
  if (unit === undefined) errors.push({ path: "agency", message: "Hãy chọn một đơn vị trong danh sách." });
}

function knownRoles(given: string[], errors: FieldError[]): AccountRole[] {
  const roles = ACCOUNT_ROLES.filter((role) => given.includes(role));
  if (roles.length === 0) errors.push({ path: "roles", message: "Hãy chọn ít nhất một vai trò." });
  if (given.some((role) => !(ACCOUNT_ROLES as readonly string[]).includes(role)))
    errors.push({ path: "roles", message: `Vai trò là một trong: ${ACCOUNT_ROLES.join(", ")}.` });
  return roles;
}

interface AccountInDatabase {
  id: number;
  name: string;
  agency: string;
  roles: AccountRole[];
  active: boolean;
  password_hash: string;
}

async function locked(trx: Knex.Transaction, username: string) {
  const account = await trx("accounts")
    .where({ username })
    .forUpdate()
    .first<AccountInDatabase | undefined>(
      ...(["id", "name", "agency", "roles", "active", "password_hash"] satisfies (keyof AccountInDatabase)[]),
    );
  if (account === undefined) throw new NotFound("account-not-found", "Không có tài khoản này.");
  return account;
}

async function note(
  { trx, clock, by }: Changing,
  username: string,
  what: AccountChange,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await trx("account_changes").insert({
    at: clock.now(),
    by_username: by,
    username,
    what,
    detail: JSON.stringify(detail),
  });
}

/** Letters and figures that are not mistaken for one another when read from paper: 79 bits in sixteen. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

function oneTimePassword(): string {
  const four = () => Array.from({ length: 4 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join("");
  return [four(), four(), four(), four()].join("-");
}
