// @ts-check
import { access, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * `npm start`. Runs from the bundle that the last start left, when it is that of the sources as they are; this file is
 * JavaScript so that nothing need be translated for it. Otherwise main.ts makes one.
 */
const LATEST = fileURLToPath(new URL("../node_modules/.cache/mot-cua/latest", import.meta.url));

const SUPERVISOR = "server/supervise.mjs";

/** The last bundle's folder, when nothing has changed since. @returns {Promise<string | undefined>} */
async function currentBundle() {
  try {
    const folder = await readFile(LATEST, "utf8");
    const { bundleKey } = await import(pathToFileURL(`${folder}/server/platform/bundle-key.mjs`).href);
    await access(`${folder}/${SUPERVISOR}`);
    return (await bundleKey()) === basename(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

const folder = await currentBundle();
if (folder === undefined) {
  const { register } = await import("tsx/esm/api");
  register();
  await import("./main.ts");
} else await import(pathToFileURL(`${folder}/${SUPERVISOR}`).href);
