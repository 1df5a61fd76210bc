import { createHash, verify } from "node:crypto";
import { bigInteger, encoded, nothing, octets, oid, sequence } from "./der.ts";
import { contentsOf, type Der, isTagged, members, numberOf, oidOf, readDer, timeOf } from "./read-der.ts";
import { issuerAmong, readCertificate, type ReadCertificate } from "./read-certificate.ts";
import { digestOfSignature } from "./signature-algorithms.ts";

/** RFC 6960 names issuers by SHA-1 hashes, which all responders know; nothing is signed with it. */
const SHA1 = "1.3.14.3.2.26";
const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

/** Asks for the state of one certificate (RFC 6960, 4.1). Answers DER. */
export function ocspRequest(certificate: ReadCertificate, issuer: ReadCertificate): Buffer {
  const id = sequence(
    sequence(oid(SHA1), nothing()),
    octets(createHash("sha1").update(issuer.subject).digest()),
    octets(issuer.keyHash),
    bigInteger(certificate.serial),
  );
  return encoded(sequence(sequence(sequence(sequence(id)))));
}

export type OcspState = "good" | "revoked" | "unknown";

export interface OcspAnswer {
  state: OcspState;
  /** Since when it is revoked. */
  revokedAt: Date | undefined;
  thisUpdate: Date;
  nextUpdate: Date | undefined;
  /** Of the responder, when it is not the issuer itself. */
  certificates: Buffer[];
}

/**
 * Reads an answer about this certificate (RFC 6960, 4.2). Throws when it is about another one, or not signed by the
 * issuer or by somebody whom the issuer named for it.
 */
export function readOcspAnswer(
  der: Buffer,
  certificate: ReadCertificate,
  issuer: ReadCertificate,
): OcspAnswer {
  const [status, wrapped] = members(readDer(der));
  if (numberOf(status) !== 0 || wrapped === undefined) throw new Error("the responder gives no answer");
  const [, bytes] = members(members(wrapped)[0]);
  const [data, algorithm, signature, extra] = members(readDer(contentsOf(bytes)));
  if (!data || !algorithm || !signature) throw new Error("this is no OCSP answer");
  const certificates = extra === undefined ? [] : members(members(extra)[0]).map((one) => one.bytes);
  assertSigned(data, algorithm, signature, certificates.map(readCertificate), issuer);
  const parts = members(data).filter((part) => !isTagged(part, 0));
  // The responder's id is [1] or [2]; the moment and the answers follow it.
  const answers = members(parts[2]);
  const single = answers.find((one) => contentsOf(members(members(one)[0])[3]).equals(certificate.serial));
  if (single === undefined) throw new Error("the answer is about another certificate");
  const [id, state, thisUpdate, ...rest] = members(single);
  if (!contentsOf(members(id)[2]).equals(issuer.keyHash))
    throw new Error("the answer is about another issuer");
  const next = rest.find((part) => isTagged(part, 0));
  const revoked = isTagged(state, 1);
  return {
    state: isTagged(state, 0) ? "good" : revoked ? "revoked" : "unknown",
    revokedAt: revoked ? timeOf(members(state)[0]) : undefined,
    thisUpdate: timeOf(thisUpdate),
    nextUpdate: next === undefined ? undefined : timeOf(members(next)[0]),
    certificates,
  };
}

function assertSigned(
  data: Der,
  algorithm: Der,
  signature: Der,
  certificates: ReadCertificate[],
  issuer: ReadCertificate,
): void {
  const named = certificates.filter(
    (one) =>
      one.der.equals(issuer.der) ||
      (issuerAmong(one, [issuer]) !== undefined && one.x509.keyUsage.includes(OCSP_SIGNING)),
  );
  const how = digestOfSignature(oidOf(members(algorithm)[0]));
  const signed = [issuer, ...named].some(({ x509 }) =>
    verify(how, data.bytes, x509.publicKey, contentsOf(signature)),
  );
  if (!signed) throw new Error("the answer is not signed by the issuer or its responder");
}
