import { X509Certificate } from "node:crypto";
import {
  asn,
  member,
  numberOf,
  oidOf,
  octetsOf,
  serialOf,
  tagged,
  textOf,
  timeOf,
  type Asn,
} from "./der-reader.ts";
import { NotJudged, type FindingCode } from "./findings.ts";
import { isWeak } from "./algorithms.ts";

/** A certificate with what judging it needs; issuer and subject byte for byte, whatever their letters. */
export interface Certificate {
  der: Buffer;
  x509: X509Certificate;
  issuer: Buffer;
  subject: Buffer;
  serial: string;
  notBefore: Date;
  notAfter: Date;
  names: Names;
  issuerNames: Names;
  isAuthority: boolean;
  pathLength: number | undefined;
  /** Bits of key usage as RFC 5280 counts them; undefined: any use. */
  keyUsage: Set<number> | undefined;
  /** Purposes by their identifiers; undefined: any. */
  purposes: { list: string[]; critical: boolean } | undefined;
  /** Critical extensions that we do not understand. */
  unknown: string[];
  weak: boolean;
}

export interface Names {
  commonName?: string;
  organisation?: string;
  unit?: string;
  title?: string;
}

const NAME_PARTS: Record<string, keyof Names> = {
  "2.5.4.3": "commonName",
  "2.5.4.10": "organisation",
  "2.5.4.11": "unit",
  "2.5.4.12": "title",
};
const BASIC_CONSTRAINTS = "2.5.29.19";
const KEY_USAGE = "2.5.29.15";
const PURPOSES = "2.5.29.37";
/** Understood, or of no weight here: policies. */
const UNDERSTOOD = new Set([BASIC_CONSTRAINTS, KEY_USAGE, PURPOSES, "2.5.29.32", "2.5.29.36", "2.5.29.54"]);

/** Reads a certificate in DER. Throws when it is none; NotJudged `algorithm-not-supported` for a key of unknown kind. */
export function readCertificate(der: Buffer): Certificate {
  const x509 = new X509Certificate(der);
  if (!hasReadableKey(x509))
    throw new NotJudged("algorithm-not-supported", `the key of certificate ${x509.serialNumber}`);
  const whole = asn(x509.raw);
  const tbs = member(whole, 0, 0x30);
  const at = tagged(tbs, 0xa0) === undefined ? 0 : 1;
  const issuer = member(tbs, at + 2, 0x30);
  const validity = member(tbs, at + 3, 0x30);
  const subject = member(tbs, at + 4, 0x30);
  const certificate: Certificate = {
    der: x509.raw,
    x509,
    issuer: issuer.whole,
    subject: subject.whole,
    serial: serialOf(member(tbs, at)),
    notBefore: timeOf(validity.members[0]),
    notAfter: timeOf(validity.members[1]),
    names: namesOf(subject),
    issuerNames: namesOf(issuer),
    isAuthority: false,
    pathLength: undefined,
    keyUsage: undefined,
    purposes: undefined,
    unknown: [],
    weak: isWeak(oidOf(member(member(whole, 1), 0))) || isShort(x509),
  };
  for (const extension of tagged(tbs, 0xa3)?.members[0]?.members ?? []) readExtension(certificate, extension);
  return certificate;
}

function readExtension(certificate: Certificate, extension: Asn): void {
  const id = oidOf(member(extension, 0));
  const critical = extension.members[1]?.tag === 0x01 && extension.members[1].content[0] !== 0;
  const value = octetsOf(extension.members.at(-1));
  if (critical && !UNDERSTOOD.has(id)) certificate.unknown.push(id);
  if (id === BASIC_CONSTRAINTS) {
    const [first, second] = asn(value).members;
    certificate.isAuthority = first?.tag === 0x01 && first.content[0] !== 0;
    if (second !== undefined) certificate.pathLength = numberOf(second);
  } else if (id === KEY_USAGE) {
    const bits = asn(value).content.subarray(1);
    certificate.keyUsage = new Set(
      [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => ((bits[0] ?? 0) & (0x80 >> bit)) !== 0),
    );
  } else if (id === PURPOSES) certificate.purposes = { list: asn(value).members.map(oidOf), critical };
}

function namesOf(name: Asn): Names {
  const names: Names = {};
  for (const set of name.members)
    for (const part of set.members) {
      const key = NAME_PARTS[oidOf(part.members[0])];
      if (key !== undefined) names[key] ??= textOf(part.members[1]);
    }
  return names;
}

function hasReadableKey(x509: X509Certificate): boolean {
  try {
    return x509.publicKey.type === "public";
  } catch {
    return false;
  }
}

function isShort({ publicKey }: X509Certificate): boolean {
  const bits = publicKey.asymmetricKeyDetails?.modulusLength;
  return bits !== undefined && bits < 2048;
}

export interface Chain {
  /** The signer's certificate first; as far as issuers were found. */
  certificates: Certificate[];
  /** Whether it ends at a certificate that we trust. */
  trusted: boolean;
  problem: { code: FindingCode; detail: string } | undefined;
}

const MAX_DEPTH = 8;
/** A file may carry many certificates of one name: trying each under each has an end. */
const MOST_VERIFIED = 200;
const [DIGITAL_SIGNATURE, CONTENT_COMMITMENT, SIGNS_CERTIFICATES] = [0, 1, 5];
const TIMESTAMPING = "1.3.6.1.5.5.7.3.8";
/** For servers, programs, timestamps and revocation answers: a certificate for these alone signs no papers. */
const OTHER_PURPOSES = new Set(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.3", TIMESTAMPING, "1.3.6.1.5.5.7.3.9"]);

/** The way from a certificate to one that is trusted, through whichever issuers are at hand; what is wrong on the way. */
export function chainOf(
  leaf: Certificate,
  pool: readonly Certificate[],
  trusted: readonly Certificate[],
  use: "paper" | "timestamp",
): Chain {
  const isTrusted = (one: Certificate) => trusted.some(({ der }) => der.equals(one.der));
  const all = [...trusted, ...pool];
  let best: Certificate[] = [leaf];
  const namesakes: Certificate[] = [];
  let tries = MOST_VERIFIED;
  const climb = (path: Certificate[]): Certificate[] | undefined => {
    const top = path.at(-1);
    if (top === undefined || path.length > MAX_DEPTH) return undefined;
    if (isTrusted(top)) return path;
    if (path[0] === leaf && path.length > best.length) best = path;
    for (const one of all) {
      if (!one.subject.equals(top.issuer) || path.some(({ der }) => der.equals(one.der))) continue;
      if (tries-- <= 0) return undefined;
      if (!top.x509.verify(one.x509.publicKey)) namesakes.push(one);
      else {
        const found = climb([...path, one]);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  const found = climb([leaf]);
  const certificates = found ?? best;
  const problem = wrongLink(certificates, isTrusted) ?? wrongUse(leaf, use);
  if (problem !== undefined) return { certificates, trusted: found !== undefined, problem };
  const top = certificates.at(-1);
  const isNamesake = namesakes.some((one) => climb([one]) !== undefined);
  const selfMade = top?.x509.verify(top.x509.publicKey) === true;
  if (found === undefined && isNamesake && !selfMade && certificates.length === 1)
    return {
      certificates,
      trusted: false,
      problem: {
        code: "chain-broken",
        detail: "the trusted issuer of this name did not sign the certificate",
      },
    };
  return { certificates, trusted: found !== undefined, problem: undefined };
}

function wrongLink(certificates: Certificate[], isTrusted: (one: Certificate) => boolean): Chain["problem"] {
  for (const one of certificates) {
    const where = `certificate ${one.serial}`;
    if (isTrusted(one)) continue;
    if (one.weak) return { code: "weak-algorithm", detail: where };
    if (one.unknown.length > 0)
      return { code: "certificate-not-for-signing", detail: `${where}: ${one.unknown.join(", ")}` };
  }
  for (const [at, one] of certificates.slice(1).entries()) {
    const signs = one.isAuthority && one.keyUsage?.has(SIGNS_CERTIFICATES) !== false;
    if (!signs || (one.pathLength !== undefined && at > one.pathLength))
      return { code: "chain-broken", detail: `certificate ${one.serial} is no authority for this` };
  }
  return undefined;
}

function wrongUse({ keyUsage, purposes, serial }: Certificate, use: "paper" | "timestamp"): Chain["problem"] {
  const detail = `certificate ${serial}`;
  if (keyUsage !== undefined && !keyUsage.has(DIGITAL_SIGNATURE) && !keyUsage.has(CONTENT_COMMITMENT))
    return { code: "certificate-not-for-signing", detail };
  // RFC 3161, 2.3: this purpose alone, and critical.
  const forTime = purposes?.list.length === 1 && purposes.list[0] === TIMESTAMPING && purposes.critical;
  if (use === "timestamp")
    return forTime ? undefined : { code: "timestamp-broken", detail: `${detail} is no TSA's` };
  const forOthers = purposes?.list.every((one) => OTHER_PURPOSES.has(one)) === true;
  return forOthers ? { code: "certificate-not-for-signing", detail } : undefined;
}

/** The first certificate of a chain, its trusted or self-signed end left out, that was not valid at a time. */
export function notValidAt({ certificates, trusted }: Chain, at: Date): Certificate | undefined {
  const top = certificates.at(-1);
  const isEnd = trusted || top?.issuer.equals(top.subject) === true;
  const judged = isEnd && certificates.length > 1 ? certificates.slice(0, -1) : certificates;
  return judged.find(({ notBefore, notAfter }) => at < notBefore || at > notAfter);
}
