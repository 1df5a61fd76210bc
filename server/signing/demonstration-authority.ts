import {
  createHash,
  createPrivateKey,
  generateKeyPair,
  randomUUID,
  sign,
  X509Certificate,
  type KeyObject,
} from "node:crypto";
import { link, mkdir, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { makeCertificate, type CertificateRequest, type DistinguishedName } from "./certificate.ts";
import { readCertificate } from "./read-certificate.ts";
import { makeRevocationList } from "./revocation-list.ts";
import type { SigningKey } from "./signing-key.ts";
import { stampTime } from "./stamp-time.ts";

/** A person who signs for an agency. `id` is the account's, and names the key. */
export interface Officer {
  id: string;
  name: string;
  title: string;
  agencyCode: string;
  agencyName: string;
}
export interface Agency {
  code: string;
  name: string;
}

export interface DemonstrationAuthority {
  /** What a checker has to trust, in PEM. */
  rootCertificate: string;
  /** The signing authority's certificate and the root's, in PEM. */
  chain: string;
  /** The key of an officer; made at the first call, the same ever after as long as name, title and agency are. */
  officerKey(officer: Officer): Promise<SigningKey>;
  /** The key of an agency, its seal. */
  agencyKey(agency: Agency): Promise<SigningKey>;
  /** Answers a request for a timestamp (RFC 3161) in DER, with a key of its own. */
  stampTime(query: Buffer, at: Date): Promise<Buffer>;
  /** What stands under its addresses at this moment, in DER: revocation lists and authorities' certificates. */
  published(kind: string, name: string, at: Date): Promise<Buffer | undefined>;
  /** Puts a certificate on the revocation list, for good. */
  revoke(certificate: Buffer, at: Date): Promise<void>;
}

/** Under which address of the program the authority publishes. */
export const DEMONSTRATION_PATH = "/demonstration-authority";

/** All of the program's years, whatever its clock says (Vietnamese days, +07:00). */
const NOT_BEFORE = new Date("2021-01-01T00:00:00+07:00");
const NOT_AFTER = new Date("2045-12-31T23:59:59+07:00");

const PROVINCE = "Hậu Giang";
const WARNING = "Một cửa điện tử – chứng thư trình diễn, không có giá trị pháp lý";

/** Lists are good for a week; each one asked for is made anew. */
const LIST_DAYS = 7;

interface Identity {
  privateKey: KeyObject;
  /** Own certificate first, then its issuers up to the root; DER. */
  chain: Buffer[];
}

/**
 * Opens the demonstration authority in `dir`, and makes it there at the first start: a root and a signing authority,
 * then keys for officers and agencies as they are asked for. Several processes may open it at once.
 * Throws when `production` is true: its keys lie unprotected on the disk and vouch for nobody.
 */
export async function openDemonstrationAuthority(options: {
  dir: string;
  production: boolean;
  /** Where the program is to be found: written into certificates when they are made, as where to look for lists. */
  publicUrl?: string;
}): Promise<DemonstrationAuthority> {
  if (options.production) throw new Error("the demonstration authority never runs in production");
  const { dir, publicUrl = "http://localhost:3000" } = options;
  const addresses = (issuer: "root" | "signing") => ({
    crl: `${publicUrl}${DEMONSTRATION_PATH}/crl/${issuer}.crl`,
    issuer: `${publicUrl}${DEMONSTRATION_PATH}/ca/${issuer}.crt`,
  });
  const root = await kept(join(dir, "root.pem"), () =>
    issue({ commonName: "CA gốc trình diễn", organisation: WARNING }, undefined, { authority: {} }),
  );
  // The second: certificates of the first did not say where to look for its revocation list.
  const signing = await kept(join(dir, "signing-authority-2.pem"), () =>
    issue({ commonName: "CA ký số trình diễn G2", organisation: WARNING }, root, {
      authority: { pathLength: 0 },
      addresses: addresses("root"),
    }),
  );
  const opened = new Map<string, Promise<SigningKey>>();

  function keyOf(folder: string, id: string, subject: DistinguishedName): Promise<SigningKey> {
    // The name of the file holds the whole subject: a new title or name is a new certificate, and old papers keep
    // the one they were signed with. It is a hash, so that no id can be a path.
    const file = createHash("sha256")
      .update(JSON.stringify([id, subject, "G2"]))
      .digest("hex")
      .slice(0, 32);
    let key = opened.get(file);
    if (!key) {
      key = kept(join(dir, folder, `${file}.pem`), () =>
        issue(subject, signing, { addresses: addresses("signing") }),
      ).then(signingKey);
      key.catch(() => opened.delete(file));
      opened.set(file, key);
    }
    return key;
  }

  let stamping: Promise<SigningKey> | undefined;
  const stampingKey = () => {
    const subject = { commonName: "Dịch vụ dấu thời gian trình diễn", organisation: WARNING };
    const make = () => issue(subject, signing, { stampsTime: true, addresses: addresses("signing") });
    stamping ??= kept(join(dir, "timestamps.pem"), make).then(signingKey);
    return stamping;
  };

  async function listOf(authority: Identity, at: Date): Promise<Buffer> {
    const [issuer] = authority.chain;
    if (issuer === undefined) throw new Error("an authority without its certificate");
    return makeRevocationList({
      issuer,
      issuerKey: authority.privateKey,
      thisUpdate: at,
      nextUpdate: new Date(at.getTime() + LIST_DAYS * 86_400_000),
      revoked: await revokedIn(join(dir, "revoked"), readCertificate(issuer).keyHash),
    });
  }

  return {
    stampTime: async (query, at) => stampTime(query, await stampingKey(), at),
    async published(kind, name, at) {
      const authority = new Map([
        ["root", root],
        ["signing", signing],
      ]).get(name.replace(/\.(crl|crt)$/, ""));
      if (authority === undefined) return undefined;
      return kind === "crl" ? listOf(authority, at) : kind === "ca" ? authority.chain[0] : undefined;
    },
    async revoke(certificate, at) {
      const { serial, issuer } = readCertificate(certificate);
      const authority = [root, signing].find(
        ({ chain: [own] }) => own && readCertificate(own).subject.equals(issuer),
      );
      const [own] = authority?.chain ?? [];
      if (own === undefined) throw new Error("the certificate is not one of this authority");
      const folder = join(dir, "revoked");
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const name = `${readCertificate(own).keyHash.toString("hex")}-${serial.toString("hex")}`;
      await writeFile(join(folder, name), at.toISOString(), { mode: 0o600 });
    },
    rootCertificate: pem(root.chain.slice(0, 1)),
    chain: pem(signing.chain),
    officerKey: ({ id, name, title, agencyCode, agencyName }) =>
      keyOf("officers", id, {
        province: PROVINCE,
        organisation: agencyName,
        organisationIdentifier: agencyCode,
        title,
        commonName: name,
      }),
    agencyKey: ({ code, name }) =>
      keyOf("agencies", code, {
        province: PROVINCE,
        organisation: name,
        organisationIdentifier: code,
        commonName: name,
      }),
  };
}

function signingKey({ privateKey, chain }: Identity): SigningKey {
  return {
    certificateChain: chain,
    // With a callback node:crypto signs in its thread pool and the event loop goes on.
    sign: (bytes) =>
      new Promise((resolve, reject) => {
        sign("sha256", bytes, privateKey, (error, signature) => {
          if (error) reject(error);
          else resolve(signature);
        });
      }),
  };
}

async function issue(
  subject: DistinguishedName,
  issuer?: Identity,
  kind: Pick<CertificateRequest, "authority" | "stampsTime" | "addresses"> = {},
): Promise<Identity> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const [issuerCertificate] = issuer?.chain ?? [];
  const certificate = makeCertificate({
    subject,
    publicKey,
    ...(issuerCertificate ? { issuer: { certificate: issuerCertificate } } : {}),
    issuerKey: issuer?.privateKey ?? privateKey,
    ...kind,
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
  });
  return { privateKey, chain: [certificate, ...(issuer?.chain ?? [])] };
}

/** Each revoked certificate is a file: its issuer's and its own number in the name, since when inside. */
async function revokedIn(folder: string, issuerKeyHash: Buffer) {
  const names = await readdir(folder).catch(() => []);
  const own = names.filter((name) => name.startsWith(`${issuerKeyHash.toString("hex")}-`));
  return Promise.all(
    own.map(async (name) => ({
      serial: Buffer.from(name.split("-")[1] ?? "", "hex"),
      at: new Date(await readFile(join(folder, name), "utf8")),
    })),
  );
}

/** Reads an identity, or makes it and keeps it; where two make it at once, the one first on the disk stays. */
async function kept(file: string, make: () => Promise<Identity>): Promise<Identity> {
  const found = await readIdentity(file);
  if (found) return found;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const made = await make();
  const text = String(made.privateKey.export({ type: "pkcs8", format: "pem" })) + pem(made.chain);
  const temporary = `${file}.${randomUUID()}`;
  try {
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(temporary, file);
    return made;
  } catch (cause) {
    const first = (cause as NodeJS.ErrnoException).code === "EEXIST" ? await readIdentity(file) : undefined;
    if (first) return first;
    throw cause;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function readIdentity(file: string): Promise<Identity | undefined> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  });
  if (text === undefined) return undefined;
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return { privateKey: createPrivateKey(text), chain: blocks.map((block) => new X509Certificate(block).raw) };
}

function pem(certificates: Buffer[]): string {
  return certificates.map((der) => new X509Certificate(der).toString()).join("");
}
