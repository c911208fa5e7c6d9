import { describe } from "vitest";
import { boardContract } from "./contract/boards.ts";
import { changeContract } from "./contract/changes.ts";
import { creationContract } from "./contract/creation.ts";
import { moveContract } from "./contract/moves.ts";
import { orderContract } from "./contract/order.ts";
import { raceContract } from "./contract/races.ts";
import { rescheduleContract } from "./contract/reschedule.ts";
import { respacingContract } from "./contract/respacing.ts";
import { serviceContract } from "./contract/services.ts";
import { shopContract } from "./contract/shops.ts";
import { type OpenStore, testsOver } from "./contract/workshop.ts";

export type { OpenedStore, OpenStore } from "./contract/workshop.ts";

export interface StoreContractOptions {
  /** How many moves prove that order survives re-spacing (MV5). Default 10,000; fewer for a slow database. */
  moves?: number;
}

/**
 * What every implementation of the store has to pass. `open` is called for each test. It may hand out one database
 * many times, since every test works in shops of its own.
 */
export function storeContract(name: string, open: OpenStore, { moves = 10_000 }: StoreContractOptions = {}): void {
  const it = testsOver(open);
  describe(`${name} as a store`, () => {
    creationContract(it);
    moveContract(it);
    changeContract(it);
    rescheduleContract(it);
    boardContract(it);
    respacingContract(it);
    orderContract(it, moves);
    raceContract(it);
    serviceContract(it);
    shopContract(it);
  });
}
