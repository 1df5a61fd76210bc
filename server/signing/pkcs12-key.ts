import { createPrivateKey, sign, type KeyObject } from "node:crypto";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { keyUnavailable, pinNeeded, wrongPin } from "./key-problems.ts";
import type { SigningKey } from "./signing-key.ts";

const signAsync = promisify(sign) as (digest: string, bytes: Buffer, key: KeyObject) => Promise<Buffer>;

/** What a PKCS#12 file holds. */
export interface OpenedFile {
  privateKey: KeyObject;
  /** The key's own certificate first, then the others in the file; DER. */
  certificates: Buffer[];
}

/**
 * A key in a PKCS#12 file, opened with its PIN (the file's password) for each signature and forgotten after it.
 * Its `sign` throws Invalid `pin-needed` or `wrong-pin`, Unavailable `key-unavailable`.
 */
export function pkcs12Key(file: string, certificateChain: Buffer[]): SigningKey {
  return {
    certificateChain,
    async sign(bytes, pin) {
      const { privateKey } = await openPkcs12(file, pin);
      return signAsync("sha256", bytes, privateKey);
    },
  };
}

/** By which a key and its certificate know each other. */
const keyIdOf = (attributes: unknown): unknown =>
  (attributes as { localKeyId?: unknown[] } | undefined)?.localKeyId?.[0];

/** Opens a PKCS#12 file. Throws as `pkcs12Key` says. */
export async function openPkcs12(file: string, pin: string | undefined): Promise<OpenedFile> {
  if (pin === undefined) throw pinNeeded();
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw keyUnavailable(cause);
  });
  // A pure-JavaScript library opens the file; the signature itself is the machine's own cryptography.
  const { default: forge } = await import("node-forge");
  let opened: ReturnType<typeof forge.pkcs12.pkcs12FromAsn1>;
  try {
    opened = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(bytes.toString("latin1")), true, pin);
  } catch (cause) {
    // The library's own words: the file's MAC does not fit, or what it protects cannot be decrypted.
    if (/password|mac could not be verified|decrypt/i.test(String(cause))) throw wrongPin();
    throw keyUnavailable(cause);
  }
  const { pkcs8ShroudedKeyBag, keyBag, certBag } = forge.pki.oids;
  const bags = (type: string | undefined) =>
    type === undefined ? [] : (opened.getBags({ bagType: type })[type] ?? []);
  const [key] = [...bags(pkcs8ShroudedKeyBag), ...bags(keyBag)];
  if (key?.key == null) throw keyUnavailable(new Error("the file holds no RSA key"));
  const info = forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key.key));
  const privateKey = createPrivateKey({
    key: Buffer.from(forge.asn1.toDer(info).getBytes(), "latin1"),
    format: "der",
    type: "pkcs8",
  });
  return { privateKey, certificates: ownFirst(bags(certBag), keyIdOf(key.attributes)) };

  function ownFirst(found: ReturnType<typeof bags>, keyId: unknown): Buffer[] {
    const ders = found.flatMap((bag) => {
      const asn1 =
        bag.cert === undefined
          ? (bag.asn1 as typeof bag.asn1 | undefined)
          : forge.pki.certificateToAsn1(bag.cert);
      const der = asn1 === undefined ? undefined : Buffer.from(forge.asn1.toDer(asn1).getBytes(), "latin1");
      const own = keyIdOf(bag.attributes) === keyId && keyId !== undefined;
      return der === undefined ? [] : [{ der, own }];
    });
    return [...ders.filter(({ own }) => own), ...ders.filter(({ own }) => !own)].map(({ der }) => der);
  }
}
