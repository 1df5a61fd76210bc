import { createPrivateKey, privateEncrypt, constants, randomUUID, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { CREDENTIAL, SERVICE_ACCOUNT, SERVICE_LOGIN, type SigningServiceOptions } from "./signing-service.ts";

/** The process of `startSigningService`: it shares nothing with the program but what goes over HTTP. */

type Json = Record<string, unknown>;

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly error: string,
    description: string,
  ) {
    super(description);
  }
}

const SHA256 = "2.16.840.1.101.3.4.2.1";
const DIGEST_INFO = Buffer.from("3031300d060960864801650304020105000420", "hex");
const MOST_WRONG_PINS = 3;

let options: SigningServiceOptions | undefined;
let key: KeyObject | undefined;
let wrongPins = 0;
const tokens = new Set<string>();
const authorised = new Map<string, string>();
const calls: string[] = [];

process.on("message", (message: { options?: SigningServiceOptions; calls?: true; delay?: number }) => {
  if (message.calls) process.send?.(calls);
  else if (message.delay !== undefined && options !== undefined) {
    options.delay = message.delay;
    process.send?.({});
  } else if (message.options !== undefined) {
    options = message.options;
    key = createPrivateKey(options.privateKey);
    server.listen(0, "127.0.0.1", () => process.send?.({ port: (server.address() as AddressInfo).port }));
  }
});

const server = createServer((req, res) => {
  answer(req)
    .then((body) => ({ status: 200, body }))
    .catch((cause: unknown) =>
      cause instanceof Refusal
        ? { status: cause.status, body: { error: cause.error, error_description: cause.message } }
        : { status: 500, body: { error: "server_error", error_description: String(cause) } },
    )
    .then(({ status, body }) => {
      res.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    })
    .catch(() => res.destroy());
});

async function answer(req: IncomingMessage): Promise<Json> {
  const path = req.url ?? "";
  calls.push(path);
  if (req.method !== "POST") throw new Refusal(405, "invalid_request", "POST only");
  if (req.headers["content-type"] !== "application/json")
    throw new Refusal(415, "invalid_request", "JSON only");
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part as Buffer);
  const body = JSON.parse(Buffer.concat(parts).toString("utf8")) as Json;
  const authorization = req.headers.authorization ?? "";
  if (path === "/csc/v1/oauth2/token") return oauth(body);
  if (path === "/csc/v1/auth/login") return login(authorization);
  if (!tokens.has(authorization.replace(/^Bearer /, "")))
    throw new Refusal(401, "invalid_token", "The access token is missing, wrong or expired");
  switch (path) {
    case "/csc/v1/credentials/list":
      return { credentialIDs: [CREDENTIAL] };
    case "/csc/v1/credentials/info":
      return info(body);
    case "/csc/v1/credentials/authorize":
      return authorize(body);
    case "/csc/v1/signatures/signHash":
      return signHash(body);
    default:
      throw new Refusal(404, "invalid_request", "no such method");
  }
}

function token(): Json {
  const value = randomUUID();
  tokens.add(value);
  return { access_token: value, token_type: "Bearer", expires_in: 3600 };
}

function oauth(body: Json): Json {
  if (body.grant_type !== "client_credentials") throw new Refusal(400, "unsupported_grant_type", "grant");
  if (body.client_id !== SERVICE_LOGIN.clientId || body.client_secret !== SERVICE_LOGIN.clientSecret)
    throw new Refusal(401, "invalid_client", "who are you");
  return token();
}

function login(authorization: string): Json {
  const { user, password } = SERVICE_ACCOUNT;
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  if (authorization !== expected) throw new Refusal(401, "authentication_error", "who are you");
  return token();
}

function given(): SigningServiceOptions {
  if (options === undefined) throw new Error("not set up");
  return options;
}

function assertCredential({ credentialID }: Json): void {
  if (credentialID !== CREDENTIAL)
    throw new Refusal(400, "invalid_request", "Invalid parameter credentialID");
}

function info(body: Json): Json {
  assertCredential(body);
  const { certificates, otp } = given();
  return {
    key: { status: "enabled", algo: ["1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1"], len: 2048 },
    cert: {
      status: "valid",
      certificates: body.certificates === "chain" ? certificates : certificates.slice(0, 1),
    },
    authMode: "explicit",
    SCAL: "2",
    PIN: { presence: "true", format: "N" },
    OTP: { presence: otp === undefined ? "false" : "true", type: "offline" },
    multisign: 1,
  };
}

function authorize(body: Json): Json {
  assertCredential(body);
  const { pin, otp } = given();
  const hash = Array.isArray(body.hash) ? (body.hash as unknown[]) : [];
  if (body.numSignatures !== 1 || hash.length !== 1)
    throw new Refusal(400, "invalid_request", "one hash each");
  if (wrongPins >= MOST_WRONG_PINS) throw new Refusal(400, "invalid_request", "The credential is locked");
  if (body.PIN !== pin) {
    wrongPins++;
    throw new Refusal(400, "invalid_pin", "The PIN is invalid");
  }
  if (otp !== undefined && body.OTP !== otp) throw new Refusal(400, "invalid_otp", "The OTP is invalid");
  wrongPins = 0;
  const SAD = randomUUID();
  authorised.set(SAD, String(hash[0]));
  return { SAD, expiresIn: 300 };
}

async function signHash(body: Json): Promise<Json> {
  assertCredential(body);
  const hash = String((body.hash as unknown[])[0]);
  if (authorised.get(String(body.SAD)) !== hash)
    throw new Refusal(400, "invalid_request", "The SAD is not for this hash");
  authorised.delete(String(body.SAD));
  if (body.hashAlgo !== SHA256 || body.signAlgo !== "1.2.840.113549.1.1.11")
    throw new Refusal(400, "invalid_request", "algorithm");
  await pause(given().delay ?? 0);
  if (key === undefined) throw new Error("no key");
  const info = Buffer.concat([DIGEST_INFO, Buffer.from(hash, "base64")]);
  const signature = privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info);
  return { signatures: [signature.toString("base64")] };
}
