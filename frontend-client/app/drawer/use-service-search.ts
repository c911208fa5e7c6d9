import type { ServiceLine } from "@status-board/contracts";
import { useEffect, useState } from "react";
import { errorWords } from "../shared/error-words.ts";
import { useSession } from "../shared/session.ts";

/** Typing is over when it rests so long. */
const restMs = 200;
/** As many as one still looks through; then typing more is faster. */
const itemsMax = 30;

interface Found {
  items: readonly ServiceLine[];
  /** What to say above them; undefined where they say enough. */
  words: string | undefined;
}

/** The active services that contain a text in code, name or description, asked for while `isWanted`. */
export function useServiceSearch(text: string, isWanted: boolean): Found {
  const { client } = useSession();
  const [found, setFound] = useState<Found>({ items: [], words: "Looking for services." });
  const search = text.trim();

  useEffect(() => {
    if (!isWanted) return;
    const abort = new AbortController();
    const timer = setTimeout(() => void look(), search === "" ? 0 : restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };

    async function look() {
      const query = { search, active: true, limit: itemsMax };
      const answer = await client.listServices({ query, signal: abort.signal });
      if (abort.signal.aborted) return;
      if (!answer.ok) return setFound({ items: [], words: `The services can't be read. ${errorWords(answer.error)}` });
      const { items, total } = answer.data;
      setFound({ items: items.map(lineOf), words: wordsOf(search, items.length, total) });
    }
  }, [search, isWanted, client]);

  return found;
}

const lineOf = ({ code, name, priceCents, minutes }: ServiceLine): ServiceLine => ({ code, name, priceCents, minutes });

function wordsOf(search: string, shown: number, total: number): string | undefined {
  if (total === 0) return search === "" ? "There are no services yet." : `Nothing matches '${search}'.`;
  return total > shown ? `${total - shown} more. Type to find them.` : undefined;
}
