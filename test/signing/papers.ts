import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export { aResult } from "../../tools/papers/made-up.ts";

/** Whether a program of this name is installed; a test that needs one it lacks is skipped. */
export function installed(program: string): boolean {
  return !spawnSync(program, ["-v"]).error;
}

/** Runs a program on files made of these contents (named as they are) and answers what it said. */
export function run(
  program: string,
  args: string[],
  files: Record<string, Uint8Array | string>,
  makes: readonly string[] = [],
) {
  const dir = mkdtempSync(join(tmpdir(), "paper-"));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
    const done = spawnSync(program, args, { cwd: dir, encoding: "buffer", maxBuffer: 1 << 28 });
    const said = done.stdout.toString() + done.stderr.toString();
    return {
      status: done.status,
      said,
      stdout: done.stdout,
      file: (name: string) => readFileSync(join(dir, name)),
      /** What it wrote under these names; they are gone afterwards. */
      made: Object.fromEntries(makes.map((name) => [name, readFileSync(join(dir, name))])),
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * The text of a PDF as pdftotext gives it, white space made plain: line by line over the whole page, or, `inCells`, as it
 * was written, where what stands in a cell of a table stays together.
 */
export function textOf(pdf: Buffer, { inCells = false } = {}): string {
  const order = inCells ? "-raw" : "-layout";
  return run("pdftotext", [order, "a.pdf", "-"], { "a.pdf": pdf }).stdout.toString().replace(/\s+/g, " ");
}

export interface Picture {
  width: number;
  height: number;
  /** Red, green and blue of a place, given in millimetres from the upper left corner. */
  at(x: number, y: number): [number, number, number];
  /** Share of the places in a rectangle (millimetres from the upper left) that satisfy the question. */
  share(
    box: [x: number, y: number, width: number, height: number],
    is: (rgb: [number, number, number]) => boolean,
  ): number;
}

/** A page as a printer or a screen shows it, 100 dots to the inch. */
export function pictureOf(pdf: Buffer, page = 1): Picture {
  const { stdout } = run("pdftoppm", ["-r", "100", "-f", `${page}`, "-l", `${page}`, "a.pdf"], {
    "a.pdf": pdf,
  });
  const [head] = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(stdout.subarray(0, 40).toString("latin1")) ?? [""];
  const [width = 0, height = 0] = head.split(/\s+/).slice(1).map(Number);
  const at = (x: number, y: number): [number, number, number] => {
    const i = head.length + 3 * (Math.round((y * 100) / 25.4) * width + Math.round((x * 100) / 25.4));
    return [stdout[i] ?? 255, stdout[i + 1] ?? 255, stdout[i + 2] ?? 255];
  };
  return {
    width,
    height,
    at,
    share([x, y, w, h], is) {
      let yes = 0;
      let all = 0;
      for (let dy = 0; dy < h; dy += 0.254)
        for (let dx = 0; dx < w; dx += 0.254) {
          all++;
          if (is(at(x + dx, y + dy))) yes++;
        }
      return yes / all;
    },
  };
}

export const dark = ([r, g, b]: [number, number, number]) => r < 110 && g < 110 && b < 110;
export const blue = ([r, g, b]: [number, number, number]) => b > 90 && b - r > 40 && b - g > 30;
export const red = ([r, g, b]: [number, number, number]) => r > 120 && r - g > 60 && r - b > 60;

/** What signature i of the file covers, and its CMS. */
export function partsOf(pdf: Buffer, i: number): { content: Buffer; cms: Buffer } {
  const found = [...pdf.toString("latin1").matchAll(/\/ByteRange \[0 (\d+) (\d+) (\d+)\]/g)][i];
  assert.ok(found);
  const [from, to, rest] = found.slice(1).map(Number) as [number, number, number];
  const padded = Buffer.from(pdf.subarray(from + 1, to - 1).toString("latin1"), "hex");
  const cms = padded.subarray(0, 4 + padded.readUInt16BE(2));
  return { content: Buffer.concat([pdf.subarray(0, from), pdf.subarray(to, to + rest)]), cms };
}

/** openssl's judgement of a detached CAdES signature up to this root; `more` are further options. */
export function verifyCms(content: Buffer, cms: Buffer, root: string, more: string[] = []) {
  return run(
    "openssl",
    [
      "cms",
      "-verify",
      "-cades",
      "-binary",
      "-inform",
      "DER",
      "-in",
      "cms",
      "-content",
      "content",
      "-CAfile",
      "root",
      "-out",
      "out",
      ...more,
    ],
    { cms, content, root },
  );
}

/** DER as PEM of this kind. */
export function pem(kind: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${kind}-----\n${lines.join("\n")}\n-----END ${kind}-----\n`;
}
