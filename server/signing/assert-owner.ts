import type { Knex } from "knex";
import { Invalid } from "../platform/errors.ts";
import type { OwnerKind } from "./configured-keys.ts";

/** Throws Invalid when there is no such officer (by user name) or agency (by code). */
export async function assertOwner(
  db: Knex,
  { ownerKind, owner }: { ownerKind: OwnerKind; owner: string },
): Promise<void> {
  const found =
    ownerKind === "officer"
      ? await db("accounts").where({ username: owner }).first<object | undefined>("username")
      : await db("agencies").where({ code: owner }).first<object | undefined>("code");
  if (found !== undefined) return;
  const message = ownerKind === "officer" ? `Không có tài khoản ${owner}.` : `Không có cơ quan mã ${owner}.`;
  throw new Invalid([{ path: ownerKind, message }], message);
}
