import { createPrivateKey, sign, X509Certificate, type KeyObject } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { SigningKey } from "../../../server/signing/signing-key.ts";

/** An authority made with openssl, apart from our own: root, issuing authority, people, a timestamp authority, a list. */
export interface TestAuthority {
  dir: string;
  root: Buffer;
  rootFile: string;
  issuing: Buffer;
  /** A signer by name; made at the first call. `days` are `[from, to]` as YYYYMMDD. */
  signer(name: string, options?: SignerOptions): TestSigner;
  /** Withdraws a certificate at the machine's present time; the next list names it. */
  revoke(signer: TestSigner, reason?: string): void;
  /** A certificate with the same serial number and key as a signer's, for another subject. */
  twin(signer: TestSigner, subject: string): Buffer;
  /** The revocation list of the issuing authority as it is now, in DER, and of the root. */
  lists(): Buffer[];
  /** An RFC 3161 token over these bytes, in DER. */
  timestamp(bytes: Buffer, tsa: TestSigner): Buffer;
}
export interface SignerOptions {
  subject?: string;
  days?: [from: string, to: string];
  kind?: "officer" | "tsa" | "server";
}
export interface TestSigner extends SigningKey {
  certificate: Buffer;
  certificateFile: string;
  keyFile: string;
  key: KeyObject;
}

const CONFIG = `
[ca]
default_ca = this
[this]
database = $ENV::PKI/index.txt
serial = $ENV::PKI/serial
crlnumber = $ENV::PKI/crlnumber
new_certs_dir = $ENV::PKI/new
default_md = sha256
default_crl_days = 3650
policy = any
unique_subject = no
string_mask = utf8only
copy_extensions = none
email_in_dn = no
[any]
countryName = optional
organizationName = optional
title = optional
commonName = supplied
[req]
distinguished_name = dn
string_mask = utf8only
utf8 = yes
prompt = no
[dn]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[officer]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, nonRepudiation
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:false
extendedKeyUsage = serverAuth
[tsa]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa_this]
serial = $ENV::PKI/tsaserial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
ordering = no
tsa_name = no
ess_cert_id_chain = no
`;

/** Makes an authority in a folder of its own. `name` stands in its certificates. */
export function makeTestAuthority(dir: string, name = "thử nghiệm"): TestAuthority {
  mkdirSync(join(dir, "new"), { recursive: true });
  const file = (part: string) => join(dir, part);
  for (const [part, text] of [
    ["openssl.cnf", CONFIG],
    ["index.txt", ""],
    ["index.txt.attr", ""],
    ["serial", "1000"],
    ["crlnumber", "01"],
    ["tsaserial", "01"],
  ] as const)
    writeFileSync(file(part), text);
  const openssl = (args: string[]): Buffer => {
    const done = spawnSync("openssl", args, { env: { ...process.env, PKI: dir } });
    if (done.status !== 0) throw new Error(`openssl ${args.join(" ")}: ${done.stderr.toString()}`);
    return done.stdout;
  };
  const made = new Map<string, TestSigner>();
  const makeKey = (part: string) => openssl(["genrsa", "-out", file(`${part}.key`), "2048"]);
  const config = ["-config", file("openssl.cnf")];
  makeKey("root");
  openssl([
    ...["req", "-x509", "-new", "-utf8", "-key", file("root.key"), "-days", "9000", "-out", file("root.pem")],
    ...["-subj", `/C=VN/O=Cơ quan ${name}/CN=CA gốc ${name}`, "-extensions", "authority", ...config],
  ]);
  const issue = (part: string, subject: string, by: string, extensions: string, days: [string, string]) => {
    makeKey(part);
    openssl([
      ...["req", "-new", "-utf8", "-key", file(`${part}.key`), "-out", file(`${part}.csr`), "-subj", subject],
      ...config,
    ]);
    openssl([
      ...["ca", "-batch", "-utf8", "-notext", "-in", file(`${part}.csr`), "-out", file(`${part}.pem`)],
      ...["-cert", file(`${by}.pem`), "-keyfile", file(`${by}.key`), "-extensions", extensions],
      ...["-startdate", `${days[0]}000000Z`, "-enddate", `${days[1]}000000Z`, ...config],
    ]);
  };
  const der = (part: string) => new X509Certificate(readFileSync(file(`${part}.pem`))).raw;
  issue("issuing", `/C=VN/O=Cơ quan ${name}/CN=CA ký số ${name}`, "root", "authority", [
    "20200101",
    "20450101",
  ]);
  const list = (by: string) => {
    const pem = file(`${by}.crl.pem`);
    openssl([
      "ca",
      "-gencrl",
      "-cert",
      file(`${by}.pem`),
      "-keyfile",
      file(`${by}.key`),
      "-out",
      pem,
      ...config,
    ]);
    return openssl(["crl", "-in", pem, "-outform", "DER"]);
  };
  return {
    dir,
    root: der("root"),
    rootFile: file("root.pem"),
    issuing: der("issuing"),
    signer(id, options = {}) {
      const known = made.get(id);
      if (known !== undefined) return known;
      const { subject = `/C=VN/O=Sở Tư pháp/title=Giám đốc/CN=Trần Văn Mẫu`, kind = "officer" } = options;
      issue(id, subject, "issuing", kind, options.days ?? ["20210101", "20400101"]);
      const key = createPrivateKey(readFileSync(file(`${id}.key`)));
      const signer: TestSigner = {
        certificate: der(id),
        certificateFile: file(`${id}.pem`),
        keyFile: file(`${id}.key`),
        key,
        certificateChain: [der(id), der("issuing"), der("root")],
        sign: (bytes) => Promise.resolve(sign("sha256", bytes, key)),
      };
      made.set(id, signer);
      return signer;
    },
    revoke(signer, reason = "keyCompromise") {
      openssl([
        ...["ca", "-revoke", signer.certificateFile, "-crl_reason", reason],
        ...["-cert", file("issuing.pem"), "-keyfile", file("issuing.key"), ...config],
      ]);
    },
    twin(signer, subject) {
      const serial = `0x${new X509Certificate(signer.certificate).serialNumber}`;
      openssl([
        "req",
        "-new",
        "-utf8",
        "-key",
        signer.keyFile,
        "-out",
        file("twin.csr"),
        "-subj",
        subject,
        ...config,
      ]);
      openssl([
        ...[
          "x509",
          "-req",
          "-in",
          file("twin.csr"),
          "-CA",
          file("issuing.pem"),
          "-CAkey",
          file("issuing.key"),
        ],
        ...["-set_serial", serial, "-days", "3000", "-sha256", "-extfile", file("openssl.cnf")],
        ...["-extensions", "officer", "-out", file("twin.pem")],
      ]);
      return der("twin");
    },
    lists: () => [list("issuing"), list("root")],
    timestamp(bytes, tsa) {
      const [query, reply, chain] = [file("query.tsq"), file("reply.tsr"), file("chain.pem")];
      writeFileSync(chain, readFileSync(file("issuing.pem")));
      writeFileSync(file("stamped"), bytes);
      openssl(["ts", "-query", "-sha256", "-cert", "-data", file("stamped"), "-no_nonce", "-out", query]);
      openssl([
        ...["ts", "-reply", "-queryfile", query, "-signer", tsa.certificateFile, "-inkey", tsa.keyFile],
        ...["-chain", chain, "-token_out", "-out", reply, "-section", "tsa_this", ...config],
      ]);
      return readFileSync(reply);
    },
  };
}
