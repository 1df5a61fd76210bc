import { X509Certificate } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "../platform/log.ts";

/** Whom we believe, in DER: authorities, and the revocation lists that are known of them. */
export interface Trust {
  trusted: Buffer[];
  crls: Buffer[];
}

/** A list that was just put there is used a minute later at the latest, in milliseconds. */
const FRESH = 60_000;

/**
 * Reads the authorities that checks trust: `*.pem`, `*.crt`, `*.cer` (certificates) and `*.crl` (revocation lists), as
 * DER or PEM, in `dir`, where an administrator puts them; a folder that is not there trusts nobody. What cannot be read
 * is logged and left out. `own` are further certificates in PEM, such as the demonstration authority's.
 */
export function openTrust(dir: string, own: readonly string[], log: Log): () => Promise<Trust> {
  const always = own.map((pem) => new X509Certificate(pem).raw);
  let kept: { at: number; trust: Promise<Trust> } | undefined;
  return () => {
    if (kept === undefined || performance.now() - kept.at > FRESH) {
      const trust = readTrust(dir, always, log);
      trust.catch(() => (kept = undefined));
      kept = { at: performance.now(), trust };
    }
    return kept.trust;
  };
}

async function readTrust(dir: string, own: Buffer[], log: Log): Promise<Trust> {
  const names = await readdir(dir).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw cause;
  });
  const trust: Trust = { trusted: [...own], crls: [] };
  for (const name of names.sort()) {
    const isList = name.endsWith(".crl");
    if (!isList && !/\.(pem|crt|cer)$/.test(name)) continue;
    try {
      for (const der of derOf(await readFile(join(dir, name))))
        if (isList) trust.crls.push(der);
        else trust.trusted.push(new X509Certificate(der).raw);
    } catch (cause) {
      log.warn({ err: cause, file: name }, "a trusted certificate or revocation list cannot be read");
    }
  }
  return trust;
}

function derOf(bytes: Buffer): Buffer[] {
  const text = bytes.toString("latin1");
  const blocks = [...text.matchAll(/-----BEGIN (?:X509 CRL|CERTIFICATE)-----([^-]+)-----END/g)];
  return blocks.length === 0 ? [bytes] : blocks.map(([, base64 = ""]) => Buffer.from(base64, "base64"));
}
