import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { describe, it } from "mocha";

import { NODE, layOut } from "../../tools/workflow/layout.ts";
import { mermaid } from "../../tools/workflow/mermaid.ts";
import { pictureOf } from "../../tools/workflow/picture.ts";
import type { Picture } from "../../tools/workflow/picture.ts";
import { svg } from "../../tools/workflow/svg.ts";
import { chartTiers } from "../../workflows/declaration.ts";
import { compileMachine } from "../../workflows/machine.ts";
import type { MachineConfig } from "../../workflows/machine.ts";
import { SAMPLES, declarationOf, declarations } from "../workflows/charts.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = ["--import", "tsx", "tools/workflow.ts"];

function drawn(code: string, tier = chartTiers(declarationOf(code))[0]!): Picture {
  const declaration = declarationOf(code);
  return pictureOf(declaration, tier, compileMachine(declaration, tier), (agency) => agency);
}

describe("npm run workflow", () => {
  it("draws every chart with its steps in order, none upon another", () => {
    for (const declaration of declarations())
      for (const tier of chartTiers(declaration)) {
        const config = compileMachine(declaration, tier);
        const picture = pictureOf(declaration, tier, config, (agency) => agency);
        const states = Object.keys(config.states!.open!.states!.work!.states!);
        assert.deepEqual(picture.steps.map(({ state }) => state).sort(), [...states, "returned"].sort());
        const { boxes, spineX } = layOut(picture, 32, 92);
        boxes.slice(1).forEach((box, index) => {
          const above = boxes[index]!;
          assert.ok(box.y >= above.y + above.height + 40, `${config.id}: ${box.step.state}`);
          assert.equal(box.x, spineX);
        });
        for (const { step, details } of boxes)
          for (const words of [...details, step.who]) assert.ok(words.length * 7 < NODE - 16, words);
      }
  });

  it("shows every way of a process, and only those that its result allows", () => {
    const ways = (code: string) => drawn(code).arrows.map(({ from, to }) => `${from} ${to}`);
    assert.ok(ways(SAMPLES.g.code).includes("determiningDuty approving"));
    assert.ok(ways(SAMPLES.j.code).includes("examining done"));
    assert.ok(!ways(SAMPLES.b.code).includes("approving done"));
    assert.ok(ways(SAMPLES.e.code).includes("consulting drafting"));
    assert.ok(ways(SAMPLES.i.code).includes("signing examining"));
  });

  it("as SVG is well-formed, with what stands in names kept as text", () => {
    const picture = drawn(SAMPLES.e.code);
    const text = svg({ ...picture, title: "A & B <C>" });
    assert.match(text, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+" height="\d+"/);
    assert.ok(text.includes("A &amp; B &lt;C&gt;") && !text.includes("<C>"));
    for (const { name } of picture.steps) assert.ok(text.includes(name.split(" ")[0]!), name);
    assert.equal(text.match(/<g>/g)?.length, text.match(/<\/g>/g)?.length);
    assert.doesNotMatch(text, /NaN|undefined/);
  });

  it("as Mermaid names every state once and every way between them", () => {
    const picture = drawn(SAMPLES.f.code);
    const text = mermaid(picture);
    for (const { from, to } of picture.arrows.filter(({ to: end }) => end !== "returned"))
      assert.ok(text.includes(`    ${from} --> ${to} : `), `${from} ${to}`);
    assert.equal(text.match(/^ {4}--$/gm)?.length, 3);
    assert.match(text, /free7 --> wait7 : Yêu cầu rút hồ sơ/);
  });

  it("as JSON prints the machine itself, for a short or a full code", function () {
    this.timeout(60_000);
    const args = [...COMMAND, "1.001193.000.00.00.H30", "--tier", "commune", "--format", "json"];
    const config = JSON.parse(execFileSync("node", args, { cwd: ROOT, encoding: "utf8" })) as MachineConfig;
    assert.deepEqual(config, compileMachine(declarationOf("1.001193"), "commune"));
  });

  it("says what is wrong with an unknown code or format", function () {
    this.timeout(60_000);
    for (const [args, code, expected] of [
      [["9.999999"], 1, /no procedure 9\.999999/],
      [["1.001193", "--format", "png"], 2, /mermaid\|json\|svg/],
      [["1.001193", "--tier", "province"], 1, /no chart for tier province/],
    ] as const) {
      const { status, stderr } = spawnSync("node", [...COMMAND, ...args], { cwd: ROOT, encoding: "utf8" });
      assert.equal(status, code);
      assert.match(stderr, expected);
    }
  });
});
