import assert from "node:assert/strict";

import { describe, it } from "mocha";
import { createActor, createMachine, transition } from "xstate";
import type { AnyMachineSnapshot } from "xstate";

import { chartTiers } from "../../workflows/declaration.ts";
import { compileMachine } from "../../workflows/machine.ts";
import type { MachineConfig } from "../../workflows/machine.ts";
import { SAMPLES, declarationOf, declarations, machineOf } from "./charts.ts";
import { inProcessing } from "./desk.ts";

/** The config as another program gets it from `/machine`. */
const received = (config: MachineConfig) => JSON.parse(JSON.stringify(config)) as MachineConfig;

describe("a machine config as JSON", () => {
  it("loses nothing on the way, in none of the 1,913", () => {
    let count = 0;
    for (const declaration of declarations())
      for (const tier of chartTiers(declaration)) {
        const config = compileMachine(declaration, tier);
        assert.deepEqual(received(config), config, config.id);
        count += 1;
      }
    assert.equal(count, 1913);
  });

  it("is the same whenever it is compiled: its hash is its version", () => {
    for (const { code, tier } of Object.values(SAMPLES)) {
      const [one, other] = [declarationOf(code), declarationOf(code)];
      assert.equal(JSON.stringify(compileMachine(one, tier)), JSON.stringify(compileMachine(other, tier)));
    }
  });

  for (const [process, { code, tier }] of Object.entries(SAMPLES))
    it(`of process ${process} is a machine for createMachine elsewhere, without anything of ours`, () => {
      const config = received(machineOf(code, tier).config);
      const seen: unknown[] = [];
      const machine = createMachine(config as never, {
        guards: {
          allowed: (_: unknown, params: unknown) => {
            seen.push(params);
            return true;
          },
        },
      });
      const actor = createActor(machine).start();
      assert.deepEqual((actor.getSnapshot() as AnyMachineSnapshot).value, machineOf(code, tier).initial);
      actor.send({ type: "ACCEPT" });
      actor.send({ type: "REQUEST_WITHDRAWAL" });
      assert.deepEqual((actor.getSnapshot() as AnyMachineSnapshot).value, {
        open: { work: "accepted", supplement: "none", payment: "none", withdrawal: "requested" },
      });
      actor.send({ type: "CONFIRM_WITHDRAWAL" });
      assert.equal((actor.getSnapshot() as AnyMachineSnapshot).status, "done");
      assert.ok(
        (seen[0] as { rules: { type: string }[] }).rules.some(({ type }) => type === "papersReceived"),
      );
    });

  it("restores a snapshot that another process kept, in the middle of nested waits", () => {
    const ready = machineOf(SAMPLES.e.code, SAMPLES.e.tier);
    const desk = inProcessing(ready)
      .does("specialist@processing", "CONSULT")
      .does("specialist@processing", "REQUEST_SUPPLEMENT")
      .does("citizen", "REQUEST_WITHDRAWAL");
    const machine = createMachine(received(ready.config) as never, {
      guards: { allowed: () => true },
    });
    const snapshot = machine.resolveState({ value: desk.state(), context: {} });
    const kept = JSON.parse(JSON.stringify(machine.getPersistedSnapshot(snapshot as never))) as never;
    const restored = machine.restoreSnapshot(kept, {} as never);
    assert.deepEqual((restored as AnyMachineSnapshot).value, desk.state());
    const [after] = transition(machine, restored as never, { type: "REJECT_WITHDRAWAL" });
    desk.does("specialist@processing", "REJECT_WITHDRAWAL");
    assert.deepEqual((after as AnyMachineSnapshot).value, desk.state());
  });

  it("is refused where a state was renamed since, rather than guessed", () => {
    const ready = machineOf(SAMPLES.b.code, SAMPLES.b.tier);
    const state = { open: { work: "gone", supplement: "none", payment: "none", withdrawal: "none" } };
    assert.throws(() => ready.machine.resolveState({ value: state, context: {} }), /gone/);
  });
});
