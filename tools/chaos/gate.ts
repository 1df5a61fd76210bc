/** Lets requests through, or holds them back while something is looked at. */
export interface Gate {
  /** Runs `request` when the gate is open. */
  through<T>(request: () => Promise<T>): Promise<T>;
  /** Closes it, and waits until nothing is under way. */
  close(): Promise<void>;
  open(): void;
}

export function openGate(): Gate {
  let isOpen = true;
  let underWay = 0;
  let waiting: (() => void)[] = [];
  let quiet: (() => void)[] = [];
  return {
    async through(request) {
      while (!isOpen) await new Promise<void>((resolve) => waiting.push(resolve));
      underWay += 1;
      try {
        return await request();
      } finally {
        underWay -= 1;
        if (underWay === 0) for (const tell of quiet.splice(0)) tell();
      }
    },
    async close() {
      isOpen = false;
      if (underWay > 0) await new Promise<void>((resolve) => quiet.push(resolve));
    },
    open() {
      isOpen = true;
      const all = waiting;
      waiting = [];
      quiet = [];
      for (const go of all) go();
    },
  };
}
