import { setTimeout as pause } from "node:timers/promises";
import { readNext, type ReaderDeps } from "./read-next.ts";
import { canRecognise, findTools, type RecognitionTools } from "./tools.ts";

/** How often the queue is looked at, in milliseconds. */
const PAUSE_MS = 2_000;
/** Somebody installs tesseract: an hour later at most it is used. */
const LOOK_AGAIN_MS = 3_600_000;

/**
 * Reads uploaded files in the background, one at a time, until `signal` says to stop; a file that is being read is put
 * back then. Never throws.
 */
export async function keepReading(deps: ReaderDeps, signal: AbortSignal): Promise<void> {
  const { log } = deps;
  let tools: RecognitionTools | undefined;
  let looked = 0;
  while (!signal.aborted) {
    let more = false;
    try {
      if (tools === undefined || performance.now() - looked > LOOK_AGAIN_MS) {
        const found = await findTools();
        looked = performance.now();
        await noteTools(deps, found);
        if (tools === undefined && !canRecognise(found))
          log.warn(
            found,
            "text is not recognised: tesseract with Vietnamese (tesseract-ocr-vie) is not installed",
          );
        tools = found;
      }
      more = await readNext(deps, tools, signal);
    } catch (error) {
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it is aborted meanwhile
      if (!signal.aborted) log.error({ err: error }, "reading uploaded files failed");
    }
    if (!more) await pause(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** For the administrator's page: the worker may run on another machine than the pages. */
export async function noteTools(
  { db, clock }: Pick<ReaderDeps, "db" | "clock">,
  tools: RecognitionTools,
): Promise<void> {
  await db("recognition_tools")
    .insert({
      one: true,
      checked_at: clock.now(),
      tesseract: tools.tesseract ?? null,
      vietnamese: tools.vietnamese,
      poppler: tools.poppler ?? null,
    })
    .onConflict("one")
    .merge();
}
