import type { Random } from "../../domain/rank.ts";
import { StoreUnavailable } from "../store.ts";

/** What an attempt answers when it met somebody else's write and may find things better in a moment. */
export const again = Symbol("again");

/** Runs an attempt until it answers something else than {@link again}, with full jitter in between. */
export type Persist = <T>(attempt: () => Promise<T | typeof again>, maxTries?: number) => Promise<T>;

const conflictTries = 5;
/** For writes that lose to each other one by one: of those that meet, one gets through each time. */
export const raceTries = 25;

const firstDelayMs = 25;
const maxDelayMs = 200;

/** Five tries unless told otherwise, then {@link StoreUnavailable}: the delay before try n is up to 25 ms x 2^(n-1), at most 200 ms. */
export function createPersist(sleep: (ms: number) => Promise<void>, random: Random): Persist {
  return async (attempt, maxTries = conflictTries) => {
    for (let tries = 1; ; tries++) {
      const answer = await attempt();
      if (answer !== again) return answer;
      if (tries >= maxTries) throw new StoreUnavailable(`others were in the way ${maxTries} times`);
      await sleep(random() * Math.min(maxDelayMs, firstDelayMs * 2 ** (tries - 1)));
    }
  };
}
