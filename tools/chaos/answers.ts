/** A change that a client was told is done: an answer 2xx. */
export interface Told {
  /** The Idempotency-Key it was sent under; at the portal the dossier's number there. */
  key: string;
  /** The account, "citizen" or "portal". */
  who: string;
  code: string;
  /** As the events are called; FILE also for a dossier accepted in the same step. */
  type: string;
  /** The dossier's version that the answer gave, which is the number of the event in its history. */
  version: number;
}

/** What clients hold in their hands: every answer 2xx, and every request that stayed without any answer. */
export interface Answers {
  told: readonly Told[];
  /** Requests that were given up: they may or may not have been done. */
  open: readonly string[];
  add(told: Told): void;
  leaveOpen(what: string): void;
}

export function openAnswers(): Answers {
  const told: Told[] = [];
  const open: string[] = [];
  return {
    told,
    open,
    add: (answer) => void told.push(answer),
    leaveOpen: (what) => void open.push(what),
  };
}
