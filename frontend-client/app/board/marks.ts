/** What just happened to a card, for as long as it is shown. */
export type Mark =
  /** Somebody else moved it here, or made it. */
  | { kind: "moved"; by: string | undefined }
  /** It could not go where it was dropped. */
  | { kind: "refused" }
  /** It was asked where it is. */
  | { kind: "shown" };

const shownMs: Record<Mark["kind"], number> = { moved: 1_200, refused: 600, shown: 2_000 };

/** The marks that cards bear now; each goes away by itself. */
export function createMarks() {
  let marks: ReadonlyMap<string, Mark> = new Map();
  const listeners = new Set<() => void>();

  function change(edit: (next: Map<string, Mark>) => void): void {
    const next = new Map(marks);
    edit(next);
    marks = next;
    for (const listener of listeners) listener();
  }

  return {
    /** By card id; the same map until something changes. */
    getMarks: () => marks,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Marks cards, instead of with what they were marked before. */
    mark(added: ReadonlyMap<string, Mark>): void {
      change((next) => {
        for (const [id, mark] of added) next.set(id, mark);
      });
      for (const [id, mark] of added)
        setTimeout(() => {
          if (marks.get(id) === mark) change((next) => next.delete(id));
        }, shownMs[mark.kind]);
    },
  };
}

export type Marks = ReturnType<typeof createMarks>;
