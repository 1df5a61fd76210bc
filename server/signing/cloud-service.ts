import { createHash } from "node:crypto";
import { Problem } from "../platform/errors.ts";
import { keyUnavailable, otpNeeded, pinLocked, pinNeeded, wrongOtp, wrongPin } from "./key-problems.ts";
import type { SigningKey } from "./signing-key.ts";

/** A remote signing service, as the settings name it (CSC_URL and its log-in). */
export interface CloudServiceConfig {
  /** Up to and without `/csc/v1`. */
  url: string;
  login: { clientId: string; clientSecret: string } | { user: string; password: string };
}

export interface CloudCredential {
  /** The signer's certificate first; DER. */
  certificates: Buffer[];
  needsPin: boolean;
  needsOtp: boolean;
}

/** A remote signing service that speaks the API of the Cloud Signature Consortium, version 1.0.4. */
export interface CloudService {
  credentials(): Promise<string[]>;
  credential(id: string): Promise<CloudCredential>;
  /**
   * A key there. Its `sign` throws Invalid `pin-needed`, `wrong-pin`, `otp-needed` or `wrong-otp`, Refused `pin-locked`,
   * Unavailable `key-unavailable`. PIN and OTP are given as one text, a blank between them.
   */
  key(id: string, certificateChain: Buffer[]): SigningKey;
}

/** A signer may have to confirm on his telephone: the service answers when he has, or not at all. Milliseconds. */
const PATIENCE_MS = 240_000;

const SHA256 = "2.16.840.1.101.3.4.2.1";
const SHA256_WITH_RSA = "1.2.840.113549.1.1.11";

type Json = Record<string, unknown>;

/** Opens the service; nothing is asked before the first use. */
export function cloudService({ url, login }: CloudServiceConfig): CloudService {
  let token: { value: string; until: number } | undefined;

  async function post(path: string, body: Json, authorization?: string): Promise<Json> {
    const answer = await fetch(`${url}/csc/v1/${path}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/json",
        ...(authorization === undefined ? {} : { Authorization: authorization }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const said = (await answer.json().catch(() => ({}))) as Json;
    if (!answer.ok)
      throw new ServiceRefusal(answer.status, textOf(said.error), textOf(said.error_description));
    return said;
  }

  async function accessToken(): Promise<string> {
    if (token !== undefined && performance.now() < token.until) return token.value;
    const said =
      "clientId" in login
        ? await post("oauth2/token", {
            grant_type: "client_credentials",
            client_id: login.clientId,
            client_secret: login.clientSecret,
          })
        : await post(
            "auth/login",
            { rememberMe: false },
            `Basic ${Buffer.from(`${login.user}:${login.password}`, "utf8").toString("base64")}`,
          );
    const value = textOf(said.access_token);
    if (value === "") throw new Error("the service gave no access token");
    // Renewed a little before it ends; without a stated time it is used for a minute.
    const seconds = typeof said.expires_in === "number" ? said.expires_in : 90;
    token = { value, until: performance.now() + Math.max(0, seconds - 30) * 1000 };
    return value;
  }

  /** A call with the access token; once more with a new one when the old has ended early. */
  async function call(path: string, body: Json): Promise<Json> {
    try {
      return await post(path, body, `Bearer ${await accessToken()}`);
    } catch (cause) {
      if (!(cause instanceof ServiceRefusal) || cause.status !== 401) throw cause;
      token = undefined;
      return post(path, body, `Bearer ${await accessToken()}`);
    }
  }

  async function credential(id: string): Promise<CloudCredential> {
    const said = await call("credentials/info", {
      credentialID: id,
      certificates: "chain",
      certInfo: false,
      authInfo: true,
    });
    const certificates = (said.cert as { certificates?: unknown } | undefined)?.certificates;
    const presence = (name: string) => textOf((said[name] as Json | undefined)?.presence) === "true";
    if (!Array.isArray(certificates) || certificates.length === 0)
      throw new Error("the service gave no certificate");
    return {
      certificates: certificates.map((one) => Buffer.from(String(one), "base64")),
      needsPin: presence("PIN"),
      needsOtp: presence("OTP"),
    };
  }

  async function signHash(id: string, hash: string, given: string | undefined): Promise<Buffer> {
    const { needsPin, needsOtp } = await credential(id);
    const [first, second] = (given ?? "").trim().split(/\s+/);
    const secrets = needsPin ? { PIN: first, OTP: second } : { PIN: undefined, OTP: first };
    if (needsPin && !secrets.PIN) throw pinNeeded();
    if (needsOtp && !secrets.OTP) throw otpNeeded();
    // The authorisation is for this hash alone (SCAL2), and for one signature.
    const { SAD } = await call("credentials/authorize", {
      credentialID: id,
      numSignatures: 1,
      hash: [hash],
      ...(needsPin ? { PIN: secrets.PIN } : {}),
      ...(needsOtp ? { OTP: secrets.OTP } : {}),
    });
    const { signatures } = await call("signatures/signHash", {
      credentialID: id,
      SAD,
      hash: [hash],
      hashAlgo: SHA256,
      signAlgo: SHA256_WITH_RSA,
    });
    const [signature] = Array.isArray(signatures) ? (signatures as unknown[]) : [];
    if (typeof signature !== "string") throw new Error("the service gave no signature");
    return Buffer.from(signature, "base64");
  }

  return {
    credentials: () =>
      told(async () => {
        const { credentialIDs } = await call("credentials/list", { maxResults: 100 });
        return Array.isArray(credentialIDs) ? credentialIDs.map(String) : [];
      }),
    credential: (id) => told(() => credential(id)),
    key: (id, certificateChain) => ({
      certificateChain,
      sign: (bytes, pin) =>
        told(() => signHash(id, createHash("sha256").update(bytes).digest("base64"), pin)),
    }),
  };
}

/** The service said no; its words never hold what we sent. */
class ServiceRefusal extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    description: string,
  ) {
    super(`the signing service answers ${status} ${error} ${description.slice(0, 200)}`.trim());
  }
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    if (!(cause instanceof ServiceRefusal)) throw keyUnavailable(cause);
    if (/lock/i.test(cause.message)) throw pinLocked();
    if (cause.error === "invalid_otp") throw wrongOtp();
    if (cause.error === "invalid_pin") throw wrongPin();
    throw keyUnavailable(cause);
  }
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
