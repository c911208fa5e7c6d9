import type { Appointment, Named, Service, Shop, Status } from "@status-board/contracts";
import type { MoveRequest, StoredAppointment, StoredCard } from "../domain/appointment.ts";
import type { BoardRead } from "../domain/board.ts";
import type { Mutation } from "../domain/mutation.ts";
import type { Anchor } from "../domain/place.ts";
import type { Random } from "../domain/rank.ts";
import type { StoredService, StoredShop } from "../domain/service.ts";

/**
 * The store cannot be reached or cannot write; the caller may try again. Nothing of the write is kept, unless the database
 * is remote and its answer was lost: then a repeat by the same mutation id finds what became of it.
 */
export class StoreUnavailable extends Error {
  override name = "StoreUnavailable";
}

/** A move, with all that the condition and the new card are made of. */
export interface MoveCommand extends MoveRequest {
  shopId: string;
  id: string;
  anchor: Anchor;
  by: Named;
  /** ISO 8601 in UTC with milliseconds. */
  at: string;
  random: Random;
}

export type MoveResult =
  | { kind: "moved"; current: StoredCard }
  /** The condition did not hold: nothing was changed, and this is the item as it stands. */
  | { kind: "refused"; current: StoredAppointment }
  | { kind: "not_found" };

/** What is to become of an item, decided from its current state alone. It may be asked again after a lost race. */
export type Decision<Item, T> =
  | { kind: "write"; item: Item; mutation?: Mutation }
  | { kind: "remove"; by: Named; at: string; mutation?: Mutation }
  | { kind: "refuse"; outcome: T };

export type ChangeResult<Stored, T> =
  | { kind: "written"; current: Stored }
  /** The version of the removal itself. */
  | { kind: "removed"; version: number }
  | { kind: "refused"; outcome: T }
  | { kind: "not_found" };

export interface CardChange<T> {
  shopId: string;
  id: string;
  /**
   * Pure and synchronous. A card with another date is rescheduled: it leaves a tombstone and goes to the end of its
   * column on the new board, in one transaction (AP3); its rank is the store's to give.
   */
  decide: (current: StoredAppointment) => Decision<Appointment, T>;
  random: Random;
  /** Refuse a reschedule to a board that has this many cards. */
  maxCards?: number;
}

export interface CardCreation {
  shopId: string;
  /** At version 1; its rank is the store's to give: the end of its column. */
  card: Appointment;
  /** The hash of the body it is made from, kept with the id for good (AP1). */
  hash: string;
  random: Random;
  maxCards: number;
}

/** What is known of a creation that once succeeded. `current` is absent when that card was removed. */
export interface Creation {
  hash: string;
  current?: StoredCard;
}

export type CreateResult =
  | { kind: "created"; current: StoredCard }
  | ({ kind: "id_taken" } & Creation)
  | { kind: "board_full" };

/** How far a shop's carry-over has come (CA5). */
export interface ShopDay {
  id: string;
  timeZone: string;
  carriedThrough: string;
}

/**
 * What is true. Every method is about one shop, and sees nothing of another. A method that cannot reach the database,
 * or finds it unable to write, throws {@link StoreUnavailable}. Reads are consistent: they see every write that was
 * answered before they began.
 */
export interface Store {
  /** Resolves when the database answers. */
  ping(): Promise<void>;

  readBoard(shopId: string, date: string): Promise<BoardRead>;
  readAppointment(shopId: string, id: string): Promise<StoredCard | undefined>;
  /** Whether an id was ever used, and for what; undefined while it is free. */
  findCreation(shopId: string, id: string): Promise<Creation | undefined>;
  createAppointment(creation: CardCreation): Promise<CreateResult>;
  /** One conditional write, and no read of the card before it (MV2). Neighbours that must make room go with it. */
  moveAppointment(command: MoveCommand): Promise<MoveResult>;
  changeAppointment<T>(change: CardChange<T>): Promise<ChangeResult<StoredCard, T> | { kind: "board_full" }>;

  /** All services of the shop by code, in upper case. */
  listServices(shopId: string): Promise<readonly Service[]>;
  readService(shopId: string, id: string): Promise<Service | undefined>;
  /** Those of the shop's services that the codes name, whatever their case. */
  servicesByCode(shopId: string, codes: readonly string[]): Promise<readonly Service[]>;
  /** Of several that create one code at once, one succeeds; the others see its service, or a removed one of that code. */
  createService(
    shopId: string,
    service: Service,
    mutation: Mutation | undefined,
  ): Promise<{ kind: "created"; service: Service } | { kind: "code_taken"; current: StoredService }>;
  changeService<T>(
    shopId: string,
    id: string,
    decide: (current: StoredService) => Decision<Service, T>,
  ): Promise<ChangeResult<StoredService, T> | { kind: "code_taken" }>;

  readShop(shopId: string): Promise<Shop | undefined>;
  /**
   * Makes the shop unless there is one of that id; tells whether it did. `carriedThrough` is the last day whose cars need
   * no carrying over any more: the one before the shop's first.
   */
  createShop(shop: Shop, carriedThrough: string): Promise<boolean>;
  /** Every shop of the deployment. */
  listShops(): Promise<readonly ShopDay[]>;
  /** Notes that the carry-over has worked through all days up to this one; an earlier day changes nothing. */
  finishDay(shopId: string, date: string): Promise<void>;
  changeShop<T>(
    shopId: string,
    decide: (current: StoredShop) => Decision<Shop, T>,
  ): Promise<ChangeResult<StoredShop, T>>;

  close(): Promise<void>;
}

/** The statuses that an item of a board can have in a store: the columns, and that of a tombstone. */
export type PlaceStatus = Status | "removed";
