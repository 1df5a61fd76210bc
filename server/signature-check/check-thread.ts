// The thread in which one file at a time is checked, so that a hostile one costs a thread and not the program.
import { parentPort } from "node:worker_threads";
import { checkPdf } from "./check-pdf.ts";

/** What is asked of the thread: bytes as they are, certificates and lists in DER. */
export interface Question {
  bytes: Uint8Array;
  trusted: Uint8Array[];
  crls: Uint8Array[];
  now: Date;
}

const buffer = ({ buffer: memory, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(memory, byteOffset, byteLength);

parentPort?.on("message", ({ bytes, trusted, crls, now }: Question) => {
  parentPort?.postMessage(
    checkPdf(buffer(bytes), { trusted: trusted.map(buffer), crls: crls.map(buffer), now }),
  );
});
