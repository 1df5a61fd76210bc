import { readFile } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { X509Certificate } from "node:crypto";
import type { Knex } from "knex";
import type { Clock } from "../platform/clock.ts";
import { Invalid, NotFound } from "../platform/errors.ts";
import { assertOwner } from "./assert-owner.ts";
import type { CloudService } from "./cloud-service.ts";
import { certificatesInPem, type KeyKind, type OwnerKind } from "./configured-keys.ts";
import { certificatesOnToken, readTokenPlace } from "./pkcs11-key.ts";
import { openPkcs12 } from "./pkcs12-key.ts";
import { issuerAmong, readCertificate } from "./read-certificate.ts";

/** What is entered for an owner. */
export interface NewKey {
  ownerKind: OwnerKind;
  owner: string;
  kind: KeyKind;
  place: string;
  /** Further certificates (PEM): the signer's own where the key does not carry it, and its issuers. */
  certificates?: string | undefined;
  /** Opens a PKCS#12 file to read its certificates; not kept. */
  pin?: string | undefined;
}

export interface KeyDeps {
  /** Acts as the owner: the running program may only read. */
  db: Knex;
  clock: Clock;
  cloud: CloudService | undefined;
}

/**
 * Enters whose key lies where, in place of the owner's earlier one. The certificate is read from the key itself where
 * it carries one, and put before its issuers. Answers it.
 * Throws Invalid when there is no such officer or agency, no certificate, one of no RSA key or out of its time, and
 * what the key throws.
 */
export async function enterKey({ db, clock, cloud }: KeyDeps, key: NewKey): Promise<X509Certificate> {
  await assertOwner(db, key);
  const given = certificatesInPem(key.certificates ?? "");
  const chain = chainOf([...(await certificatesOfKey(key, cloud)), ...given]);
  const [own] = chain;
  if (own === undefined)
    throw wrong("certificate", "Không tìm thấy chứng thư số của khóa ký; hãy chỉ rõ bằng --certificate.");
  const certificate = new X509Certificate(own);
  const now = clock.now();
  if (certificate.publicKey.asymmetricKeyType !== "rsa")
    throw wrong("certificate", "Chứng thư không phải của khóa RSA: chỉ ký được bằng khóa RSA.");
  if (now < new Date(certificate.validFrom) || now > new Date(certificate.validTo))
    throw wrong("certificate", "Chứng thư chưa có hiệu lực hoặc đã hết hạn.");
  await db.transaction(async (trx) => {
    await trx("signing_keys")
      .where({ owner_kind: key.ownerKind, owner: key.owner, active: true })
      .update({ active: false, removed_at: now });
    await trx("signing_keys").insert({
      owner_kind: key.ownerKind,
      owner: key.owner,
      kind: key.kind,
      place: key.place,
      certificate: chain.map((der) => new X509Certificate(der).toString()).join(""),
      entered_at: now,
    });
  });
  return certificate;
}

/** Takes the owner's key out of use. Throws NotFound when he has none. */
export async function removeKey(
  { db, clock }: Pick<KeyDeps, "db" | "clock">,
  ownerKind: OwnerKind,
  owner: string,
): Promise<void> {
  const removed = await db("signing_keys")
    .where({ owner_kind: ownerKind, owner, active: true })
    .update({ active: false, removed_at: clock.now() });
  if (removed === 0)
    throw new NotFound("no-signing-key", "Không có khóa ký nào đang dùng của người hoặc đơn vị này.");
}

export interface ListedKey {
  ownerKind: OwnerKind;
  owner: string;
  kind: KeyKind;
  place: string;
  subject: string;
  validTo: Date;
}

/** The keys in use. */
export async function listKeys(db: Knex): Promise<ListedKey[]> {
  const rows = await db
    .select<{ ownerKind: OwnerKind; owner: string; kind: KeyKind; place: string; certificate: string }[]>({
      ownerKind: "owner_kind",
      owner: "owner",
      kind: "kind",
      place: "place",
      certificate: "certificate",
    })
    .from("signing_keys")
    .where({ active: true })
    .orderBy(["owner_kind", "owner"]);
  return rows.map(({ certificate, ...rest }) => {
    const own = new X509Certificate(certificate);
    return { ...rest, subject: own.subject.replaceAll("\n", ", "), validTo: new Date(own.validTo) };
  });
}

async function certificatesOfKey(
  { kind, place, pin }: NewKey,
  cloud: CloudService | undefined,
): Promise<Buffer[]> {
  switch (kind) {
    case "p12":
      if (!isAbsolute(place)) throw wrong("place", "Đường dẫn tệp khóa phải là đường dẫn tuyệt đối.");
      await readFile(place).catch((cause: unknown) => {
        throw wrong("place", `Không đọc được tệp ${place}: ${(cause as NodeJS.ErrnoException).code ?? ""}.`);
      });
      return (await openPkcs12(place, pin)).certificates;
    case "pkcs11":
      return certificatesOnToken(readTokenPlace(place));
    case "csc":
      if (cloud === undefined)
        throw wrong("place", "Chưa cấu hình dịch vụ ký số từ xa: cần CSC_URL và thông tin đăng nhập.");
      return (await cloud.credential(place)).certificates;
  }
}

/** The first certificate, then its issuers as far as they are at hand, each once. */
function chainOf(certificates: Buffer[]): Buffer[] {
  const all = certificates.map(readCertificate);
  const chain = all.slice(0, 1);
  for (let last = chain[0]; last !== undefined && !last.selfIssued && chain.length < 8; last = chain.at(-1)) {
    const issuer = issuerAmong(last, all);
    if (issuer === undefined || chain.includes(issuer)) break;
    chain.push(issuer);
  }
  return chain.map(({ der }) => der);
}

function wrong(path: string, message: string): Invalid {
  return new Invalid([{ path, message }], message);
}
