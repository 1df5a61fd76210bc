import { setTimeout as pause } from "node:timers/promises";
import type { Log } from "../platform/log.ts";
import { backOffMs } from "./back-off.ts";
import { hangBell } from "./bell.ts";
import { claimMessages, isPressing, type Batch } from "./claim-messages.ts";
import { openPortal, type ClientDeps } from "./client.ts";
import { openFieldCodes } from "./field-codes.ts";
import { takeLease, type Lease } from "./lease.ts";
import { recordOutcomes } from "./record-outcomes.ts";
import { sendBatch } from "./send-batch.ts";

export interface DeliveryDeps extends ClientDeps {
  log: Log;
  /** Base of the addresses under which the portal may fetch files. */
  publicUrl: string;
  /** Calls to the portal at the same time; 4 unless told. */
  lanes?: number;
}

export interface Delivery {
  /** Lets running calls end for two seconds, then cuts them; what is not known to be delivered goes again. */
  stop(): Promise<void>;
}

const POLL_MS = 2000;
/** What is committed within this time goes in one batch: many small calls would cost both sides more than they carry. */
const GATHER_MS = 120;
const GRACE_MS = 2000;

/**
 * Delivers the outbox until it is stopped: woken by the channel `outbox`, and every two seconds. Several may run
 * at once, in one process or many. Of a dossier messages go strictly in order, at least once; what the portal
 * refuses is failed with its reason and holds only its own dossier. While the portal cannot be used, one message
 * is tried at a time, at growing intervals, without an end.
 */
export function startDelivery(deps: DeliveryDeps): Delivery {
  const { db, clock, log, lanes = 4 } = deps;
  const cut = new AbortController();
  const portal = openPortal(deps, cut.signal);
  const fieldCodes = openFieldCodes(portal);
  const bell = hangBell();
  const running = new Set<Promise<void>>();
  let stopping = false;
  let lease: Lease | undefined;
  let faults = 0;
  let probing = false;
  let resumeAt = 0;
  let nextDue = Infinity;
  /** When the last batch was claimed that could have waited for company. */
  let lastSmall = -Infinity;

  const isStopping = () => stopping;
  const finished = loop();

  async function loop(): Promise<void> {
    let troubles = 0;
    while (!isStopping()) {
      try {
        await turn();
        troubles = 0;
      } catch (error) {
        log.warn({ err: error }, "outbox: the database cannot be used, trying again");
        giveUpLease();
        await bell.wait(Math.min(5000, backOffMs(++troubles)));
      }
    }
  }

  /** Claims one batch and sets it going, or waits for a reason to look again. */
  async function turn(): Promise<void> {
    if (!lease || lease.isLost()) lease = await takeLease(db, () => bell.ring());
    const outage = faults > 0;
    const rest = outage ? resumeAt - performance.now() : 0;
    if (running.size >= lanes || (outage && probing)) return bell.wait(POLL_MS);
    if (rest > 0) return pauseFor(rest);
    const gather = lastSmall + GATHER_MS - performance.now();
    if (gather > 0) await pause(gather);
    if (isStopping()) return;
    const held = lease;
    const batch = await claimMessages(db, held.worker, clock.now(), outage);
    if (batch) {
      lastSmall = isPressing(batch, clock.now()) ? -Infinity : performance.now();
      setGoing(held, batch, outage);
      return;
    }
    const until = Math.min(POLL_MS, Math.max(GATHER_MS, nextDue - performance.now()));
    if (nextDue <= performance.now()) nextDue = Infinity;
    await bell.wait(until);
    if (!isStopping()) await pause(GATHER_MS);
  }

  /** Rings do not shorten the rest that a portal in trouble gets; stopping does. */
  async function pauseFor(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (!isStopping() && performance.now() < end) await bell.wait(end - performance.now());
  }

  function setGoing(held: Lease, batch: Batch, probe: boolean): void {
    if (probe) probing = true;
    const lane = deliver(held, batch)
      .catch((error: unknown) => {
        // The claims would stay with us for ever; without the lease they are free.
        log.warn({ err: error }, "outbox: what became of a batch could not be written down");
        if (lease === held) giveUpLease();
      })
      .finally(() => {
        if (probe) probing = false;
        running.delete(lane);
        bell.ring();
      });
    running.add(lane);
  }

  async function deliver(held: Lease, batch: Batch): Promise<void> {
    const before = faults;
    const { outcomes, fault } = await sendBatch({ portal, fieldCodes, publicUrl: deps.publicUrl }, batch);
    if (!fault) {
      if (faults > 0) log.info("outbox: the portal answers again");
      faults = 0;
    } else if (!isStopping()) {
      // Calls that fail side by side are one fault.
      faults = Math.max(faults, before + 1);
      resumeAt = performance.now() + backOffMs(faults);
      log.warn({ fault: fault.message, faults }, "outbox: the portal cannot be used");
    }
    for (const { id, dossierCode } of batch.messages) {
      const outcome = outcomes.get(id);
      if (outcome?.kind === "failed") {
        log.error({ dossier: dossierCode, message: id, reason: outcome.reason }, "outbox: refused");
      }
    }
    const due = await recordOutcomes(db, held.worker, batch.messages, outcomes, clock.now());
    if (due !== undefined) nextDue = Math.min(nextDue, performance.now() + due);
  }

  function giveUpLease(): void {
    lease?.release();
    lease = undefined;
  }

  return {
    async stop() {
      stopping = true;
      bell.ring();
      const grace = setTimeout(() => cut.abort(), GRACE_MS);
      await finished;
      await Promise.all(running);
      clearTimeout(grace);
      giveUpLease();
    },
  };
}
