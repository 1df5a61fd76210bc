import type { Timestamper } from "./cms.ts";
import { fetchBytes } from "./fetch-bytes.ts";
import { timestampQuery, tokenIn } from "./timestamp-token.ts";

/** An outside timestamp authority, as the settings name it (TSA_URL, TSA_USER, TSA_PASSWORD). */
export interface TimestampServiceConfig {
  url: string;
  user?: string | undefined;
  password?: string | undefined;
}

/** Asks a timestamp authority over HTTP (RFC 3161, 3.4). What it gives throws when it refuses or answers wrongly. */
export function timestampService({ url, user, password }: TimestampServiceConfig): Timestamper {
  const login = Buffer.from(`${user ?? ""}:${password ?? ""}`, "utf8").toString("base64");
  const ask = fetchBytes({
    Accept: "application/timestamp-reply",
    ...(user === undefined ? {} : { Authorization: `Basic ${login}` }),
  });
  return async (bytes) => {
    const query = timestampQuery(bytes);
    return tokenIn(await ask(url, { type: "application/timestamp-query", body: query.der }), query);
  };
}
