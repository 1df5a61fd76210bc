import { Router, raw } from "express";
import type { RequestHandler } from "express";
import type { Clock } from "../platform/clock.ts";
import { NotFound } from "../platform/errors.ts";
import type { Timestamper } from "./cms.ts";
import { DEMONSTRATION_PATH, type DemonstrationAuthority } from "./demonstration-authority.ts";
import type { FetchBytes } from "./fetch-bytes.ts";
import { timestampQuery, tokenIn } from "./timestamp-token.ts";

const TYPES: Record<string, string> = { crl: "application/pkix-crl", ca: "application/pkix-cert" };

/**
 * The demonstration authority as the world sees it, where the program is not in production: its revocation lists, its
 * certificates, and timestamps (RFC 3161, 3.4).
 */
export function demonstrationRoutes(
  authority: DemonstrationAuthority,
  clock: Clock,
  limited: RequestHandler,
): Router {
  const router = Router();
  router.use(DEMONSTRATION_PATH, limited);
  router.post(
    `${DEMONSTRATION_PATH}/tsa`,
    raw({ type: "application/timestamp-query", limit: "64kb" }),
    async (req, res) => {
      const query = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
      res.type("application/timestamp-reply").send(await authority.stampTime(query, clock.now()));
    },
  );
  router.get(`${DEMONSTRATION_PATH}/root.pem`, (_req, res) => {
    res.type("application/x-pem-file").send(authority.rootCertificate);
  });
  router.get(`${DEMONSTRATION_PATH}/:kind/:name`, async (req, res) => {
    const { kind, name } = req.params;
    const bytes = await authority.published(kind, name, clock.now());
    if (bytes === undefined) throw new NotFound("no-such-address", "Không có địa chỉ này.");
    res
      .set("Cache-Control", "no-cache")
      .type(TYPES[kind] ?? "application/octet-stream")
      .send(bytes);
  });
  return router;
}

/** Timestamps of the demonstration authority, without the way over HTTP. */
export function demonstrationTimestamps(authority: DemonstrationAuthority, clock: Clock): Timestamper {
  return async (bytes) => {
    const query = timestampQuery(bytes);
    return tokenIn(await authority.stampTime(query.der, clock.now()), query);
  };
}

/**
 * Answers the demonstration authority's own addresses in process, whatever machine they name: it may have been another
 * when the certificate was made. Everything else is fetched.
 */
export function withDemonstration(
  authority: DemonstrationAuthority,
  clock: Clock,
  otherwise: FetchBytes,
): FetchBytes {
  return async (address, sent) => {
    const [, kind = "", name = ""] =
      new RegExp(`^${DEMONSTRATION_PATH}/(crl|ca)/([a-z]+\\.(?:crl|crt))$`).exec(new URL(address).pathname) ??
      [];
    const own = await authority.published(kind, name, clock.now());
    return own ?? otherwise(address, sent);
  };
}
