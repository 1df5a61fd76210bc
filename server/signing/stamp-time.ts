import { createHash, randomBytes } from "node:crypto";
import { signCms } from "./cms.ts";
import { bigInteger, bits, encoded, generalizedTime, integer, oid, sequence, utf8, verbatim } from "./der.ts";
import { contentsOf, isInteger, isTrue, members, numberOf, oidOf, readDer } from "./read-der.ts";
import { digestName } from "./signature-algorithms.ts";
import type { SigningKey } from "./signing-key.ts";
import { TST_INFO } from "./timestamp-token.ts";

/** Of the demonstration alone: an arc that belongs to nobody. */
const POLICY = "1.2.3.4.1";

const BAD_ALGORITHM = 0x80; // bit 0 of PKIFailureInfo
const BAD_REQUEST = 0x20; // bit 2

/**
 * Answers a request for a timestamp (RFC 3161, 2.4) with this key, at this moment: a TimeStampResp in DER, a refusal
 * when the request cannot be read or its digest is not taken.
 */
export async function stampTime(query: Buffer, key: SigningKey, at: Date): Promise<Buffer> {
  let asked: { imprint: Buffer; nonce: Buffer | undefined; withCertificates: boolean };
  try {
    asked = readQuery(query);
  } catch (cause) {
    return refusal(cause instanceof WrongDigest ? BAD_ALGORITHM : BAD_REQUEST);
  }
  const info = encoded(
    sequence(
      integer(1),
      oid(POLICY),
      verbatim(asked.imprint),
      bigInteger(Buffer.concat([Buffer.from([0x4d]), randomBytes(15)])),
      generalizedTime(at),
      sequence(integer(1)), // to one second
      ...(asked.nonce === undefined ? [] : [bigInteger(asked.nonce)]),
    ),
  );
  const token = await signCms({
    digest: createHash("sha256").update(info).digest(),
    key,
    content: { type: TST_INFO, bytes: info },
    withCertificates: asked.withCertificates,
  });
  return encoded(sequence(sequence(integer(0)), verbatim(token)));
}

class WrongDigest extends Error {}

function readQuery(query: Buffer) {
  const [version, imprint, ...rest] = members(readDer(query));
  if (numberOf(version) !== 1 || imprint === undefined) throw new Error("no request");
  const [algorithm, hash] = members(imprint);
  let name: string;
  try {
    name = digestName(oidOf(members(algorithm)[0]));
  } catch (cause) {
    throw new WrongDigest("digest", { cause });
  }
  if (contentsOf(hash).length !== createHash(name).digest().length) throw new Error("a wrong length");
  const nonce = rest.find(isInteger);
  return {
    imprint: imprint.bytes,
    nonce: nonce && contentsOf(nonce),
    withCertificates: rest.some(isTrue),
  };
}

function refusal(failure: number): Buffer {
  const text = sequence(utf8("the request cannot be served"));
  return encoded(
    sequence(sequence(integer(2), text, bits(Buffer.from([failure]), failure === BAD_ALGORITHM ? 7 : 5))),
  );
}
