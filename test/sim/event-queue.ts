/** What is due first comes first; what is due at once comes in the order in which it was added. */
export interface EventQueue<T> {
  add(at: number, event: T): void;
  /** When the next is due; null when there is none. */
  nextAt(): number | null;
  take(): T | null;
}

interface Entry<T> {
  readonly at: number;
  readonly order: number;
  readonly event: T;
}

/** A binary heap. */
export function createEventQueue<T>(): EventQueue<T> {
  const heap: Entry<T>[] = [];
  let added = 0;

  function isBefore(left: number, right: number): boolean {
    const [a, b] = [heap[left], heap[right]];
    if (a === undefined || b === undefined) return a !== undefined;
    return a.at === b.at ? a.order < b.order : a.at < b.at;
  }

  function swap(left: number, right: number): void {
    const [a, b] = [heap[left], heap[right]];
    if (a === undefined || b === undefined) return;
    heap[left] = b;
    heap[right] = a;
  }

  function rise(index: number): void {
    for (let child = index; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!isBefore(child, parent)) return;
      swap(child, parent);
      child = parent;
    }
  }

  function sink(): void {
    for (let parent = 0; ;) {
      const left = 2 * parent + 1;
      const first = isBefore(left + 1, left) ? left + 1 : left;
      if (first >= heap.length || !isBefore(first, parent)) return;
      swap(first, parent);
      parent = first;
    }
  }

  return {
    add(at, event) {
      heap.push({ at, order: added, event });
      added += 1;
      rise(heap.length - 1);
    },
    nextAt: () => heap[0]?.at ?? null,
    take() {
      const last = heap.length - 1;
      swap(0, last);
      const taken = heap.pop();
      sink();
      return taken?.event ?? null;
    },
  };
}
