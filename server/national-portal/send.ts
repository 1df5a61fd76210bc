import http from "node:http";
import https from "node:https";
import type { PortalReply } from "./judge-reply.ts";
import { PortalUnavailable } from "./portal-errors.ts";

/** Where the portal is and how we log in there. */
export interface PortalSettings {
  /** Base address, to which /mapi/login and /mapi/g are added. */
  url: string;
  username: string;
  password: string;
  /** Our `madonvi`. */
  unit: string;
  /** For one whole call, from connecting to the last byte; 60 s unless told. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;
const LONGEST_REPLY = 20_000_000;

// Keep-alive probes find a peer that froze or was unplugged without waiting for the whole timeout.
const agents = {
  "http:": new http.Agent({ keepAlive: true, keepAliveMsecs: 5000, maxSockets: 16 }),
  "https:": new https.Agent({ keepAlive: true, keepAliveMsecs: 5000, maxSockets: 16 }),
};

/** Errors that come before anything was sent. */
const NOT_REACHED = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"];

/**
 * Posts JSON to the portal and answers whatever came back, unjudged. Throws PortalUnavailable when nothing did
 * within the timeout, or when `signal` ended it.
 */
export async function postToPortal(
  portal: PortalSettings,
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<PortalReply> {
  const timeout = AbortSignal.timeout(portal.timeoutMs ?? TIMEOUT_MS);
  const either = signal ? AbortSignal.any([timeout, signal]) : timeout;
  const address = new URL(portal.url.replace(/\/+$/, "") + path);
  const text = Buffer.from(JSON.stringify(body));
  try {
    return await post(address, text, either, true);
  } catch (error) {
    if (timeout.aborted) throw new PortalUnavailable("no answer in time", true, { cause: error });
    if (signal?.aborted) throw new PortalUnavailable("we are stopping", false, { cause: error });
    const { code, message } = error as NodeJS.ErrnoException;
    const reached = !NOT_REACHED.includes(code ?? "");
    throw new PortalUnavailable(code ?? message, reached, { cause: error });
  }
}

function post(address: URL, body: Buffer, signal: AbortSignal, again: boolean): Promise<PortalReply> {
  const secure = address.protocol === "https:";
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).request(address, {
      method: "POST",
      agent: agents[secure ? "https:" : "http:"],
      signal,
      headers: {
        "content-type": "application/json; charset=utf-8",
        "content-length": body.length,
        accept: "application/json",
        dstcode: "VN:GOV:000.00.00.G22:vpcpdvcprovider",
      },
    });
    request.on("response", (response) => {
      const parts: Buffer[] = [];
      let length = 0;
      response.on("data", (part: Buffer) => {
        parts.push(part);
        length += part.length;
        if (length > LONGEST_REPLY) response.destroy(new Error("the reply does not end"));
      });
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString("utf8") });
      });
      response.on("error", reject);
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      // The portal may close a kept connection just as it is used again; that is no outage.
      if (again && request.reusedSocket && error.code === "ECONNRESET" && !signal.aborted) {
        resolve(post(address, body, signal, false));
      } else {
        reject(error);
      }
    });
    request.end(body);
  });
}
