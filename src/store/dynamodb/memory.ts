/** A memory of bounded weight that forgets first what was used longest ago. */
export interface Memory<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value, weight: number): void;
  delete(key: string): void;
}

/** `maxWeight` is in the unit of the weights that are given to `set`; a value heavier than it is not kept. */
export function createMemory<Value>(maxWeight: number): Memory<Value> {
  const entries = new Map<string, { value: Value; weight: number }>();
  let total = 0;

  function remove(key: string) {
    total -= entries.get(key)?.weight ?? 0;
    entries.delete(key);
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value, weight) {
      remove(key);
      entries.set(key, { value, weight });
      total += weight;
      for (const oldest of entries.keys()) {
        if (total <= maxWeight) break;
        remove(oldest);
      }
    },
    delete: remove,
  };
}
