import { createHash, X509Certificate } from "node:crypto";
import { contentsOf, type Der, isTagged, members, oidOf, readDer, timeOf } from "./read-der.ts";

/** What a certificate says of itself, as far as signing needs it. */
export interface ReadCertificate {
  der: Buffer;
  readonly x509: X509Certificate;
  subject: Buffer;
  issuer: Buffer;
  /** Contents of the serial number. */
  serial: Buffer;
  notBefore: Date;
  notAfter: Date;
  selfIssued: boolean;
  /** Where revocation lists, the state of the certificate (OCSP) and the issuer's certificate are to be had. */
  crlAddresses: string[];
  ocspAddresses: string[];
  issuerAddresses: string[];
  /** SHA-1 over the key's bits (RFC 6960 names issuers by it). */
  keyHash: Buffer;
}

/** Reads a certificate in DER. Throws when it is none. */
export function readCertificate(der: Buffer): ReadCertificate {
  const tbs = members(members(readDer(der))[0]).filter((part) => !isTagged(part, 0));
  const [serial, , issuer, validity, subject, key] = tbs;
  if (!serial || !issuer || !subject || !key) throw new Error("not an X.509 certificate");
  const [notBefore, notAfter] = members(validity);
  const extensions = extensionsOf(tbs.find((part) => isTagged(part, 3)));
  const subjectBytes = subject.bytes;
  const issuerBytes = issuer.bytes;
  let x509: X509Certificate | undefined;
  const access = accessOf(extensions.get("1.3.6.1.5.5.7.1.1"));
  return {
    der,
    // Made when it is needed: most certificates are only compared.
    get x509() {
      return (x509 ??= new X509Certificate(der));
    },
    subject: subjectBytes,
    issuer: issuerBytes,
    serial: contentsOf(serial),
    notBefore: timeOf(notBefore),
    notAfter: timeOf(notAfter),
    selfIssued: subjectBytes.equals(issuerBytes),
    crlAddresses: addressesIn(extensions.get("2.5.29.31")),
    ocspAddresses: access.filter(([method]) => method === OCSP).map(([, address]) => address),
    issuerAddresses: access.filter(([method]) => method === ISSUERS).map(([, address]) => address),
    keyHash: createHash("sha1")
      .update(contentsOf(members(key)[1]))
      .digest(),
  };
}

const OCSP = "1.3.6.1.5.5.7.48.1";
const ISSUERS = "1.3.6.1.5.5.7.48.2";

function extensionsOf(tagged: Der | undefined): Map<string, Der> {
  const all = tagged === undefined ? [] : members(members(tagged)[0]);
  return new Map(
    all.map((extension) => {
      const parts = members(extension);
      return [oidOf(parts[0]), readDer(contentsOf(parts.at(-1)))];
    }),
  );
}

/** URIs below an extension: [6] of a GeneralName (RFC 5280, 4.2.1.6), wherever they stand. */
function addressesIn(value: Der | undefined): string[] {
  if (value === undefined) return [];
  if (isTagged(value, 6)) {
    const address = value.contents.toString("latin1");
    return /^https?:\/\//i.test(address) ? [address] : [];
  }
  return (value.tag & 0x20) === 0 ? [] : members(value).flatMap(addressesIn);
}

function accessOf(node: Der | undefined): [method: string, address: string][] {
  if (node === undefined) return [];
  return members(node).flatMap((description) => {
    const [method, location] = members(description);
    return addressesIn(location).map((address): [string, string] => [oidOf(method), address]);
  });
}

/** Who issued a certificate, among these: by name and by signature. */
export function issuerAmong(
  certificate: ReadCertificate,
  candidates: readonly ReadCertificate[],
): ReadCertificate | undefined {
  return candidates.find(
    ({ subject, x509 }) => subject.equals(certificate.issuer) && certificate.x509.verify(x509.publicKey),
  );
}
