import type { Finding, FindingCode, Verdict } from "./findings.ts";

/** What a check answers for programs: plain JSON, times in ISO 8601 (+07:00). */
export interface FileReport {
  verdict: Verdict;
  /** The finding that decided, or "valid". */
  code: FindingCode | "valid";
  /** The same in Vietnamese, for people. */
  text: string;
  sha256: string;
  /** Bytes. */
  size: number;
  /** How many times the file was saved, as far as it says so; 0 when it cannot be read. */
  revisions: number;
  signatures: SignatureReport[];
  /** What concerns the file and no single signature. */
  findings: Finding[];
}

export interface SignatureReport {
  verdict: Verdict;
  code: FindingCode | "valid";
  text: string;
  kind: "signature" | "timestamp";
  /** Name of the signature field. */
  field: string;
  subFilter: string;
  /** A person's own signature, an agency's seal; unknown where the certificate cannot be read. */
  role: "person" | "agency" | "timestamp" | "unknown";
  signer: { name: string; organisation: string; title: string } | null;
  certificate: {
    issuer: string;
    serial: string;
    notBefore: string;
    notAfter: string;
    /** Whether it leads to an authority that is trusted here. */
    trusted: boolean;
    revocation: "good" | "revoked" | "unknown";
    revokedAt: string | null;
  } | null;
  /** As the signer's machine says. */
  claimedAt: string | null;
  /** As a timestamp proves. */
  timestamp: { at: string; authority: string; good: boolean } | null;
  /** Whether it covers all of the file; else there are later revisions. */
  coversWholeFile: boolean;
  /** Which revision was signed, from 1; 0 where that cannot be told. */
  revision: number;
  /** Whether the covered bytes are the signed ones. */
  intact: boolean;
  /** What was honestly added after it. */
  addedAfter: {
    kind: "signature" | "timestamp" | "empty-field" | "validation-data" | "metadata";
    field?: string;
  }[];
  reason: string;
  location: string;
  findings: Finding[];
}
