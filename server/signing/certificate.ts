import { createHash, randomBytes, sign, type KeyObject } from "node:crypto";
import {
  bigInteger,
  bits,
  bool,
  encoded,
  integer,
  type Node,
  nothing,
  octets,
  oid,
  printableString,
  sequence,
  setOf,
  tagged,
  taggedBytes,
  utcTime,
  utf8,
  verbatim,
} from "./der.ts";
import { contentsOf, isTagged, members, readDer } from "./read-der.ts";

/** Names of one subject, each left out when undefined. */
export interface DistinguishedName {
  province?: string;
  organisation?: string;
  organisationIdentifier?: string;
  title?: string;
  commonName: string;
  serialNumber?: string;
}

export interface CertificateRequest {
  subject: DistinguishedName;
  publicKey: KeyObject;
  /** The issuer's certificate and key; absent: signed by itself. */
  issuer?: { certificate: Buffer };
  issuerKey: KeyObject;
  /** An authority: how many further authorities may stand below it (undefined: any number). */
  authority?: { pathLength?: number };
  /** Stamps times (RFC 3161, 2.3) and does nothing else. */
  stampsTime?: boolean;
  /** Where its issuer's revocation list and certificate are to be had. */
  addresses?: { crl: string; issuer: string };
  notBefore: Date;
  notAfter: Date;
}

export const SHA256_WITH_RSA = () => sequence(oid("1.2.840.113549.1.1.11"), nothing());

/** Makes an X.509 v3 certificate (RFC 5280), SHA-256 with RSA, names in UTF-8. Answers its DER. */
export function makeCertificate(request: CertificateRequest): Buffer {
  const subject = nameOf(request.subject);
  const key = request.publicKey.export({ type: "spki", format: "der" });
  const tbs = sequence(
    tagged(0, integer(2)),
    bigInteger(Buffer.concat([Buffer.from([0x4d]), randomBytes(15)])), // positive, without a leading zero
    SHA256_WITH_RSA(),
    request.issuer ? verbatim(partsOf(request.issuer.certificate).subject) : subject,
    sequence(utcTime(request.notBefore), utcTime(request.notAfter)),
    subject,
    verbatim(key),
    tagged(3, extensionsOf(request, key)),
  );
  return encoded(sequence(tbs, SHA256_WITH_RSA(), bits(sign("sha256", encoded(tbs), request.issuerKey))));
}

/** Issuer, subject, serial number and key of a certificate in DER, as they stand there byte for byte. */
export function partsOf(certificate: Buffer) {
  const tbs = members(members(readDer(certificate))[0]).filter((part) => !isTagged(part, 0));
  const [serialNumber, , issuer, , subject, publicKey] = tbs.map(({ bytes }) => bytes);
  if (!serialNumber || !issuer || !subject || !publicKey) throw new Error("not an X.509 certificate");
  return { serialNumber, issuer, subject, publicKey };
}

function nameOf(name: DistinguishedName): Node {
  const part = (type: string, value: Node) => setOf(sequence(oid(type), value));
  const optional = (type: string, value: string | undefined) => (value ? [part(type, utf8(value))] : []);
  return sequence(
    part("2.5.4.6", printableString("VN")),
    ...optional("2.5.4.8", name.province),
    ...optional("2.5.4.10", name.organisation),
    ...optional("2.5.4.97", name.organisationIdentifier),
    ...optional("2.5.4.12", name.title),
    part("2.5.4.3", utf8(name.commonName)),
    ...(name.serialNumber ? [part("2.5.4.5", printableString(name.serialNumber))] : []),
  );
}

const KEY_USAGE = { signAndCommit: bits(Buffer.from([0xc0]), 6), certificates: bits(Buffer.from([0x06]), 1) };

/** Document signing (RFC 9336), the same of Microsoft, and e-mail protection, by which openssl and NSS judge a CMS. */
const SIGNING_PURPOSES = ["1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.10.3.12", "1.3.6.1.5.5.7.3.4"];

const STAMPING_PURPOSE = "1.3.6.1.5.5.7.3.8";

function extensionsOf(request: CertificateRequest, key: Buffer): Node {
  const { authority, issuer, stampsTime = false, addresses } = request;
  const purposes = sequence(...(stampsTime ? [STAMPING_PURPOSE] : SIGNING_PURPOSES).map(oid));
  const uri = (address: string) => taggedBytes(6, Buffer.from(address, "latin1"));
  const extension = (type: string, value: Node, critical = false) =>
    sequence(oid(type), ...(critical ? [bool(true)] : []), octets(encoded(value)));
  const own = keyIdentifier(key);
  const above = issuer ? keyIdentifier(partsOf(issuer.certificate).publicKey) : own;
  const pathLength = authority?.pathLength === undefined ? [] : [integer(authority.pathLength)];
  return sequence(
    authority
      ? extension("2.5.29.19", sequence(bool(true), ...pathLength), true)
      : extension("2.5.29.19", sequence(), true),
    extension("2.5.29.15", authority ? KEY_USAGE.certificates : KEY_USAGE.signAndCommit, true),
    ...(authority ? [] : [extension("2.5.29.37", purposes, stampsTime)]),
    ...(addresses === undefined
      ? []
      : [
          extension("2.5.29.31", sequence(sequence(tagged(0, tagged(0, uri(addresses.crl)))))),
          extension(
            "1.3.6.1.5.5.7.1.1",
            sequence(sequence(oid("1.3.6.1.5.5.7.48.2"), uri(addresses.issuer))),
          ),
        ]),
    extension("2.5.29.14", octets(own)),
    extension("2.5.29.35", sequence(taggedBytes(0, above))),
  );
}

/** RFC 5280, 4.2.1.2, method 1: SHA-1 over the key's bits. */
export function keyIdentifier(publicKey: Buffer): Buffer {
  return createHash("sha1")
    .update(contentsOf(members(readDer(publicKey))[1]))
    .digest();
}
