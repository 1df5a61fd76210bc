import { digestName, hashOf, isSignedBy, suitability } from "./algorithms.ts";
import { readCertificate, type Certificate } from "./certificates.ts";
import { member, oidOf, octetsOf, readAsn, serialOf, tagged, timeOf, type Asn } from "./der-reader.ts";
import { finding, NotJudged, type Finding } from "./findings.ts";

/** A CMS signature (RFC 5652) of one signer, read and checked by itself. */
export interface SignedData {
  signer: Certificate;
  certificates: Certificate[];
  /** Revocation lists and answers that the signature carries, in DER. */
  crls: Buffer[];
  ocsps: Buffer[];
  /** Content that it carries; undefined: it lies elsewhere. */
  content: Buffer | undefined;
  contentType: string;
  /** The signature's own bytes: what a timestamp stamps. */
  signature: Buffer;
  signingTime: Date | undefined;
  /** Timestamp tokens in DER. */
  timestamps: Buffer[];
  /** Whether the content has the digest that was signed. */
  intact: boolean;
  findings: Finding[];
}

const SIGNED_DATA = "1.2.840.113549.1.7.2";
const CONTENT_TYPE = "1.2.840.113549.1.9.3";
const MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
const SIGNING_TIME = "1.2.840.113549.1.9.5";
const SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12";
const SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
const TIMESTAMP_TOKEN = "1.2.840.113549.1.9.16.2.14";
const ADOBE_REVOCATION = "1.2.840.113583.1.1.8";

/**
 * Reads a CMS signature and checks it against the content that lies elsewhere (`detached`, in pieces) or that it
 * carries: digest, signature, and that the certificate is the one that was signed with (RFC 5035).
 * Throws NotJudged `signature-unreadable` where it is none.
 */
export function readSignedData(bytes: Buffer, detached?: Buffer[]): SignedData {
  try {
    return read(bytes, detached);
  } catch (cause) {
    if (cause instanceof NotJudged) throw cause;
    throw new NotJudged("signature-unreadable", cause instanceof Error ? cause.message : "");
  }
}

function read(bytes: Buffer, detached: Buffer[] | undefined): SignedData {
  const { value: info, length } = readAsn(bytes);
  // Only the zeros of the room that was kept may follow.
  if (bytes.subarray(length).some((byte) => byte !== 0)) throw new Error("bytes after the signature");
  if (oidOf(member(info, 0)) !== SIGNED_DATA) throw new Error("no signed data");
  const data = member(member(info, 1, 0xa0), 0, 0x30);
  const inner = member(data, 2, 0x30);
  const contentType = oidOf(member(inner, 0));
  const carried = inner.members[1] === undefined ? undefined : octetsOf(inner.members[1].members[0]);
  if (detached !== undefined && carried !== undefined) throw new Error("content where there should be none");
  const certificates = (tagged(data, 0xa0)?.members ?? []).flatMap((one) =>
    one.tag === 0x30 ? [readCertificate(one.whole)] : [],
  );
  const crls = (tagged(data, 0xa1)?.members ?? []).flatMap((one) => (one.tag === 0x30 ? [one.whole] : []));
  const signers = data.members.at(-1);
  if (signers?.tag !== 0x31 || signers.members.length !== 1) throw new Error("not one signer");
  const info1 = member(signers, 0, 0x30);
  const signed = tagged(info1, 0xa0);
  if (signed === undefined) throw new Error("no signed attributes");
  const attributes = attributesOf(signed);
  if (attributes.size !== signed.members.length)
    throw new NotJudged("signature-unreadable", "a signed attribute stands twice");
  const signer = signerOf(member(info1, 1), certificates);
  const digest = digestName(member(info1, 2));
  const at = info1.members.indexOf(signed);
  const signature = octetsOf(member(info1, at + 2));
  const findings: Finding[] = [];
  const algorithm = member(info1, at + 1);
  const suits = suitability(algorithm, member(info1, 2), signer.x509.publicKey);
  if (suits === "weak") findings.push(finding("weak-algorithm", oidOf(algorithm.members[0])));
  if (suits === "unknown")
    findings.push(finding("algorithm-not-supported", `${oidOf(algorithm.members[0])}, ${keyKind(signer)}`));

  const parts = detached ?? [carried ?? Buffer.alloc(0)];
  const said = octetsOf(attributes.get(MESSAGE_DIGEST)?.[0]);
  const intact = digest !== undefined && hashOf(digest, ...parts).equals(said);
  if (!intact && digest !== undefined)
    findings.push(finding("content-changed", "the digest of the covered bytes is another"));
  if (oidOf(attributes.get(CONTENT_TYPE)?.[0]) !== contentType)
    findings.push(finding("signature-wrong", "the signed content type is another"));
  // What is signed is the SET OF itself, not the [0] under which the file carries it (RFC 5652, 5.4).
  const toVerify = Buffer.concat([Buffer.from([0x31]), signed.whole.subarray(1)]);
  const isMine = isReferred(signer, attributes);
  if (isMine === false) findings.push(finding("certificate-exchanged", `certificate ${signer.serial}`));
  // What cannot be verified is told as that, not as wrong.
  if (suits === "taken" && !isSignedBy(signer.x509.publicKey, algorithm, digest, toVerify, signature))
    findings.push(finding("signature-wrong", `certificate ${signer.serial}`));
  if (isMine === undefined) findings.push(finding("certificate-reference-missing"));

  const time = attributes.get(SIGNING_TIME)?.[0];
  const unsigned = attributesOf(tagged(info1, 0xa1));
  const archived = attributes.get(ADOBE_REVOCATION)?.[0];
  const archivedOf = (tag: number) =>
    archived === undefined
      ? []
      : (tagged(archived, tag)?.members[0]?.members ?? []).map(({ whole }) => whole);
  return {
    signer,
    certificates,
    crls: [...crls, ...archivedOf(0xa0)],
    ocsps: archivedOf(0xa1),
    content: carried,
    contentType,
    signature,
    signingTime: time === undefined ? undefined : timeOf(time),
    timestamps: (unsigned.get(TIMESTAMP_TOKEN) ?? []).map(({ whole }) => whole),
    intact,
    findings,
  };
}

function keyKind({ x509 }: Certificate): string {
  const { asymmetricKeyType = "no key", asymmetricKeyDetails } = x509.publicKey;
  return asymmetricKeyDetails?.namedCurve ?? asymmetricKeyType;
}

/** Attributes by their types, each with its values. */
function attributesOf(set: Asn | undefined): Map<string, Asn[]> {
  return new Map((set?.members ?? []).map((one) => [oidOf(member(one, 0)), member(one, 1, 0x31).members]));
}

function signerOf(id: Asn, certificates: Certificate[]): Certificate {
  const found = certificates.find((one) =>
    id.tag === 0x30
      ? one.issuer.equals(member(id, 0).whole) && one.serial === serialOf(member(id, 1))
      : one.der.includes(id.content),
  );
  if (found === undefined) throw new Error("the signer's certificate is not there");
  return found;
}

/** Whether the signer named this very certificate; undefined where he named none. */
function isReferred(signer: Certificate, attributes: Map<string, Asn[]>): boolean | undefined {
  const second = attributes.get(SIGNING_CERTIFICATE_V2)?.[0];
  const first = attributes.get(SIGNING_CERTIFICATE)?.[0];
  const reference = (second ?? first)?.members[0]?.members[0];
  if (reference === undefined) return undefined;
  const [head, next] = reference.members;
  const named = head?.tag === 0x30 ? digestName(head) : second === undefined ? "sha1" : "sha256";
  const hash = octetsOf(head?.tag === 0x30 ? next : head);
  if (named === undefined)
    throw new NotJudged("algorithm-not-supported", "the digest of the reference to the certificate");
  return hashOf(named, signer.der).equals(hash);
}
