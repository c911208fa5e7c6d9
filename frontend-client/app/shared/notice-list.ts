/** Something that a notice lets one do. It closes the notice. */
export interface NoticeAction {
  label: string;
  act: () => void;
}

/** What to say, to whoever looks or listens. */
export interface NoticeInput {
  words: string;
  /** Default "plain". */
  tone?: "plain" | "good" | "problem";
  actions?: readonly NoticeAction[];
  /** Quoted at the end, ready to copy. */
  correlationId?: string | undefined;
  /** How long it stays; Infinity until it is closed. Default 10,000, and Infinity for a problem. */
  forMs?: number;
  /** Takes the place of the notice with the same topic. Default a topic of its own. */
  topic?: string;
}

export interface Notice extends Required<Pick<NoticeInput, "words" | "tone" | "actions" | "topic">> {
  id: number;
  correlationId: string | undefined;
}

/** So many stand at once; the oldest makes room. */
const noticesAtOnce = 4;
const defaultMs = 10_000;

/** The notices that stand on the page, oldest first, and what takes them away in time. */
export function createNoticeList() {
  let notices: readonly Notice[] = [];
  let isHeld = false;
  let lastId = 0;
  const listeners = new Set<() => void>();
  const timers = new Map<number, { timer: ReturnType<typeof setTimeout>; startedAt: number; leftMs: number }>();

  function show(next: readonly Notice[]): void {
    notices = next;
    for (const id of timers.keys()) if (!next.some((notice) => notice.id === id)) stop(id);
    for (const listener of listeners) listener();
  }

  function stop(id: number): void {
    clearTimeout(timers.get(id)?.timer);
    timers.delete(id);
  }

  const close = (id: number) => show(notices.filter((notice) => notice.id !== id));

  function start(id: number, leftMs: number): void {
    const timer = setTimeout(close, leftMs, id);
    if (isHeld) clearTimeout(timer);
    timers.set(id, { timer, startedAt: Date.now(), leftMs });
  }

  return {
    /** The same array until something changes. */
    getNotices: () => notices,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Says something; answers the way to take it back. */
    notify(input: NoticeInput): () => void {
      const { words, tone = "plain", actions = [], correlationId } = input;
      const { forMs = tone === "problem" ? Number.POSITIVE_INFINITY : defaultMs } = input;
      const id = ++lastId;
      const { topic = `notice ${id}` } = input;
      const others = notices.filter((notice) => notice.topic !== topic).slice(1 - noticesAtOnce);
      show([...others, { id, words, tone, actions, topic, correlationId }]);
      if (forMs !== Number.POSITIVE_INFINITY) start(id, forMs);
      return () => close(id);
    },
    close,
    /** Time stands still for all of them while somebody points at one, or has the focus in one. */
    hold(held: boolean): void {
      if (held === isHeld) return;
      isHeld = held;
      for (const [id, { timer, startedAt, leftMs }] of [...timers]) {
        clearTimeout(timer);
        const left = held ? Math.max(0, leftMs - (Date.now() - startedAt)) : leftMs;
        start(id, left);
      }
    },
  };
}

/** The page's own list. */
export const noticeList = createNoticeList();

/** Says something to the user; answers the way to take it back. */
export const notify = noticeList.notify;
