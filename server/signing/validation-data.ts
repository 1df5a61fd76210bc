import type { FetchBytes } from "./fetch-bytes.ts";
import { ocspRequest, readOcspAnswer } from "./ocsp.ts";
import { issuerAmong, readCertificate, type ReadCertificate } from "./read-certificate.ts";
import { readRevocationList, type RevocationList } from "./revocation-list.ts";

/** What proves later that certificates were valid when they signed (EN 319 142-1, 5.4). All in DER. */
export interface ValidationData {
  certificates: Buffer[];
  revocationLists: Buffer[];
  ocspAnswers: Buffer[];
}

/** Thrown when a certificate was revoked before `at`: nothing may be signed with it. */
export class CertificateRevoked extends Error {
  constructor(
    readonly subject: string,
    readonly since: Date,
  ) {
    super(`the certificate of ${subject} was revoked at ${since.toISOString()}`);
    this.name = "CertificateRevoked";
  }
}

export interface ValidationSource {
  /**
   * Gathers issuers and the state of every certificate of these chains, by OCSP where it is offered, else by the
   * issuer's revocation list. Throws CertificateRevoked; another Error when something cannot be had.
   */
  collect(certificates: readonly Buffer[], at: Date): Promise<ValidationData>;
}

/** Lists that are fresh are not fetched again for this long. */
const KEPT_MS = 10 * 60_000;
const MOST_KEPT = 50;
/** A chain of more issuers than this is none. */
const LONGEST = 8;

/** Gathers validation data over `fetchBytes`; lists are kept for ten minutes. */
export function validationSource(fetchBytes: FetchBytes): ValidationSource {
  const kept = new Map<string, { at: number; list: RevocationList }>();

  async function listAt(address: string, at: Date): Promise<RevocationList> {
    const known = kept.get(address);
    if (known !== undefined && at.getTime() - known.at < KEPT_MS && at.getTime() >= known.at)
      return known.list;
    const list = readRevocationList(await fetchBytes(address));
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(address, { at: at.getTime(), list });
    return list;
  }

  async function collect(given: readonly Buffer[], at: Date): Promise<ValidationData> {
    const data: ValidationData = { certificates: [], revocationLists: [], ocspAnswers: [] };
    const known = distinct(given).map((der) => readCertificate(der));
    const most = known.length + LONGEST;
    // Grows while it is gone through: issuers that had to be fetched, responders that are not the issuer.
    for (let i = 0; i < known.length; i++) {
      const certificate = known[i];
      if (certificate === undefined || known.findIndex((one) => one.der.equals(certificate.der)) < i)
        continue;
      data.certificates.push(certificate.der);
      if (known.length > most) throw new Error("the chain of issuers does not end");
      if (certificate.selfIssued) continue;
      const issuer = issuerAmong(certificate, known) ?? (await fetchIssuer(certificate));
      if (!known.includes(issuer)) known.push(issuer);
      await addState(certificate, issuer, at, data, known);
    }
    return data;
  }

  async function fetchIssuer(certificate: ReadCertificate): Promise<ReadCertificate> {
    for (const address of certificate.issuerAddresses) {
      const issuer = readCertificate(certificateIn(await fetchBytes(address)));
      if (issuerAmong(certificate, [issuer])) return issuer;
    }
    throw new Error(`the issuer of ${nameOf(certificate)} is not at hand`);
  }

  async function addState(
    certificate: ReadCertificate,
    issuer: ReadCertificate,
    at: Date,
    data: ValidationData,
    known: ReadCertificate[],
  ): Promise<void> {
    const failures: unknown[] = [];
    for (const address of certificate.ocspAddresses)
      try {
        const sent = { type: "application/ocsp-request", body: ocspRequest(certificate, issuer) };
        const der = await fetchBytes(address, sent);
        const answer = readOcspAnswer(der, certificate, issuer);
        if (answer.state === "revoked")
          throw new CertificateRevoked(nameOf(certificate), answer.revokedAt ?? at);
        if (answer.state !== "good") throw new Error("the responder does not know the certificate");
        data.ocspAnswers.push(der);
        // The responder's own certificate says that it need not be asked about (RFC 6960, 4.2.2.2.1): kept, not checked.
        for (const responder of answer.certificates)
          if (!known.some((one) => one.der.equals(responder))) data.certificates.push(responder);
        return;
      } catch (cause) {
        if (cause instanceof CertificateRevoked) throw cause;
        failures.push(cause);
      }
    for (const address of certificate.crlAddresses)
      try {
        const list = await listAt(address, at);
        assertFits(list, issuer, at);
        const entry = list.revoked.find(({ serial }) => serial.equals(certificate.serial));
        if (entry !== undefined && entry.at <= at)
          throw new CertificateRevoked(nameOf(certificate), entry.at);
        if (!data.revocationLists.some((one) => one.equals(list.der))) data.revocationLists.push(list.der);
        return;
      } catch (cause) {
        if (cause instanceof CertificateRevoked) throw cause;
        failures.push(cause);
      }
    throw new Error(`whether the certificate of ${nameOf(certificate)} is revoked cannot be learned`, {
      cause: failures.at(-1),
    });
  }

  return { collect };
}

function assertFits(list: RevocationList, issuer: ReadCertificate, at: Date): void {
  if (!list.issuer.equals(issuer.subject) || !list.isSignedBy(issuer))
    throw new Error("the revocation list is not the issuer's");
  if (list.nextUpdate !== undefined && list.nextUpdate < at)
    throw new Error("the revocation list is out of date");
}

function distinct(certificates: readonly Buffer[]): Buffer[] {
  return [...new Map(certificates.map((der) => [der.toString("latin1"), der])).values()];
}

/** A certificate in DER or PEM. */
function certificateIn(bytes: Buffer): Buffer {
  const text = bytes.subarray(0, 2_000).includes("-----BEGIN") ? bytes.toString("latin1") : undefined;
  const body = text === undefined ? undefined : /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(text)?.[1];
  return body === undefined ? bytes : Buffer.from(body, "base64");
}

function nameOf({ x509 }: ReadCertificate): string {
  return /(?:^|\n)CN=(.+)/.exec(x509.subject)?.[1] ?? x509.subject;
}
