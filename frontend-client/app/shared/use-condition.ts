import { useEffect, useState } from "react";
import { type ConditionWords, conditionWords } from "./condition-words.ts";
import { may } from "./may.ts";
import { useMinute } from "./minute.ts";
import { useSession } from "./session.ts";

const lookEveryMs = 5 * 60_000;

/**
 * How the board's data fare, for a manager; undefined for others, until it is known, and where somebody else keeps them.
 * A server that does not answer is told elsewhere.
 */
export function useCondition(): ConditionWords | undefined {
  const { client, me } = useSession();
  const [words, setWords] = useState<ConditionWords>();
  const [isKept, setKept] = useState(true);
  const turn = Math.floor(useMinute() / lookEveryMs);
  const isAsking = isKept && may.careForData(me.role);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn looks anew
  useEffect(() => {
    if (!isAsking) return;
    const abort = new AbortController();
    void client.getReadiness({ signal: abort.signal, retries: 0 }).then((answer) => {
      if (abort.signal.aborted || !answer.ok) return;
      const found = conditionWords(answer.data);
      setWords(found);
      setKept(found !== undefined);
    });
    return () => abort.abort();
  }, [client, isAsking, turn]);
  return words;
}
