import { chainOf, notValidAt, type Certificate, type Chain } from "./certificates.ts";
import { finding, type Finding } from "./findings.ts";
import { revocationOf, type Revocation, type RevocationData } from "./revocation.ts";

/** What certificates are judged by. */
export interface Ground {
  trusted: readonly Certificate[];
  /** Certificates at hand besides: of the file. */
  pool: readonly Certificate[];
  data: RevocationData;
  now: Date;
}

export interface CertificateJudgement {
  chain: Chain;
  revocation: Revocation;
  findings: Finding[];
}

/**
 * Judges the signer's certificate and those above it for the time of signing. `isProved` says whether a trusted
 * timestamp shows that the signature was there at that time; without one, what is expired or revoked today counts.
 */
export function judgeCertificate(
  certificate: Certificate,
  more: readonly Certificate[],
  ground: Ground,
  time: { at: Date; isProved: boolean; use: "paper" | "timestamp" },
): CertificateJudgement {
  const chain = chainOf(certificate, [...more, ...ground.pool], ground.trusted, time.use);
  const findings: Finding[] = [];
  if (chain.problem !== undefined) findings.push(finding(chain.problem.code, chain.problem.detail));
  if (!chain.trusted && chain.problem?.code !== "chain-broken")
    findings.push(
      finding(
        "issuer-not-trusted",
        `the chain ends at certificate ${chain.certificates.at(-1)?.serial ?? ""}`,
      ),
    );
  const expired = notValidAt(chain, time.at);
  const expiredNow = notValidAt(chain, ground.now);
  if (expired !== undefined) findings.push(finding("certificate-expired", `certificate ${expired.serial}`));
  else if (!time.isProved && expiredNow !== undefined && ground.now > expiredNow.notAfter)
    findings.push(finding("certificate-expired-since", `certificate ${expiredNow.serial}`));

  let revocation: Revocation = { status: "unknown" };
  for (const [at, one] of chain.certificates.entries()) {
    const issuer = chain.certificates[at + 1];
    if (issuer === undefined) break;
    const found = revocationOf(one, issuer, ground.data, time.at);
    if (at === 0) revocation = found;
    if (found.status !== "revoked") continue;
    revocation = found;
    const detail = `certificate ${one.serial} since ${found.at.toISOString()}`;
    findings.push(
      finding(
        time.isProved && found.at > time.at ? "certificate-revoked-later" : "certificate-revoked",
        detail,
      ),
    );
    break;
  }
  if (revocation.status === "unknown" && chain.trusted && chain.certificates.length > 1)
    findings.push(finding("revocation-unknown"));
  return { chain, revocation, findings };
}
