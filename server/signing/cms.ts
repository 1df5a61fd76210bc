import { createHash } from "node:crypto";
import { partsOf } from "./certificate.ts";
import {
  encoded,
  integer,
  type Node,
  nothing,
  octets,
  oid,
  onlyMember,
  sequence,
  setOf,
  tagged,
  verbatim,
} from "./der.ts";
import type { SigningKey } from "./signing-key.ts";

const SHA256 = () => sequence(oid("2.16.840.1.101.3.4.2.1"));
const RSA = () => sequence(oid("1.2.840.113549.1.1.1"), nothing());
const DATA = "1.2.840.113549.1.7.1";
const SIGNED_DATA = "1.2.840.113549.1.7.2";

/** Answers a timestamp token (RFC 3161) over these bytes; undefined where none can be had and none is needed. */
export type Timestamper = (bytes: Buffer) => Promise<Buffer | undefined>;

export interface SignedContent {
  /** SHA-256 of what is signed. */
  digest: Buffer;
  key: SigningKey;
  pin?: string | undefined;
  /** Its token over the signature goes with it (CAdES-T). */
  timestamp?: Timestamper | undefined;
  /** Content that is carried inside, and of what kind; without it the signature is detached. */
  content?: { type: string; bytes: Buffer } | undefined;
  /** Whether the key's certificates go with it; they do unless told otherwise. */
  withCertificates?: boolean;
}

/**
 * Makes a CAdES-B signature (ETSI EN 319 122-1) over content of this SHA-256: signed attributes content-type,
 * message-digest and signing-certificate-v2. No signing-time: PAdES keeps the time in the PDF's own /M
 * (EN 319 142-1, 6.3). Names of issuers are copied byte for byte, whatever their letters. Answers DER.
 */
export async function signCms(asked: SignedContent): Promise<Buffer> {
  const { digest, key, pin, timestamp, content, withCertificates = true } = asked;
  const [own] = key.certificateChain;
  if (!own) throw new Error("a signing key needs its certificate");
  const { issuer, serialNumber } = partsOf(own);
  const type = content?.type ?? DATA;
  const attributes = setOf(
    attribute("1.2.840.113549.1.9.3", oid(type)),
    attribute("1.2.840.113549.1.9.4", octets(digest)),
    attribute("1.2.840.113549.1.9.16.2.47", signingCertificateV2(own)),
  );
  // What is signed is the SET OF itself, not the [0] under which the file carries it (RFC 5652, 5.4).
  const toSign = encoded(attributes);
  const signature = await key.sign(toSign, pin);
  const token = await timestamp?.(signature);
  const signerInfo = sequence(
    integer(1),
    sequence(verbatim(issuer), verbatim(serialNumber)),
    SHA256(),
    implicitSet(toSign),
    RSA(),
    octets(signature),
    ...(token ? [tagged(1, attribute(SIGNATURE_TIMESTAMP, verbatim(token)))] : []),
  );
  const certificates = encoded(setOf(...key.certificateChain.map(verbatim)));
  const signedData = sequence(
    integer(content === undefined ? 1 : 3),
    setOf(SHA256()),
    sequence(oid(type), ...(content === undefined ? [] : [tagged(0, octets(content.bytes))])),
    ...(withCertificates ? [implicitSet(certificates)] : []),
    onlyMember(signerInfo),
  );
  return encoded(sequence(oid(SIGNED_DATA), tagged(0, signedData)));
}

/** id-aa-timeStampToken (RFC 3161, appendix A). */
export const SIGNATURE_TIMESTAMP = "1.2.840.113549.1.9.16.2.14";

function attribute(type: string, value: Node): Node {
  return sequence(oid(type), onlyMember(value));
}

/** RFC 5035: binds the certificate, so that another one with the same key cannot be put in its place. */
function signingCertificateV2(certificate: Buffer): Node {
  const hash = createHash("sha256").update(certificate).digest();
  return sequence(sequence(sequence(octets(hash))));
}

/** The same set under [0] IMPLICIT: only the tag differs, and the order of its members stays. */
function implicitSet(set: Buffer): Node {
  return verbatim(Buffer.concat([Buffer.from([0xa0]), set.subarray(1)]));
}
