import assert from "node:assert/strict";
import { access, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, describe, it } from "mocha";
import { bundledProgram } from "../../server/platform/bundle.ts";
import { PRELOAD, PROCESSES, SUPERVISOR } from "../../server/processes.ts";

describe("the bundle of a process", function () {
  this.timeout(60_000);
  const made: string[] = [];
  after(() => Promise.all(made.map((folder) => rm(folder, { recursive: true, force: true }))));

  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  /** As if made from other sources, by a process of this number. */
  async function other(cache: string, name: string, pid?: number): Promise<string> {
    const folder = join(cache, name);
    made.push(folder);
    await mkdir(folder, { recursive: true });
    if (pid !== undefined) await writeFile(join(folder, `in-use-by-${pid}`), "");
    return folder;
  }

  it("is made once, and others go unless a program still runs from them", async () => {
    const programOf = await bundledProgram(PROCESSES, PRELOAD);
    const { file, execArgv } = programOf("server/worker.ts");
    assert.ok(await isThere(file));
    assert.match(execArgv.join(" "), /end-with-parent\.mjs/);

    const cache = dirname(dirname(dirname(file)));
    const used = await other(cache, "00000000000000000001", process.pid);
    const left = await other(cache, "00000000000000000002", 2 ** 22 + 1);
    const never = await other(cache, "00000000000000000003");
    await bundledProgram(PROCESSES, PRELOAD);
    assert.deepEqual([await isThere(used), await isThere(left), await isThere(never)], [true, false, false]);
    assert.ok(await isThere(file));
  });

  it("is made again where a part of it is gone", async () => {
    const supervisor = async () => (await bundledProgram(PROCESSES, PRELOAD))(SUPERVISOR).file;
    const file = await supervisor();
    await rm(file);
    assert.equal(await supervisor(), file);
    assert.ok(await isThere(file));
  });
});
