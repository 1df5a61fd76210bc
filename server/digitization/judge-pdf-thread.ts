// The thread in which one PDF at a time is read, so that a hostile one costs a thread and not the program.
import { parentPort } from "node:worker_threads";
import { FileUnfit } from "./file-judgement.ts";
import type { Verdict } from "./judge-file.ts";
import { judgePdf } from "./judge-pdf.ts";

// The parser prints what it finds odd; whose file it was is nobody's business.
console.warn = console.log = () => undefined;

async function verdictOn(bytes: Uint8Array): Promise<Verdict> {
  try {
    return { judgement: await judgePdf(bytes) };
  } catch (cause) {
    return { unfit: cause instanceof FileUnfit ? cause.code : "file-broken" };
  }
}

parentPort?.on("message", (bytes: Uint8Array) => {
  void verdictOn(bytes).then((verdict) => parentPort?.postMessage(verdict));
});
