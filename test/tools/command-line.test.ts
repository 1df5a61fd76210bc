import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, it } from "mocha";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Nothing of a command that is called wrongly begins: the folder is never made. */
const env = { ...process.env, DATA_DIR: join(tmpdir(), "motcua-is-never-made") };

const WRONG: [command: string, args: string[], says: RegExp][] = [
  ["nightly", ["--date"], /--date.*\n\nnpm run nightly/s],
  ["nightly", ["--date", "2026-11-31"], /"2026-11-31" is no day\n\nnpm run nightly/],
  ["nightly", ["--foo"], /--foo.*\n\nnpm run nightly/s],
  ["generate", ["--dossiers", "many"], /whole number.*\n\nnpm run generate/s],
  ["generate", ["--dossiers", "1", "--from", "2025-02-30"], /date.*\n\nnpm run generate/s],
  ["demo", ["--foo"], /--foo.*\n\nnpm run demo/s],
  ["backup", [], /^npm run backup/],
  ["restore", ["a", "--foo"], /--foo.*\n\nnpm run restore/s],
  ["account", ["--username"], /--username.*\n\nnpm run account/s],
  ["signing-key", ["list", "--foo"], /--foo.*\n\nnpm run signing-key/s],
  ["verify-history", ["--foo"], /--foo.*\n\nnpm run verify:history/s],
  ["verify-statistics", ["--date", "yesterday"], /"yesterday" is no day\n\nnpm run verify:statistics/],
  ["verify-workflows", ["--foo"], /--foo.*\n\nnpm run verify:workflows/s],
  ["workflow", ["1.001193", "--format", "png"], /^npm run workflow/],
];

describe("a command that is called wrongly", function () {
  this.timeout(60_000);
  const run = (command: string, args: string[]) =>
    spawnSync("node", ["--import", "tsx", `tools/${command}.ts`, ...args], {
      ...{ cwd: ROOT, env, encoding: "utf8" },
    });

  for (const [command, args, says] of WRONG)
    it(`${command} ${args.join(" ")}: says how it is called, and ends with 2`, () => {
      const { status, stdout, stderr } = run(command, args);
      assert.deepEqual([status, stdout], [2, ""], stderr);
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, /^\s+at /m, "a stack trace");
    });

  it("tells the same when asked", () => {
    const { status, stdout } = run("nightly", ["--help"]);
    assert.equal(status, 0);
    assert.match(stdout, /^npm run nightly/);
  });
});
