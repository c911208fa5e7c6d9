import { limits, type Service } from "@status-board/contracts";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ClientError } from "../../result.ts";
import { useSession } from "../shared/session.ts";
import { useRetry } from "../shared/use-retry.ts";
import { useShownAgain } from "../shared/use-shown-again.ts";

/** Typing is over when it rests so long. */
const restMs = 250;

/** Which services to list: what their code, name or description contains, and whether they are on offer. */
export interface ServiceQuery {
  search: string;
  /** undefined for all. */
  active: boolean | undefined;
}

export interface ListedServices {
  /** undefined until the first answer. */
  items: readonly Service[] | undefined;
  /** What the list answers to; while it lags behind what is asked for, `isBusy`. */
  query: ServiceQuery;
  total: number;
  hasMore: boolean;
  isBusy: boolean;
  error: ClientError | undefined;
  showMore: () => void;
  reload: () => void;
  /** Takes in what the server said of one service; one that the list does not ask for any more leaves it. */
  put: (service: Service) => void;
  drop: (id: string) => void;
}

interface Page {
  query: ServiceQuery;
  items: readonly Service[];
  total: number;
  nextCursor: string | undefined;
}

/** The shop's services by code, a page at a time, as the server finds them; anew when somebody comes back to the page. */
export function useServices(query: ServiceQuery): ListedServices {
  const { client } = useSession();
  const { active } = query;
  const search = query.search.trim();
  const [page, setPage] = useState<Page>();
  const [error, setError] = useState<ClientError>();
  const [isFetchingMore, setFetchingMore] = useState(false);
  const { tries, tryNow } = useRetry(error !== undefined);
  useShownAgain(tryNow);
  const held = useRef<Page>(undefined);
  useEffect(() => {
    held.current = page;
  }, [page]);
  const isBehind = page?.query.search !== search || page.query.active !== active;

  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => void look(tries), search === "" ? 0 : restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };

    async function look(_tries: number) {
      const limit = limitFor(held.current, { search, active });
      const answer = await client.listServices({ query: { ...asked(search, active), limit }, signal: abort.signal });
      if (abort.signal.aborted) return;
      setError(answer.ok ? undefined : answer.error);
      if (answer.ok) setPage({ query: { search, active }, nextCursor: undefined, ...answer.data });
    }
  }, [search, active, tries, client]);

  async function showMore(): Promise<void> {
    if (page?.nextCursor === undefined || isFetchingMore) return;
    setFetchingMore(true);
    const { search, active } = page.query;
    const answer = await client.listServices({ query: { ...asked(search, active), cursor: page.nextCursor } });
    setFetchingMore(false);
    setError(answer.ok ? undefined : answer.error);
    if (!answer.ok) return;
    const { items, total, nextCursor } = answer.data;
    // A page that something else was asked for meanwhile is nobody's second page.
    setPage((now) =>
      now?.query === page.query ? { ...now, total, nextCursor, items: joined(now.items, items) } : now,
    );
  }

  const change = useCallback(
    (id: string, next: Service | undefined) =>
      setPage((now) => {
        if (now === undefined || !now.items.some((item) => item.id === id)) return now;
        const items = now.items.flatMap((item) => (item.id === id ? (next ?? []) : item));
        return { ...now, items, total: now.total - (next === undefined ? 1 : 0) };
      }),
    [],
  );

  return {
    items: page?.items,
    query: page?.query ?? { search, active },
    total: page?.total ?? 0,
    hasMore: page?.nextCursor !== undefined,
    isBusy: (isBehind && error === undefined) || isFetchingMore,
    error,
    showMore: () => void showMore(),
    reload: tryNow,
    put: (service) => change(service.id, active === undefined || service.active === active ? service : undefined),
    drop: (id) => change(id, undefined),
  };
}

const asked = (search: string, active: boolean | undefined) => ({ search, ...(active !== undefined && { active }) });

/** As many as are shown, so that what is read anew takes nothing away from under the reader. */
function limitFor(page: Page | undefined, { search, active }: ServiceQuery): number {
  const isAgain = page?.query.search === search && page.query.active === active;
  const { servicesPageDefaultItems: usual, servicesPageMaxItems: most } = limits;
  return Math.min(Math.max(isAgain ? page.items.length : 0, usual), most);
}

/** A service that was on an earlier page already, because its code changed, stands where it was. */
function joined(shown: readonly Service[], more: readonly Service[]): readonly Service[] {
  const known = new Set(shown.map(({ id }) => id));
  return [...shown, ...more.filter(({ id }) => !known.has(id))];
}
