import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** An authority that openssl alone runs: timestamps, revocation list and OCSP, over HTTP. */
export interface OpensslAuthority {
  tsaUrl: string;
  rootCertificate: string;
  /** DER: good and revoked ones, whose state is told by OCSP or by a list. */
  certificates: Record<"ocspGood" | "ocspRevoked" | "crlGood" | "crlRevoked", Buffer>;
  /** What the timestamp service was asked with. */
  seen: { type: string | undefined; authorization: string | undefined }[];
  /** Its answer to a request. */
  reply(query: Buffer): Promise<Buffer>;
  stop(): void;
}

const LOGIN = `Basic ${Buffer.from("mot-cua:mật khẩu", "utf8").toString("base64")}`;

export async function startOpensslAuthority(dir: string): Promise<OpensslAuthority> {
  mkdirSync(join(dir, "certs"), { recursive: true });
  const openssl = (...args: string[]) => {
    const done = spawnSync("openssl", args, { cwd: dir, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`openssl ${args.join(" ")}: ${done.stderr}`);
  };
  const seen: OpensslAuthority["seen"] = [];
  const server = createServer((req, res) => {
    const published: Record<string, string> = { "/crl": "list.crl", "/ca": "ca.crt" };
    const file = published[req.url ?? ""];
    if (file !== undefined) {
      res.end(readFileSync(join(dir, file)));
      return;
    }
    seen.push({ type: req.headers["content-type"], authorization: req.headers.authorization });
    const parts: Buffer[] = [];
    req.on("data", (part: Buffer) => parts.push(part));
    req.on("end", () => {
      if (req.headers.authorization !== LOGIN) res.writeHead(401).end();
      else res.end(replyTo(Buffer.concat(parts)));
    });
  });
  const base = await listening(server);
  const ocspPort = Number(new URL(await listening(createServer(), true)).port);

  writeFileSync(join(dir, "index"), "");
  writeFileSync(join(dir, "serial"), "1001\n");
  writeFileSync(join(dir, "tsaserial"), "01\n");
  writeFileSync(join(dir, "openssl.cnf"), configuration(base, ocspPort));
  const subject = (name: string) => ["-subj", `/CN=${name}`, "-utf8"];
  openssl(
    ...[
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      "ca.key",
      "-out",
      "ca.crt",
      "-days",
      "30",
    ],
    ...["-config", "openssl.cnf", "-extensions", "authority", ...subject("CA ngoài thử nghiệm")],
  );
  for (const [name, kind] of [
    ["tsa", "stamping"],
    ["responder", "responder"],
    ["ocspGood", "by_ocsp"],
    ["ocspRevoked", "by_ocsp"],
    ["crlGood", "by_list"],
    ["crlRevoked", "by_list"],
  ] as const) {
    openssl(
      ...["req", "-newkey", "rsa:2048", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.csr`],
      ...["-config", "openssl.cnf", ...subject(name)],
    );
    openssl(
      ...["ca", "-batch", "-notext", "-config", "openssl.cnf", "-extensions", kind, "-days", "20"],
      ...["-in", `${name}.csr`, "-out", `${name}.crt`],
    );
  }
  for (const name of ["ocspRevoked", "crlRevoked"])
    openssl("ca", "-config", "openssl.cnf", "-revoke", `${name}.crt`);
  openssl("ca", "-config", "openssl.cnf", "-gencrl", "-crldays", "5", "-out", "list.pem");
  openssl("crl", "-in", "list.pem", "-outform", "DER", "-out", "list.crl");
  const responder: ChildProcess = spawn(
    "openssl",
    [
      ...["ocsp", "-port", String(ocspPort), "-index", "index", "-CA", "ca.crt"],
      ...["-rsigner", "responder.crt", "-rkey", "responder.key", "-ndays", "1"],
    ],
    { cwd: dir, stdio: ["ignore", "ignore", "pipe"] },
  );
  await waiting(responder);

  function replyTo(query: Buffer): Buffer {
    writeFileSync(join(dir, "query"), query);
    openssl("ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query", "-out", "reply");
    return readFileSync(join(dir, "reply"));
  }
  const der = (name: string) => new X509Certificate(readFileSync(join(dir, `${name}.crt`))).raw;
  return {
    tsaUrl: `${base}/tsa`,
    rootCertificate: readFileSync(join(dir, "ca.crt"), "utf8"),
    certificates: {
      ocspGood: der("ocspGood"),
      ocspRevoked: der("ocspRevoked"),
      crlGood: der("crlGood"),
      crlRevoked: der("crlRevoked"),
    },
    seen,
    reply: (query) => Promise.resolve(replyTo(query)),
    stop() {
      responder.kill();
      server.close();
    },
  };
}

/** Where the server listens; `free`: closed again, for somebody else to take. */
async function listening(server: Server, free = false): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  if (free) await new Promise((resolve) => server.close(resolve));
  return url;
}

/** A request that is none would end it, so it is believed when it says that it waits. */
async function waiting(responder: ChildProcess): Promise<void> {
  let said = "";
  responder.stderr?.on("data", (part: Buffer) => (said += part.toString()));
  for (let i = 0; i < 100 && !said.includes("waiting for OCSP client"); i++) await pause(100);
  if (!said.includes("waiting")) throw new Error(`openssl ocsp does not start: ${said}`);
}

function configuration(base: string, ocspPort: number): string {
  return `
[ca]
default_ca = default_ca_section
[req]
distinguished_name = dn
prompt = no
[dn]
CN = unnamed
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsa]
default_tsa = tsa_section
[stamping]
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[responder]
extendedKeyUsage = OCSPSigning
[by_ocsp]
keyUsage = critical,digitalSignature
authorityInfoAccess = OCSP;URI:http://127.0.0.1:${ocspPort},caIssuers;URI:${base}/ca
[by_list]
keyUsage = critical,digitalSignature
crlDistributionPoints = URI:${base}/crl
authorityInfoAccess = caIssuers;URI:${base}/ca
[default_ca_section]
database = index
serial = serial
new_certs_dir = certs
certificate = ca.crt
private_key = ca.key
default_md = sha256
policy = policy
unique_subject = no
default_crl_days = 5
[policy]
CN = supplied
[tsa_section]
dir = .
serial = tsaserial
crypto_device = builtin
signer_cert = tsa.crt
certs = ca.crt
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.2
digests = sha256, sha384, sha512
ordering = no
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;
}
