import { stat } from "node:fs/promises";
import { MAX_FILE_SIZE } from "../platform/files.ts";
import { FileUnfit, type Judgement } from "./file-judgement.ts";
import { askReader } from "./reader.ts";

/**
 * Says what a file is, by its bytes and never by its name, and how many pages it has; one file is read at a time, in a
 * process of its own that is ended when the file takes too much processor time or memory.
 * Throws FileUnfit when it is empty, over 50 MB, of another type, broken, encrypted, without pages, blank, absurdly
 * large or small, or carries scripts, files or launch actions.
 */
export async function judgeFile(path: string): Promise<Judgement> {
  const { size } = await stat(path);
  if (size === 0) throw new FileUnfit("file-empty");
  if (size > MAX_FILE_SIZE) throw new FileUnfit("file-too-large");
  return askReader({ kind: "judge", path });
}
