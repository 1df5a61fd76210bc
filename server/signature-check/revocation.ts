import { digestName, hashOf, isSignedBy, isWeak } from "./algorithms.ts";
import { readCertificate, type Certificate } from "./certificates.ts";
import { asn, member, numberOf, oidOf, octetsOf, serialOf, tagged, timeOf, type Asn } from "./der-reader.ts";

/** What is known of one certificate's revocation. */
export type Revocation =
  | { status: "good"; source: "crl" | "ocsp"; thisUpdate: Date }
  | { status: "revoked"; source: "crl" | "ocsp"; at: Date; reason: number | undefined }
  | { status: "unknown" };

/** Lists and answers in DER, from the file or known otherwise. What cannot be read counts as not there. */
export interface RevocationData {
  crls: readonly Buffer[];
  ocsps: readonly Buffer[];
}

const REMOVED = 8;
const OCSP_BASIC = "1.3.6.1.5.5.7.48.1.1";
const OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
const [DELTA, SCOPE, REASON, ISSUER_OF_ENTRY] = ["2.5.29.27", "2.5.29.28", "2.5.29.21", "2.5.29.29"];

/**
 * Whether a certificate was revoked, by lists and answers that its issuer signed. "Good" only where one says so that is
 * not older than `at`, the time for which it is asked; a revocation counts wherever it stands.
 */
export function revocationOf(
  certificate: Certificate,
  issuer: Certificate,
  data: RevocationData,
  at: Date,
): Revocation {
  let known: Revocation = { status: "unknown" };
  const answers = [
    ...data.crls.map((der) => attempt(() => byList(certificate, issuer, der, at))),
    ...data.ocsps.map((der) => attempt(() => byAnswer(certificate, issuer, der, at))),
  ];
  for (const answer of answers) {
    if (answer.status === "revoked" && (known.status !== "revoked" || answer.at < known.at)) known = answer;
    if (answer.status === "good" && known.status === "unknown") known = answer;
  }
  return known;
}

function attempt(read: () => Revocation): Revocation {
  try {
    return read();
  } catch {
    return { status: "unknown" };
  }
}

const parsedLists = new WeakMap<Buffer, Asn>();

function byList(certificate: Certificate, issuer: Certificate, der: Buffer, at: Date): Revocation {
  const list = parsedLists.get(der) ?? asn(der);
  parsedLists.set(der, list);
  const tbs = member(list, 0, 0x30);
  const start = tbs.members[0]?.tag === 0x02 ? 1 : 0;
  const algorithm = member(list, 1, 0x30);
  if (!member(tbs, start + 1).whole.equals(certificate.issuer)) return { status: "unknown" };
  const signature = member(list, 2, 0x03).content.subarray(1);
  if (isWeak(oidOf(algorithm.members[0]))) return { status: "unknown" };
  if (!isSignedBy(issuer.x509.publicKey, algorithm, undefined, tbs.whole, signature))
    return { status: "unknown" };
  const thisUpdate = timeOf(tbs.members[start + 2]);
  const next = tbs.members[start + 3];
  const hasNext = next?.tag === 0x17 || next?.tag === 0x18;
  const entries = tbs.members.slice(start + 3).find(({ tag }) => tag === 0x30)?.members ?? [];
  for (const entry of entries) {
    if (serialOf(entry.members[0]) !== certificate.serial) continue;
    const extensions = extensionsOf(entry.members[2]);
    if (extensions.has(ISSUER_OF_ENTRY)) continue; // of another authority's certificate
    const reason = extensions.get(REASON);
    const code = reason === undefined ? undefined : numberOf(asn(reason));
    if (code === REMOVED) continue;
    return { status: "revoked", source: "crl", at: timeOf(entry.members[1]), reason: code };
  }
  const own = extensionsOf(tagged(tbs, 0xa0)?.members[0]);
  // A list of changes only, or of a part of the certificates, says nothing by its silence.
  if (own.has(DELTA) || own.has(SCOPE)) return { status: "unknown" };
  const until = hasNext ? timeOf(next) : thisUpdate;
  return until >= at ? { status: "good", source: "crl", thisUpdate } : { status: "unknown" };
}

function extensionsOf(list: Asn | undefined): Map<string, Buffer> {
  return new Map((list?.members ?? []).map((one) => [oidOf(member(one, 0)), octetsOf(one.members.at(-1))]));
}

function byAnswer(certificate: Certificate, issuer: Certificate, der: Buffer, at: Date): Revocation {
  const outer = asn(der);
  // As a whole response (6960, 4.2.1), or its inner part alone, as some files carry it.
  const wrapped = outer.members[0]?.tag === 0x0a ? tagged(outer, 0xa0)?.members[0] : undefined;
  if (wrapped !== undefined && oidOf(wrapped.members[0]) !== OCSP_BASIC) return { status: "unknown" };
  const basic = wrapped === undefined ? outer : asn(octetsOf(wrapped.members[1]));
  const data = member(basic, 0, 0x30);
  const algorithm = member(basic, 1, 0x30);
  const signature = member(basic, 2, 0x03).content.subarray(1);
  if (isWeak(oidOf(algorithm.members[0]))) return { status: "unknown" };
  const own = (tagged(basic, 0xa0)?.members[0]?.members ?? []).map(({ whole }) => readCertificate(whole));
  const responders = [issuer, ...own.filter((one) => isDelegate(one, issuer))];
  if (!responders.some((one) => isSignedBy(one.x509.publicKey, algorithm, undefined, data.whole, signature)))
    return { status: "unknown" };
  const answers = data.members.find(({ tag }) => tag === 0x30)?.members ?? [];
  for (const answer of answers) {
    if (!isAbout(member(answer, 0, 0x30), certificate, issuer)) continue;
    const status = member(answer, 1);
    const thisUpdate = timeOf(answer.members[2]);
    const next = tagged(answer, 0xa0)?.members[0];
    if (status.tag === 0xa1) {
      const reason = tagged(status, 0xa0)?.members[0];
      return {
        status: "revoked",
        source: "ocsp",
        at: timeOf(status.members[0]),
        reason: reason === undefined ? undefined : numberOf(reason),
      };
    }
    const until = next === undefined ? thisUpdate : timeOf(next);
    if (status.tag === 0x80 && until >= at) return { status: "good", source: "ocsp", thisUpdate };
  }
  return { status: "unknown" };
}

function isDelegate(one: Certificate, issuer: Certificate): boolean {
  return (
    one.purposes?.list.includes(OCSP_SIGNING) === true &&
    one.issuer.equals(issuer.subject) &&
    one.x509.verify(issuer.x509.publicKey)
  );
}

function isAbout(id: Asn, certificate: Certificate, issuer: Certificate): boolean {
  const digest = digestName(id.members[0]);
  if (digest === undefined || serialOf(id.members[3]) !== certificate.serial) return false;
  const spki = asn(issuer.x509.publicKey.export({ type: "spki", format: "der" }));
  const key = member(spki, 1, 0x03).content.subarray(1);
  return (
    octetsOf(id.members[1]).equals(hashOf(digest, issuer.subject)) &&
    octetsOf(id.members[2]).equals(hashOf(digest, key))
  );
}
