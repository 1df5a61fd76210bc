import { sign, verify, type KeyObject } from "node:crypto";
import { keyIdentifier, partsOf, SHA256_WITH_RSA } from "./certificate.ts";
import {
  bigInteger,
  bits,
  encoded,
  integer,
  type Node,
  octets,
  oid,
  sequence,
  tagged,
  taggedBytes,
  utcTime,
  verbatim,
} from "./der.ts";
import { contentsOf, isInteger, isTagged, isTime, members, oidOf, readDer, timeOf } from "./read-der.ts";
import type { ReadCertificate } from "./read-certificate.ts";
import { digestOfSignature } from "./signature-algorithms.ts";

export interface Revoked {
  /** Contents of the certificate's serial number. */
  serial: Buffer;
  at: Date;
}

/** Makes a certificate revocation list (RFC 5280, 5), SHA-256 with RSA. Answers DER. */
export function makeRevocationList(list: {
  issuer: Buffer;
  issuerKey: KeyObject;
  thisUpdate: Date;
  nextUpdate: Date;
  revoked: readonly Revoked[];
}): Buffer {
  const { subject, publicKey } = partsOf(list.issuer);
  const entries = list.revoked.map(({ serial, at }) => sequence(bigInteger(serial), utcTime(at)));
  const extension = (type: string, value: Node) => sequence(oid(type), octets(encoded(value)));
  const tbs = sequence(
    integer(1),
    SHA256_WITH_RSA(),
    verbatim(subject),
    utcTime(list.thisUpdate),
    utcTime(list.nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    tagged(
      0,
      sequence(
        extension("2.5.29.35", sequence(taggedBytes(0, keyIdentifier(publicKey)))),
        // Later lists have higher numbers.
        extension("2.5.29.20", integer(Math.floor(list.thisUpdate.getTime() / 1000))),
      ),
    ),
  );
  return encoded(sequence(tbs, SHA256_WITH_RSA(), bits(sign("sha256", encoded(tbs), list.issuerKey))));
}

export interface RevocationList {
  der: Buffer;
  issuer: Buffer;
  thisUpdate: Date;
  nextUpdate: Date | undefined;
  revoked: Revoked[];
  /** Whether this certificate's key signed the list. */
  isSignedBy(issuer: ReadCertificate): boolean;
}

/** Reads a revocation list in DER or PEM. Throws when it is none. */
export function readRevocationList(bytes: Buffer): RevocationList {
  const der = derOf(bytes);
  const [tbs, algorithm, signature] = members(readDer(der));
  if (!tbs || !algorithm || !signature) throw new Error("not a revocation list");
  const parts = members(tbs);
  if (isInteger(parts[0])) parts.shift();
  const [, issuer, thisUpdate, ...rest] = parts;
  if (!issuer) throw new Error("not a revocation list");
  const nextUpdate = rest[0] !== undefined && isTime(rest[0]) ? timeOf(rest.shift()) : undefined;
  const entries = rest[0] !== undefined && !isTagged(rest[0], 0) ? members(rest[0]) : [];
  return {
    der,
    issuer: issuer.bytes,
    thisUpdate: timeOf(thisUpdate),
    nextUpdate,
    revoked: entries.map((entry) => {
      const [serial, at] = members(entry);
      return { serial: contentsOf(serial), at: timeOf(at) };
    }),
    isSignedBy: ({ x509 }) =>
      verify(
        digestOfSignature(oidOf(members(algorithm)[0])),
        tbs.bytes,
        x509.publicKey,
        contentsOf(signature),
      ),
  };
}

function derOf(bytes: Buffer): Buffer {
  const text = bytes.subarray(0, 40).includes("-----BEGIN") ? bytes.toString("latin1") : undefined;
  const body = text === undefined ? undefined : /-----BEGIN X509 CRL-----([^-]+)-----END/.exec(text)?.[1];
  return body === undefined ? bytes : Buffer.from(body, "base64");
}
