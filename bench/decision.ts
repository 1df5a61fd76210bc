import { readFile } from "node:fs/promises";
import { EventEmitter } from "node:events";
import { Engine } from "bpmn-engine";
import type { Calendar } from "../workflows/calendar.ts";
import type { Declaration } from "../workflows/declaration.ts";
import { allowedEvents, decide, readyMachine } from "../workflows/decide.ts";
import { factsAtFiling } from "../workflows/facts.ts";
import { compileMachine } from "../workflows/machine.ts";
import { figure } from "./figures.ts";
import type { Figure } from "./figures.ts";

const STEPS = 9;

/** Microseconds of one decision (machine from cache, guards, next state and facts), and of `bpmn-engine` per step. */
export async function decisionCosts(
  runs: number,
): Promise<{ decide: Figure; allowed: Figure; bpmn: Figure }> {
  const root = new URL("../", import.meta.url);
  const declaration = JSON.parse(
    await readFile(new URL("workflows/procedures/xuat-nhap-khau/1.000664.json", root), "utf8"),
  ) as Declaration;
  const calendar = JSON.parse(await readFile(new URL("seeds/calendar.json", root), "utf8")) as Calendar;
  const ready = readyMachine(compileMachine(declaration, "province"));
  const places = {
    intake: "000.00.20.H30",
    deciding: "000.00.06.H30",
    processing: "000.00.20.H30",
    superior: null,
    chair: "000.00.00.H30",
  };
  const received = Object.fromEntries(
    declaration.documents.map(({ code }) => [code, { originals: 1, copies: 0 }]),
  );
  const facts = factsAtFiling({
    case: null,
    channel: "counter",
    places,
    received,
    limit: { value: 8, unit: "working-hour" },
    limitFrom: "source",
    answerFrom: null,
  });
  const dossier = { state: ready.initial, facts, dueAt: null, nextSeq: 2 };
  const actor = { username: "centre.frontdesk", roles: ["frontdesk" as const], agency: "000.00.20.H30" };
  const now = "2026-11-23T08:00:00+07:00";
  const one = () => decide(ready, dossier, { type: "ACCEPT", actor, payload: {}, now, calendar });
  const all = () => allowedEvents(ready, dossier, { actor, now, calendar });
  if (!one().ok) throw new Error("the benched decision is refused");
  return {
    decide: figure(Array.from({ length: runs }, () => microseconds(one, 4000))),
    allowed: figure(Array.from({ length: runs }, () => microseconds(all, 1000))),
    bpmn: figure(await series(runs, bpmnStep)),
  };
}

function microseconds(run: () => unknown, times: number): number {
  for (let n = 0; n < times / 4; n++) run();
  const begun = performance.now();
  for (let n = 0; n < times; n++) run();
  return ((performance.now() - begun) * 1000) / times;
}

async function series(runs: number, measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  for (let n = 0; n < runs; n++) values.push(await measure());
  return values;
}

/** Nine user tasks in a row, the state saved and resumed at each: microseconds a step. */
async function bpmnStep(): Promise<number> {
  const tasks = Array.from({ length: STEPS }, (_, n) => `<userTask id="t${n}" />`).join("");
  const flows = Array.from(
    { length: STEPS + 1 },
    (_, n) =>
      `<sequenceFlow id="f${n}" sourceRef="${n === 0 ? "start" : `t${n - 1}`}" targetRef="${n === STEPS ? "end" : `t${n}`}" />`,
  ).join("");
  const source = `<?xml version="1.0"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p" isExecutable="true"><startEvent id="start" />${tasks}<endEvent id="end" />${flows}</process></definitions>`;
  const begun = performance.now();
  let state: unknown;
  for (let step = 0; step <= STEPS; step++) {
    const listener = new EventEmitter();
    const engine =
      state === undefined
        ? new Engine({ name: "bench", source })
        : new Engine({ name: "bench" }).recover(state);
    const waiting = new Promise<{ signal(): void }>((resolve) => listener.once("activity.wait", resolve));
    const ended = engine.waitFor("end");
    const execution =
      state === undefined ? await engine.execute({ listener } as never) : await engine.resume({ listener });
    if (step > 0) {
      const next = new Promise<{ signal(): void } | undefined>((resolve) => {
        listener.once("activity.wait", resolve);
        void ended.then(() => resolve(undefined));
      });
      const task = execution.getPostponed()[0] as unknown as { signal(): void } | undefined;
      task?.signal();
      if ((await next) === undefined) break;
    } else await waiting;
    state = await engine.getState();
    await engine.stop();
  }
  return ((performance.now() - begun) * 1000) / STEPS;
}
