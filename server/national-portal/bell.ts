/** Something that can be rung while nobody waits: the next wait then ends at once. */
export interface Bell {
  ring(): void;
  /** Resolves when it is rung, or after `ms`. */
  wait(ms: number): Promise<void>;
}

export function hangBell(): Bell {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      rung = true;
      wake?.();
    },
    wait(ms) {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer);
          wake = undefined;
          rung = false;
          resolve();
        };
        const timer = setTimeout(done, ms);
        wake = done;
        if (rung) done();
      });
    },
  };
}
