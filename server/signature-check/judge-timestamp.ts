import { digestName, hashOf } from "./algorithms.ts";
import { asn, member, octetsOf, timeOf } from "./der-reader.ts";
import { finding, NotJudged, verdictOf, type Finding, type FindingCode } from "./findings.ts";
import { judgeCertificate, type Ground } from "./judge-certificate.ts";
import { readSignedData } from "./signed-data.ts";
import type { Certificate } from "./certificates.ts";

const TIMESTAMP_INFO = "1.2.840.113549.1.9.16.1.4";

/** What is said of an algorithm, be it the signature's or the timestamp's. */
const OF_ALGORITHMS: FindingCode[] = ["weak-algorithm", "algorithm-not-supported"];

export interface Timestamp {
  at: Date;
  authority: Certificate;
  /** Whether it proves the time: whole, of this content, and by an authority that we trust. */
  isGood: boolean;
  findings: Finding[];
}

/**
 * Judges an RFC 3161 timestamp token over what it has to stamp, given in pieces. Where it cannot be read at all the
 * answer is the finding alone.
 */
export function judgeTimestamp(token: Buffer, stamped: Buffer[], ground: Ground): Timestamp | Finding {
  try {
    const data = readSignedData(token);
    if (data.contentType !== TIMESTAMP_INFO || data.content === undefined)
      return finding("timestamp-broken", "no timestamp");
    const info = asn(data.content);
    const imprint = member(info, 2, 0x30);
    const digest = digestName(member(imprint, 0));
    const at = timeOf(info.members[4]);
    const findings: Finding[] = [];
    if (digest === undefined) findings.push(finding("algorithm-not-supported", "the timestamp's digest"));
    else if (digest === "sha1") findings.push(finding("weak-algorithm", "the timestamp's digest"));
    else if (!hashOf(digest, ...stamped).equals(octetsOf(member(imprint, 1))))
      findings.push(finding("timestamp-broken", "it stamps something else"));
    if (at > ground.now) findings.push(finding("timestamp-broken", "it is of the future"));
    for (const one of data.findings)
      // RFC 5816: the authority may name its certificate by SHA-1 still.
      findings.push(
        OF_ALGORITHMS.includes(one.code) ? one : finding("timestamp-broken", `${one.code}: ${one.detail}`),
      );
    const own = { ...ground, data: withOwn(ground, data) };
    const judged = judgeCertificate(data.signer, data.certificates, own, {
      at,
      isProved: true,
      use: "timestamp",
    });
    for (const one of judged.findings) {
      if (one.code === "issuer-not-trusted") findings.push(finding("timestamp-not-trusted", one.detail));
      else if (verdictOf([one]) !== "valid")
        findings.push(finding("timestamp-broken", `${one.code}: ${one.detail}`));
    }
    return { at, authority: data.signer, isGood: verdictOf(findings) === "valid", findings };
  } catch (cause) {
    if (cause instanceof NotJudged && OF_ALGORITHMS.includes(cause.code))
      return finding(cause.code, cause.detail);
    return finding("timestamp-broken", cause instanceof NotJudged ? cause.detail : String(cause));
  }
}

function withOwn({ data }: Ground, own: { crls: Buffer[]; ocsps: Buffer[] }) {
  return { crls: [...data.crls, ...own.crls], ocsps: [...data.ocsps, ...own.ocsps] };
}
