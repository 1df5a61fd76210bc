import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestAuthority, TestSigner } from "./certificates.ts";

/** What a common tool says of a file. */
export type Said = "accepts" | "refuses" | "–";
export const TOOLS = ["pdfsig", "openssl cms", "openssl ts", "mutool sign", "qpdf --check"] as const;
export type Opinion = Record<(typeof TOOLS)[number], Said>;

export interface CommonTools {
  /** What each says of the file, with our root trusted and the revocation lists at hand, where it takes them. */
  ask(pdf: Buffer): Opinion;
  /** Lets pdfsig sign a file with this key, as another maker's program would. */
  signWithPoppler(pdf: Buffer, signer: TestSigner): Buffer;
  versions(): string;
  close(): void;
}

/** Programs that the comparison needs and this machine lacks. */
export function missingTools(): string[] {
  return ["pdfsig", "openssl", "mutool", "qpdf", "certutil", "pk12util"].filter(
    (name) => spawnSync(name, ["-v"]).error !== undefined,
  );
}

/** Milliseconds that one tool may take for one file. */
const PATIENCE = 60_000;

/** Sets the tools up to trust an authority. */
export function openCommonTools(authority: TestAuthority): CommonTools {
  const dir = mkdtempSync(join(tmpdir(), "tools-"));
  const at = (name: string) => join(dir, name);
  const run = (program: string, args: string[]) => {
    const done = spawnSync(program, args, {
      cwd: dir,
      encoding: "utf8",
      timeout: PATIENCE,
      maxBuffer: 1 << 26,
    });
    return { status: done.status, said: done.stdout + done.stderr };
  };
  mkdirSync(at("nss"));
  run("certutil", ["-d", "sql:nss", "-N", "--empty-password"]);
  run("certutil", ["-d", "sql:nss", "-A", "-n", "root", "-t", "CT,C,C", "-i", authority.rootFile]);
  const lists = authority.lists().map((der) => pem("X509 CRL", der));
  writeFileSync(at("trust"), [readFileSync(authority.rootFile, "utf8"), ...lists].join("\n"));

  function cmsOpinion(pdf: Buffer): Said {
    const found = rangesOf(pdf);
    if (found.length === 0) return "–";
    const good = found.every(([start, first, second, rest]) => {
      const contents = Buffer.from(pdf.subarray(start + first + 1, second - 1).toString("latin1"), "hex");
      if (contents.length < 4 || isTimestamp(contents)) return isTimestamp(contents);
      writeFileSync(at("cms"), contents.subarray(0, 4 + contents.readUInt16BE(2)));
      const covered = [pdf.subarray(start, start + first), pdf.subarray(second, second + rest)];
      writeFileSync(at("content"), Buffer.concat(covered));
      const files = ["-in", "cms", "-content", "content", "-CAfile", "trust", "-out", "out"];
      const how = ["cms", "-verify", "-cades", "-crl_check", "-binary", "-inform", "DER"];
      return run("openssl", [...how, ...files]).status === 0;
    });
    return good ? "accepts" : "refuses";
  }

  function timeOpinion(pdf: Buffer): Said {
    const found = rangesOf(pdf).flatMap(([start, first, second, rest]) => {
      const contents = Buffer.from(pdf.subarray(start + first + 1, second - 1).toString("latin1"), "hex");
      const covered = Buffer.concat([
        pdf.subarray(start, start + first),
        pdf.subarray(second, second + rest),
      ]);
      const token = isTimestamp(contents) ? contents : tokenIn(contents);
      if (token === undefined) return [];
      return [{ token, stamped: token === contents ? covered : signatureIn(contents) }];
    });
    if (found.length === 0) return "–";
    const good = found.every(({ token, stamped }) => {
      writeFileSync(at("token"), token.subarray(0, 4 + token.readUInt16BE(2)));
      writeFileSync(at("stamped"), stamped);
      const files = ["-in", "token", "-token_in", "-data", "stamped", "-CAfile", authority.rootFile];
      return run("openssl", ["ts", "-verify", ...files]).status === 0;
    });
    return good ? "accepts" : "refuses";
  }

  return {
    ask(pdf) {
      writeFileSync(at("a.pdf"), pdf);
      const pdfsig = run("pdfsig", ["-nssdir", "sql:nss", "a.pdf"]).said;
      // Fields that wait for their signature are listed too.
      const signatures = pdfsig
        .split(/^Signature #\d/m)
        .slice(1)
        .filter((one) => !/is not signed|not yet signed/.test(one));
      const trusted = signatures.every((one) => /Signature is Valid\.[^]*Certificate is Trusted\./.test(one));
      const mutool = run("mutool", ["sign", "-v", "a.pdf"])
        .said.split(/^Verifying signature/m)
        .slice(1)
        .filter((one) => !/not signed|unsigned/i.test(one));
      const isWhole = (text: string) => /unchanged since signing|The signature is valid but/.test(text);
      return {
        pdfsig: signatures.length === 0 ? "–" : trusted ? "accepts" : "refuses",
        "openssl cms": cmsOpinion(pdf),
        "openssl ts": timeOpinion(pdf),
        "mutool sign": mutool.length === 0 ? "–" : mutool.every(isWhole) ? "accepts" : "refuses",
        "qpdf --check": run("qpdf", ["--check", "a.pdf"]).status === 0 ? "accepts" : "refuses",
      };
    },
    signWithPoppler(pdf, signer) {
      writeFileSync(at("in.pdf"), pdf);
      writeFileSync(
        at("chain.pem"),
        signer.certificateChain.map((der) => pem("CERTIFICATE", der)).join("\n"),
      );
      const p12 = ["-export", "-inkey", signer.keyFile, "-in", "chain.pem", "-name", "nguoi-ky"];
      run("openssl", ["pkcs12", ...p12, "-passout", "pass:", "-out", "key.p12"]);
      // A store of its own: an impostor's certificates bear the names and numbers of ours.
      rmSync(at("signer"), { recursive: true, force: true });
      mkdirSync(at("signer"));
      run("certutil", ["-N", "-d", "sql:signer", "--empty-password"]);
      run("pk12util", ["-d", "sql:signer", "-i", "key.p12", "-W", "", "-K", ""]);
      const [, , root] = signer.certificateChain;
      writeFileSync(at("signer-root.pem"), pem("CERTIFICATE", root ?? Buffer.alloc(0)));
      run("certutil", ["-A", "-d", "sql:signer", "-n", "root", "-t", "CT,C,C", "-i", "signer-root.pem"]);
      rmSync(at("out.pdf"), { force: true });
      const done = run("pdfsig", [
        ...["-nssdir", "sql:signer", "-add-signature", "-nick", "nguoi-ky"],
        ...["in.pdf", "out.pdf"],
      ]);
      if (done.status !== 0) throw new Error(done.said);
      return readFileSync(at("out.pdf"));
    },
    versions() {
      const line = (program: string, args: string[]) => run(program, args).said.trim().split("\n")[0] ?? "";
      return [
        line("pdfsig", ["-v"]),
        line("openssl", ["version"]).replace(/ \(.*/, ""),
        line("mutool", ["-v"]),
        line("qpdf", ["--version"]),
      ].join("; ");
    },
    close: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** What the file's own words say is covered, sensible or not. */
function rangesOf(pdf: Buffer): [number, number, number, number][] {
  const text = pdf.toString("latin1");
  return [...text.matchAll(/\/ByteRange\s*\[\s*(\d+) (\d+)(?: (\d+) (\d+))?\s*\]/g)].map(
    ([, start, first, second, rest]) => [
      Number(start),
      Number(first),
      Number(second ?? 0),
      Number(rest ?? 0),
    ],
  );
}

const TIMESTAMP_INFO = Buffer.from("060b2a864886f70d0109100104", "hex");
const TOKEN = Buffer.from("060b2a864886f70d010910020e", "hex");

function isTimestamp(contents: Buffer): boolean {
  return contents.indexOf(TIMESTAMP_INFO) > 0 && contents.indexOf(TOKEN) < 0;
}

/** The token in the unsigned attribute: after the attribute's name, the head of a SET of four bytes. */
function tokenIn(contents: Buffer): Buffer | undefined {
  const at = contents.indexOf(TOKEN);
  return at < 0 ? undefined : contents.subarray(at + TOKEN.length + 4);
}

/** The 256 bytes of an RSA signature, which stand before the unsigned attributes. */
function signatureIn(contents: Buffer): Buffer {
  const head = contents.lastIndexOf(Buffer.from("04820100", "hex"), contents.indexOf(TOKEN));
  return contents.subarray(head + 4, head + 4 + 256);
}
