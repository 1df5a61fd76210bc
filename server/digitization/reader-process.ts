// The process in which files are read and pictures turned, one at a time, so that a hostile one costs it and not the program.
import { FileUnfit } from "./file-judgement.ts";
import type { Judgement } from "./file-judgement.ts";
import type { PlacedPage } from "./pages-to-pdf.ts";
import type { PicturePage } from "./picture-pages.ts";
import type { Reply } from "./reader.ts";
import type { TextLayer } from "./text-layer.ts";

export type Task =
  | { kind: "judge"; path: string }
  /** Each page of a picture as an upright JPEG in `folder`; `turns` are degrees clockwise, by page, on top of EXIF's. */
  | { kind: "pages"; path: string; folder: string; turns: number[] }
  /** The JPEGs as one PDF. */
  | { kind: "assemble"; path: string; pages: PlacedPage[]; out: string }
  /** An invisible text under each page of a PDF. */
  | { kind: "add-text"; path: string; layers: TextLayer[]; out: string }
  /** Turns a rasterised page. */
  | { kind: "turn"; path: string; degrees: number; out: string };

export interface Answers {
  judge: Judgement;
  pages: PicturePage[];
  assemble: undefined;
  "add-text": undefined;
  turn: undefined;
}

// The parser prints what it finds odd; whose file it was is nobody's business.
console.warn = console.log = () => undefined;

process.on("message", (task: Task) => {
  void answer(task).then((reply) => process.send?.(reply));
});
process.on("disconnect", () => process.exit(0));

async function answer(task: Task): Promise<Reply> {
  try {
    return { done: await perform(task) };
  } catch (cause) {
    if (cause instanceof FileUnfit) {
      const { pages } = cause.extras;
      return { unfit: cause.code, ...(typeof pages === "number" ? { pages } : {}) };
    }
    return task.kind === "judge" ? { unfit: "file-broken" } : { fault: String(cause) };
  }
}

async function perform(task: Task): Promise<Answers[Task["kind"]]> {
  // Each library is loaded when it is first needed.
  switch (task.kind) {
    case "judge":
      return (await import("./judge-bytes.ts")).judgeBytes(task.path);
    case "pages":
      return (await import("./picture-pages.ts")).picturePages(task.path, task.folder, task.turns);
    case "turn":
      return (await import("./picture-pages.ts")).turnPicture(task.path, task.degrees, task.out);
    case "assemble":
      return (await import("./pages-to-pdf.ts")).pagesToPdf(task.pages, task.out);
    case "add-text":
      return (await import("./text-layer.ts")).addTextLayer(task.path, task.layers, task.out);
  }
}
