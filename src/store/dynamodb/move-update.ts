import type { Status } from "@status-board/contracts";
import type { MoveCommand } from "../store.ts";
import { type Item, json, keyItem, mutationSlots, none, number, slotPrefix, slotText, text } from "./attributes.ts";
import type { UpdateWrite } from "./database.ts";
import { cardKey, placeOf } from "./keys.ts";

/** The changes of an update, each clause by itself. */
interface Clauses {
  set: string[];
  remove: string[];
  values: Item;
}

/** CA4: the target alone decides. */
function checkTimes(to: Status): Pick<Clauses, "set" | "remove"> {
  if (to === "in_progress" || to === "ready")
    return { set: ["checkInAt = if_not_exists(checkInAt, :at)"], remove: ["checkOutAt"] };
  if (to === "completed") return { set: ["checkOutAt = if_not_exists(checkOutAt, :at)"], remove: [] };
  return { set: [], remove: ["checkInAt", "checkOutAt"] };
}

/** Shifts the memory and keeps the way back. Right-hand sides see the item as it was before. */
function memoryClauses({ mutation, expectedVersion, by }: MoveCommand): Clauses {
  if (mutation === undefined) return { set: [], remove: ["undoMutation"], values: {} };
  const version = expectedVersion + 1;
  const [first, ...older] = mutationSlots;
  return {
    set: [
      `${first} = :slot`,
      ...older.map((slot, index) => `${slot} = if_not_exists(${mutationSlots[index]}, :none)`),
      "undoMutation = :mutationId",
      "undoVersion = :version",
      "undoAt = :at",
      "undoBy = :mover",
      "previousStatus = #status",
      "previousRank = #rank",
      "previousCheckInAt = if_not_exists(checkInAt, :none)",
      "previousCheckOutAt = if_not_exists(checkOutAt, :none)",
    ],
    remove: [],
    values: {
      ":slot": text(slotText({ ...mutation, version })),
      ":none": text(none),
      ":mutationId": text(mutation.id),
      ":mover": text(by.id),
    },
  };
}

/** The move's condition, the same as the domain's `acceptsMove`. */
function conditionOf({ expectedVersion, from, mutation }: MoveCommand): { expression: string; values: Item } {
  // A mover who may bring a card from nowhere gets a status that no item has.
  const sources = from.length === 0 ? [none] : from;
  const isExpectedVersion = "version = :expected";
  const mayGo = `#status IN (${sources.map((_, index) => `:from${index}`).join(", ")})`;
  const isNew = mutationSlots.map((slot) => `NOT begins_with(${slot}, :slotPrefix)`);
  return {
    expression: [isExpectedVersion, mayGo, ...(mutation ? isNew : [])].join(" AND "),
    values: {
      ":expected": number(expectedVersion),
      ...Object.fromEntries(sources.map((status, index) => [`:from${index}`, text(status)])),
      ...(mutation && { ":slotPrefix": text(slotPrefix(mutation.id)) }),
    },
  };
}

/** A move as one conditional update (MV2): it alters the card without having read it. */
export function moveUpdate(command: MoveCommand, date: string, rank: string): UpdateWrite {
  const { shopId, id, to, by, at, expectedVersion } = command;
  const times = checkTimes(to);
  const memory = memoryClauses(command);
  const condition = conditionOf(command);
  const set = [
    "place = :place",
    "#status = :to",
    "#rank = :rank",
    "version = :version",
    "updatedAt = :at",
    "updatedBy = :by",
    ...times.set,
    ...memory.set,
  ];
  const remove = [...times.remove, ...memory.remove];
  return {
    Key: keyItem(cardKey(shopId, date, id)),
    UpdateExpression: `SET ${set.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`,
    ConditionExpression: condition.expression,
    ExpressionAttributeNames: { "#status": "status", "#rank": "rank" },
    ExpressionAttributeValues: {
      ":place": text(placeOf(to, rank, id)),
      ":to": text(to),
      ":rank": text(rank),
      ":version": number(expectedVersion + 1),
      ":at": text(at),
      ":by": json(by),
      ...condition.values,
      ...memory.values,
    },
  };
}
