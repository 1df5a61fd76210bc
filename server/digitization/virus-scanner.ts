import { createReadStream } from "node:fs";
import { connect, type Socket } from "node:net";
import { Problem, Unavailable } from "../platform/errors.ts";

/** Where clamd listens: a TCP port, or a socket in the file system. */
export type ScannerPlace = { host: string; port: number } | { socket: string };

export interface VirusScanner {
  /**
   * Has a file scanned. Throws FileInfected with the virus's name, Unavailable `virus-scanner-away` when the scanner
   * does not answer or cannot say: no file goes on unscanned where a scanner is set up.
   */
  assertClean(path: string): Promise<void>;
  /** What clamd says of itself, with the age of its signatures. Throws Unavailable. */
  version(): Promise<string>;
}

/** Thrown when the scanner found a virus; `virus` is its name. */
export class FileInfected extends Problem {
  readonly status = 422;
  readonly title = "Tệp không được nhận";
  constructor(readonly virus: string) {
    super(
      "file-infected",
      `Tệp có mã độc (${virus}) nên không được nhận. Hãy kiểm tra máy đã tạo tệp rồi quét lại giấy tờ.`,
      { extras: { virus }, logText: `file refused: virus ${virus}` },
    );
  }
}

/** Nothing was heard for so long: it is away. */
const SILENCE_MS = 30_000;
const CONNECT_MS = 5_000;

/** A clamd, spoken to by its own protocol (clamd(8): zINSTREAM, zVERSION). */
export function virusScanner(place: ScannerPlace, silenceMs = SILENCE_MS): VirusScanner {
  return {
    async assertClean(path) {
      const reply = await ask(place, silenceMs, async (socket) => {
        await write(socket, Buffer.from("zINSTREAM\0"));
        for await (const chunk of createReadStream(path)) {
          const bytes = chunk as Buffer;
          const length = Buffer.alloc(4);
          length.writeUInt32BE(bytes.length);
          await write(socket, Buffer.concat([length, bytes]));
        }
        await write(socket, Buffer.alloc(4));
      });
      if (reply === "stream: OK") return;
      const virus = /^stream: (.+) FOUND$/.exec(reply)?.[1];
      if (virus !== undefined) throw new FileInfected(virus);
      throw away(new Error(`clamd says: ${reply.slice(0, 200)}`));
    },
    version: () => ask(place, silenceMs, (socket) => write(socket, Buffer.from("zVERSION\0"))),
  };
}

function away(cause: unknown): Unavailable {
  return new Unavailable(
    "virus-scanner-away",
    "Bộ quét mã độc hiện không trả lời nên chưa nhận được tệp. Hãy thử lại sau ít phút hoặc báo quản trị.",
    { cause, logText: "the virus scanner does not answer" },
  );
}

/** One command, one answer, one connection. */
function ask(
  place: ScannerPlace,
  silenceMs: number,
  send: (socket: Socket) => Promise<void>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = "socket" in place ? connect(place.socket) : connect(place);
    const chunks: Buffer[] = [];
    const fail = (cause: unknown) => {
      socket.destroy();
      reject(away(cause));
    };
    socket.setTimeout(CONNECT_MS, () => fail(new Error("clamd is silent")));
    socket.once("connect", () => {
      socket.setTimeout(silenceMs);
      send(socket).catch((cause: unknown) => {
        // It answers before it has read all, when the file is over its own limit: the answer says so.
        if (chunks.length === 0) fail(cause);
      });
    });
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (!chunk.includes(0)) return;
      socket.destroy();
      resolve(
        Buffer.concat(chunks)
          .toString("utf8")
          .replace(/\0[^]*$/, "")
          .trim(),
      );
    });
    socket.once("error", fail);
    socket.once("close", () => fail(new Error("clamd closed the connection")));
  });
}

function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (cause) => (cause == null ? resolve() : reject(cause)));
  });
}
