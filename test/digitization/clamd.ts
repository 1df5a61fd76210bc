import { createServer, type AddressInfo, type Server, type Socket } from "node:net";

/** A small clamd on TCP: speaks zINSTREAM and zVERSION as clamd(8) does, and knows one virus, the EICAR test file. */
export interface Clamd {
  port: number;
  /** Bytes of each file that came whole. */
  scanned: number[];
  /** Says this instead of scanning. */
  says: string | undefined;
  /** Takes connections and says nothing. */
  silent: boolean;
  stop(): Promise<void>;
}

export const EICAR = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`;

export async function startClamd(): Promise<Clamd> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => undefined);
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      if (clamd.silent) return;
      bytes = Buffer.concat([bytes, chunk]);
      const command = bytes.subarray(0, bytes.indexOf(0)).toString("latin1");
      if (command === "zVERSION") socket.end("ClamAV 1.4.3/27500/Mon Nov 23 08:00:00 2026\0");
      else if (command === "zINSTREAM") {
        const file = readChunks(bytes.subarray(command.length + 1));
        if (file === undefined) return;
        clamd.scanned.push(file.length);
        const found = file.includes(EICAR) ? "stream: Win.Test.EICAR_HDB-1 FOUND" : "stream: OK";
        socket.end(`${clamd.says ?? found}\0`);
      } else if (bytes.includes(0)) socket.end("UNKNOWN COMMAND\0");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const clamd: Clamd = {
    port: (server.address() as AddressInfo).port,
    scanned: [],
    says: undefined,
    silent: false,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return clamd;
}

/** The file of an INSTREAM; undefined until the chunk of no bytes has come. */
function readChunks(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}
