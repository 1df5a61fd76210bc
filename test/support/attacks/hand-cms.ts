import { createHash } from "node:crypto";
import {
  decoded,
  encoded,
  integer,
  members,
  nothing,
  octets,
  oid,
  sequence,
  setOf,
  tagged,
  type Node,
} from "../../../server/signing/der.ts";
import type { SigningKey } from "../../../server/signing/signing-key.ts";

const DATA = "1.2.840.113549.1.7.1";
const SHA256 = () => sequence(oid("2.16.840.1.101.3.4.2.1"));

/** A detached CMS apart from the program's own: with a reference to the certificate (CAdES), or without one. */
export async function handCms(digest: Buffer, key: SigningKey, reference = true): Promise<Buffer> {
  const [own] = key.certificateChain;
  if (own === undefined) throw new Error("a signer needs a certificate");
  const [, serialNumber, , issuer] = members(members(decoded(own))[0]);
  const attribute = (type: string, value: Node) => sequence(oid(type), setOf(value));
  const hash = createHash("sha256").update(own).digest();
  const attributes = encoded(
    setOf(
      attribute("1.2.840.113549.1.9.3", oid(DATA)),
      attribute("1.2.840.113549.1.9.4", octets(digest)),
      ...(reference
        ? [attribute("1.2.840.113549.1.9.16.2.47", sequence(sequence(sequence(octets(hash)))))]
        : []),
    ),
  );
  const signer = sequence(
    integer(1),
    sequence(issuer!, serialNumber!),
    SHA256(),
    implicit(attributes),
    sequence(oid("1.2.840.113549.1.1.1"), nothing()),
    octets(await key.sign(attributes)),
  );
  return encoded(
    sequence(
      oid("1.2.840.113549.1.7.2"),
      tagged(
        0,
        sequence(
          integer(1),
          setOf(SHA256()),
          sequence(oid(DATA)),
          tagged(0, ...key.certificateChain.map((der) => decoded(der))),
          setOf(signer),
        ),
      ),
    ),
  );
}

/** The same set under [0] IMPLICIT. */
function implicit(set: Buffer): Node {
  return decoded(Buffer.concat([Buffer.from([0xa0]), set.subarray(1)]));
}
