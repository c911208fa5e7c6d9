import { describe } from "vitest";
import { appendContract } from "./live-contract/append.ts";
import { historyContract } from "./live-contract/history.ts";
import { truthContract } from "./live-contract/truth.ts";
import { liveTestsOver, type OpenLiveStore } from "./live-contract/workshop.ts";

export type { OpenedLiveStore, OpenLiveStore } from "./live-contract/workshop.ts";

/**
 * What every implementation of the live store has to pass, together with the store whose changes it publishes. `open` is
 * called for each test. It may hand out one database many times, since every test works in shops of its own.
 */
export function liveStoreContract(name: string, open: OpenLiveStore): void {
  const it = liveTestsOver(open);
  describe(`${name} as a live store`, () => {
    appendContract(it);
    truthContract(it);
    historyContract(it);
  });
}
