import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import Mocha from "mocha";

/**
 * Runs the tests: all of them, or the files and options that are given (`npm test -- test/x.test.ts --grep "…"`).
 * The last line counts them; the exit code is not 0 when one failed or none ran.
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const settings = JSON.parse(readFileSync(join(root, ".mocharc.json"), "utf8")) as {
  timeout: number;
  slow: number;
};

const files: string[] = [];
const options: Mocha.MochaOptions = { timeout: settings.timeout, slow: settings.slow, reporter: "spec" };
const args = process.argv.slice(2);
while (args.length > 0) {
  const arg = args.shift() ?? "";
  if (arg === "--grep" || arg === "-g") options.grep = args.shift() ?? "";
  else if (arg === "--bail") options.bail = true;
  else if (arg.startsWith("-")) fail(`unknown option ${arg}; there are --grep TEXT and --bail`);
  else files.push(resolve(arg));
}

const mocha = new Mocha(options);
try {
  // Imported, where mocha would require them: what a required module imports later, when it is needed, comes a second
  // time, with classes of its own.
  for (const file of files.length > 0 ? files : allTests()) {
    mocha.suite.emit("pre-require", globalThis, file, mocha);
    const loaded: unknown = await import(pathToFileURL(file).href);
    mocha.suite.emit("require", loaded, file, mocha);
    mocha.suite.emit("post-require", globalThis, file, mocha);
  }
} catch (cause) {
  console.error(cause);
  fail("a test file could not be loaded");
}

const counts = { passed: 0, failed: 0, skipped: 0 };
const runner = mocha.run(() => {
  printCounts();
  process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
});
runner.on("pass", () => counts.passed++);
runner.on("fail", () => counts.failed++);
runner.on("pending", () => counts.skipped++);

function allTests(): string[] {
  return readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.test\.tsx?$/.test(name))
    .sort()
    .map((name) => join(root, "test", name));
}

function printCounts(): void {
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
}

function fail(reason: string): never {
  console.error(reason);
  console.log("0 passed, 1 failed, 0 skipped");
  process.exit(1);
}
