import { createHash, verify } from "node:crypto";
import { SIGNATURE_TIMESTAMP } from "./cms.ts";
import { contentsOf, type Der, isTagged, members, oidOf, readDer } from "./read-der.ts";
import { readCertificate, type ReadCertificate } from "./read-certificate.ts";
import { digestName, digestOfSignature } from "./signature-algorithms.ts";

/** A CMS signature (RFC 5652, 5) with one signer, taken apart. */
export interface ReadCms {
  /** Kind of content. */
  type: string;
  /** Undefined when the signature is detached. */
  content: Buffer | undefined;
  certificates: ReadCertificate[];
  /** The signer's, by issuer and serial number. */
  signer: ReadCertificate;
  signature: Buffer;
  /** The token of the signature's timestamp. */
  timestamp: Buffer | undefined;
  /** Throws unless the signer's key signed the attributes, and these name this content's digest. */
  assertSigned(content: Buffer): void;
}

/** Takes a CMS signature apart. Throws when it is none, or its signer's certificate is not inside. */
export function readCms(der: Buffer): ReadCms {
  const [, wrapped] = members(readDer(der));
  const parts = members(members(wrapped)[0]);
  const [, , encapsulated] = parts;
  const [type, content] = members(encapsulated);
  const certificates = members(parts.find((part) => isTagged(part, 0)))
    .map((one) => one.bytes)
    .map(readCertificate);
  const info = members(parts.at(-1))[0];
  const [, who, digestAlgorithm, ...rest] = members(info);
  const attributes = rest.find((part) => isTagged(part, 0));
  const unsigned = rest.find((part) => isTagged(part, 1));
  const [algorithm, signature] = rest.filter((part) => !isTagged(part, 0) && !isTagged(part, 1));
  const [issuer, serial] = members(who);
  if (!issuer || !attributes || !signature) throw new Error("a signature without what it has to say");
  const issuerBytes = issuer.bytes;
  const serialBytes = contentsOf(serial);
  const signer = certificates.find((one) => one.issuer.equals(issuerBytes) && one.serial.equals(serialBytes));
  if (signer === undefined) throw new Error("the signer's certificate is not in the signature");
  const digest = digestName(oidOf(members(digestAlgorithm)[0]));
  const token = unsigned && attributeOf(unsigned, SIGNATURE_TIMESTAMP);
  return {
    type: oidOf(type),
    content: content === undefined ? undefined : contentsOf(members(content)[0]),
    certificates,
    signer,
    signature: contentsOf(signature),
    timestamp: token?.bytes,
    assertSigned(bytes) {
      const named = attributeOf(attributes, "1.2.840.113549.1.9.4");
      if (named === undefined || !contentsOf(named).equals(createHash(digest).update(bytes).digest()))
        throw new Error("the content is not the one that was signed");
      // Signed is the SET OF, whose tag the [0] stands for (RFC 5652, 5.4).
      const signed = Buffer.concat([Buffer.from([0x31]), attributes.bytes.subarray(1)]);
      const how = digestOfSignature(oidOf(members(algorithm)[0]), digest);
      if (!verify(how, signed, signer.x509.publicKey, contentsOf(signature)))
        throw new Error("the signature is not that of its certificate");
    },
  };
}

function attributeOf(attributes: Der, type: string): Der | undefined {
  const found = members(attributes).find((one) => oidOf(members(one)[0]) === type);
  return found && members(members(found)[1])[0];
}
