/** A queue in the order of time; what is due at the same moment comes in the order in which it was put in. */
export interface Queue<T> {
  readonly size: number;
  put(at: number, item: T): void;
  /** The moment of the first; Infinity when there is none. */
  first(): number;
  take(): T | undefined;
  rest(): T[];
}

interface Entry<T> {
  at: number;
  turn: number;
  item: T;
}

export function openQueue<T>(): Queue<T> {
  const heap: Entry<T>[] = [];
  let turns = 0;
  const before = (a: Entry<T>, b: Entry<T>) => a.at < b.at || (a.at === b.at && a.turn < b.turn);

  function rise(from: number): void {
    let at = from;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const [entry, parent] = [heap[at], heap[above]];
      if (entry === undefined || parent === undefined || !before(entry, parent)) return;
      heap[at] = parent;
      heap[above] = entry;
      at = above;
    }
  }

  function sink(): void {
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      if (left === undefined) return;
      const below = right !== undefined && before(right, left) ? 2 * at + 2 : 2 * at + 1;
      const [entry, child] = [heap[at], heap[below]];
      if (entry === undefined || child === undefined || !before(child, entry)) return;
      heap[at] = child;
      heap[below] = entry;
      at = below;
    }
  }

  return {
    get size() {
      return heap.length;
    },
    put(at, item) {
      heap.push({ at, turn: (turns += 1), item });
      rise(heap.length - 1);
    },
    first: () => heap[0]?.at ?? Infinity,
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length > 0) {
        heap[0] = last;
        sink();
      }
      return first.item;
    },
    rest: () => [...heap].sort((a, b) => (before(a, b) ? -1 : 1)).map(({ item }) => item),
  };
}
