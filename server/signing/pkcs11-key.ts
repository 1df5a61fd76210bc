import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Problem } from "../platform/errors.ts";
import { keyUnavailable, pinLocked, pinNeeded, wrongPin } from "./key-problems.ts";
import type { SigningKey } from "./signing-key.ts";

/** Where a key lies on a token. */
export interface TokenPlace {
  modulePath: string;
  token?: string;
  object?: string;
  /** Hex. */
  id?: string;
}

/**
 * Reads a PKCS#11 URI (RFC 7512): `pkcs11:token=…;object=…?module-path=/usr/lib/…so`. Throws when it names no module,
 * and neither a label nor an id of the key; when it holds a PIN too, for that is asked at each signature.
 */
export function readTokenPlace(uri: string): TokenPlace {
  const [path = "", query = ""] = uri.replace(/^pkcs11:/, "").split("?");
  const parts = new Map(
    [...path.split(";"), ...query.split("&")].filter(Boolean).map((part): [string, string] => {
      const at = part.indexOf("=");
      return [part.slice(0, at), part.slice(at + 1)];
    }),
  );
  if (parts.has("pin-value") || parts.has("pin-source"))
    throw new Error("the PIN has no place in the address: it is asked at each signature");
  const text = (name: string) => {
    const value = parts.get(name);
    return value === undefined ? undefined : decodeURIComponent(value);
  };
  const modulePath = text("module-path");
  const [token, object] = [text("token"), text("object")];
  const id = parts
    .get("id")
    ?.replace(/%([0-9a-fA-F]{2})|(.)/g, (_, hex?: string, char?: string) =>
      hex === undefined ? Buffer.from(char ?? "").toString("hex") : hex.toLowerCase(),
    );
  if (!uri.startsWith("pkcs11:") || modulePath === undefined || (object === undefined && id === undefined))
    throw new Error(
      "a token's key is named as pkcs11:token=LABEL;object=LABEL?module-path=/path/to/module.so",
    );
  return {
    modulePath,
    ...(token === undefined ? {} : { token }),
    ...(object === undefined ? {} : { object }),
    ...(id === undefined ? {} : { id }),
  };
}

/** A token that does not answer for so long is given up, in milliseconds: somebody may have to press a button on it. */
const PATIENCE_MS = 60_000;

/**
 * A key on a PKCS#11 token. Its `sign` throws Invalid `pin-needed` or `wrong-pin`, Refused `pin-locked`, Unavailable
 * `key-unavailable`. Wrong PINs are counted by the token.
 */
export function pkcs11Key(place: TokenPlace, certificateChain: Buffer[]): SigningKey {
  return {
    certificateChain,
    async sign(bytes, pin) {
      if (pin === undefined) throw pinNeeded();
      const { signature } = await inTurn(place, { pin, sign: bytes.toString("base64") });
      if (signature === undefined) throw keyUnavailable(new Error("the token gave no signature"));
      return Buffer.from(signature, "base64");
    },
  };
}

/** The certificates on a token that bear the key's label or id. */
export async function certificatesOnToken(place: TokenPlace): Promise<Buffer[]> {
  const { certificates = [] } = await inTurn(place, {});
  return certificates.map((one) => Buffer.from(one, "base64"));
}

interface TokenAnswer {
  signature?: string;
  certificates?: string[];
  error?: { code: number | null; message: string };
}

/** Many tokens take one user at a time: each module's uses follow one another. */
const turns = new Map<string, Promise<unknown>>();

function inTurn(place: TokenPlace, task: { pin?: string; sign?: string }): Promise<TokenAnswer> {
  const turn = (turns.get(place.modulePath) ?? Promise.resolve()).then(() => useToken({ ...place, ...task }));
  turns.set(
    place.modulePath,
    turn.catch(() => undefined),
  );
  return turn;
}

async function useToken(task: TokenPlace & { pin?: string; sign?: string }): Promise<TokenAnswer> {
  const child = fork(fileURLToPath(new URL("./pkcs11-process.mjs", import.meta.url)), {
    execArgv: [],
    env: withoutSecrets(process.env),
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  try {
    const answer = await new Promise<TokenAnswer>((resolve, reject) => {
      child.once("message", (message) => resolve(message as TokenAnswer));
      child.once("error", reject);
      child.once("exit", (code, signal) =>
        reject(new Error(`the token's process ended (${signal ?? code}) without an answer`)),
      );
      child.send(task);
    });
    if (answer.error !== undefined) throw problemOf(answer.error);
    return answer;
  } catch (cause) {
    throw cause instanceof Problem ? cause : keyUnavailable(cause);
  } finally {
    clearTimeout(patience);
    child.kill();
  }
}

/** The maker's library needs the environment (where its settings are), not our secrets. */
function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/(URL|PASSWORD|SECRET|TOKEN)$/.test(name)),
  );
}

const CKR_PIN_INCORRECT = 0xa0;
const CKR_PIN_INVALID = 0xa1;
const CKR_PIN_LEN_RANGE = 0xa2;
const CKR_PIN_LOCKED = 0xa4;

function problemOf({ code, message }: { code: number | null; message: string }): Problem {
  if (code === CKR_PIN_INCORRECT || code === CKR_PIN_INVALID || code === CKR_PIN_LEN_RANGE) return wrongPin();
  if (code === CKR_PIN_LOCKED) return pinLocked();
  return keyUnavailable(new Error(message));
}
