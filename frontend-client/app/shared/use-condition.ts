import { useCallback, useEffect, useState } from "react";
import { type ConditionWords, conditionWords } from "./condition-words.ts";
import { may } from "./may.ts";
import { useMinute } from "./minute.ts";
import { useSession } from "./session.ts";
import { useShownAgain } from "./use-shown-again.ts";

/** A page that nobody comes back to looks this often: backups are made once a night, and an idle hour has only heartbeats (CL4). */
const lookEveryMs = 6 * 3_600_000;

/**
 * How the board's data fare, asked for at first and whenever somebody comes back to the page, for a manager; undefined for others, until it is known, and where somebody else keeps them.
 * A server that does not answer is told elsewhere.
 */
export function useCondition(): ConditionWords | undefined {
  const { client, me } = useSession();
  const [words, setWords] = useState<ConditionWords>();
  const [isKept, setKept] = useState(true);
  const minute = useMinute();
  const [firstMinute] = useState(minute);
  const turn = Math.floor((minute - firstMinute) / lookEveryMs);
  const [returns, setReturns] = useState(0);
  useShownAgain(useCallback(() => setReturns((count) => count + 1), []));
  const isAsking = isKept && may.careForData(me.role);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn and each return looks anew
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
  }, [client, isAsking, turn, returns]);
  return words;
}
