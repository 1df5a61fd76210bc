/** Fetches what stands at an address, or what it answers to a body. Throws when it cannot be had in time. */
export type FetchBytes = (address: string, sent?: { type: string; body: Buffer }) => Promise<Buffer>;

const TIME_MS = 5_000;
/** The revocation lists of large authorities take some megabytes. */
const MOST_BYTES = 12 * 1024 * 1024;

/** Over HTTP, with a limit of time and size; `headers` go with each request. */
export function fetchBytes(headers: Record<string, string> = {}): FetchBytes {
  return async (address, sent) => {
    const answer = await fetch(address, {
      signal: AbortSignal.timeout(TIME_MS),
      headers: { ...headers, ...(sent === undefined ? {} : { "Content-Type": sent.type }) },
      ...(sent === undefined ? {} : { method: "POST", body: new Uint8Array(sent.body) }),
    });
    if (!answer.ok || answer.body === null)
      throw new Error(`${new URL(address).host} answers ${answer.status}`);
    const parts: Uint8Array[] = [];
    let length = 0;
    for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > MOST_BYTES) throw new Error(`${new URL(address).host} answers too much`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  };
}
