import {
  createHash,
  createPrivateKey,
  generateKeyPair,
  randomUUID,
  sign,
  X509Certificate,
  type KeyObject,
} from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { makeCertificate, type DistinguishedName } from "./certificate.ts";
import type { SigningKey } from "./signing-key.ts";

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
}

/** All of the program's years, whatever its clock says (Vietnamese days, +07:00). */
const NOT_BEFORE = new Date("2021-01-01T00:00:00+07:00");
const NOT_AFTER = new Date("2045-12-31T23:59:59+07:00");

const PROVINCE = "Hậu Giang";
const WARNING = "Một cửa điện tử – chứng thư trình diễn, không có giá trị pháp lý";

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
}): Promise<DemonstrationAuthority> {
  if (options.production) throw new Error("the demonstration authority never runs in production");
  const { dir } = options;
  const root = await kept(join(dir, "root.pem"), () =>
    issue({ commonName: "CA gốc trình diễn", organisation: WARNING }, undefined, {}),
  );
  const signing = await kept(join(dir, "signing-authority.pem"), () =>
    issue({ commonName: "CA ký số trình diễn", organisation: WARNING }, root, { pathLength: 0 }),
  );
  const opened = new Map<string, Promise<SigningKey>>();

  function keyOf(folder: string, id: string, subject: DistinguishedName): Promise<SigningKey> {
    // The name of the file holds the whole subject: a new title or name is a new certificate, and old papers keep
    // the one they were signed with. It is a hash, so that no id can be a path.
    const file = createHash("sha256")
      .update(JSON.stringify([id, subject]))
      .digest("hex")
      .slice(0, 32);
    let key = opened.get(file);
    if (!key) {
      key = kept(join(dir, folder, `${file}.pem`), () => issue(subject, signing)).then(signingKey);
      key.catch(() => opened.delete(file));
      opened.set(file, key);
    }
    return key;
  }

  return {
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
  authority?: { pathLength?: number },
): Promise<Identity> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  const [issuerCertificate] = issuer?.chain ?? [];
  const certificate = makeCertificate({
    subject,
    publicKey,
    ...(issuerCertificate ? { issuer: { certificate: issuerCertificate } } : {}),
    issuerKey: issuer?.privateKey ?? privateKey,
    ...(authority ? { authority } : {}),
    notBefore: NOT_BEFORE,
    notAfter: NOT_AFTER,
  });
  return { privateKey, chain: [certificate, ...(issuer?.chain ?? [])] };
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
