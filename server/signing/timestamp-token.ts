import { createHash, randomBytes, X509Certificate } from "node:crypto";
import { bigInteger, bool, encoded, integer, nothing, octets, oid, sequence } from "./der.ts";
import { contentsOf, isInteger, members, numberOf, oidOf, readDer, timeOf } from "./read-der.ts";
import { readCms } from "./read-cms.ts";

/** Kind of content of a token (RFC 3161, 2.4.2). */
export const TST_INFO = "1.2.840.113549.1.9.16.1.4";

const SHA256 = "2.16.840.1.101.3.4.2.1";
const STAMPS_TIME = "1.3.6.1.5.5.7.3.8";

export interface TimestampQuery {
  der: Buffer;
  /** SHA-256 of what is stamped. */
  imprint: Buffer;
  nonce: Buffer;
}

/** A request for a token over these bytes, asking for the authority's certificate too (RFC 3161, 2.4.1). */
export function timestampQuery(bytes: Buffer): TimestampQuery {
  const imprint = createHash("sha256").update(bytes).digest();
  // Positive, without a leading zero.
  const nonce = Buffer.concat([Buffer.from([0x5a]), randomBytes(7)]);
  const der = encoded(
    sequence(
      integer(1),
      sequence(sequence(oid(SHA256), nothing()), octets(imprint)),
      bigInteger(nonce),
      bool(true),
    ),
  );
  return { der, imprint, nonce };
}

/** The token in an authority's answer. Throws when it refused, or when the token is not the one that was asked for. */
export function tokenIn(
  answer: Buffer,
  { imprint, nonce }: Pick<TimestampQuery, "imprint" | "nonce">,
): Buffer {
  const [info, token] = members(readDer(answer));
  const status = numberOf(members(info)[0]);
  // Granted, or granted with modifications.
  if (status > 1 || token === undefined) throw new Error(`the timestamp was refused (status ${status})`);
  const der = token.bytes;
  const read = readTimestamp(der);
  if (!read.imprint.equals(imprint)) throw new Error("the timestamp is that of something else");
  if (read.nonce?.equals(nonce) !== true) throw new Error("the timestamp answers another request");
  return der;
}

export interface Timestamp {
  at: Date;
  imprint: Buffer;
  nonce: Buffer | undefined;
  certificates: Buffer[];
}

/**
 * Takes a token apart. Throws when its signature does not hold, or its certificate is not one for stamping times or not
 * of that time; whether its authority is trusted is for who checks.
 */
export function readTimestamp(token: Buffer): Timestamp {
  const cms = readCms(token);
  if (cms.type !== TST_INFO || cms.content === undefined) throw new Error("this is no timestamp");
  cms.assertSigned(cms.content);
  const [, , imprint, , at, ...rest] = members(readDer(cms.content));
  const [algorithm, hash] = members(imprint);
  if (oidOf(members(algorithm)[0]) !== SHA256) throw new Error("the timestamp is over another digest");
  const moment = timeOf(at);
  const { der, notBefore, notAfter } = cms.signer;
  if (!new X509Certificate(der).keyUsage.includes(STAMPS_TIME))
    throw new Error("the timestamp's certificate is not one for timestamps");
  if (moment < notBefore || moment > notAfter)
    throw new Error("the timestamp's certificate is not of its time");
  const nonce = rest.find(isInteger);
  return {
    at: moment,
    imprint: contentsOf(hash),
    nonce: nonce && contentsOf(nonce),
    certificates: cms.certificates.map((one) => one.der),
  };
}
