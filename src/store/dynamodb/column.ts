import type { Status } from "@status-board/contracts";
import { system } from "../../domain/appointment.ts";
import type { ColumnKey } from "../../domain/place.ts";
import { type Item, json, keyItem, number, requireNumber, requireText, text } from "./attributes.ts";
import { removedStatus } from "./card-item.ts";
import type { Database, UpdateWrite } from "./database.ts";
import { boardOf, cardKey, columnOf, partsOfPlace, placeOf } from "./keys.ts";

const projection = { ProjectionExpression: "place, version" };

function columnKey(item: Item): ColumnKey {
  const { id, rank } = partsOfPlace(requireText(item, "place"));
  return { id, rank, version: requireNumber(item, "version") };
}

/** The keys of one column, by rank, then id. */
export async function readColumn(database: Database, shopId: string, date: string, status: Status) {
  const pk = boardOf(shopId, date);
  const { items } = await database.query({ pk, prefix: columnOf(status), by: "place", projection });
  return items.map(columnKey);
}

/** The keys of one column, and how many cards the whole board has. */
export async function readColumnAndCount(database: Database, shopId: string, date: string, status: Status) {
  const { items } = await database.query({ pk: boardOf(shopId, date), by: "place", projection });
  const begins = (prefix: string) => (item: Item) => item.place?.S?.startsWith(prefix) === true;
  const removed = items.filter(begins(columnOf(removedStatus))).length;
  return { keys: items.filter(begins(columnOf(status))).map(columnKey), count: items.length - removed };
}

/** Gives neighbours their new ranks, if they still stand where they were seen; memory and way back stay (MV5). */
export function respacedNeighbours(
  column: { shopId: string; date: string; status: Status },
  before: readonly ColumnKey[],
  respaced: readonly ColumnKey[],
  at: string,
): { Update: UpdateWrite }[] {
  const { shopId, date, status } = column;
  const ranks = new Map(before.map(({ id, rank }) => [id, rank]));
  return respaced.map(({ id, rank, version }) => ({
    Update: {
      Key: keyItem(cardKey(shopId, date, id)),
      UpdateExpression:
        "SET place = :place, #rank = :rank, version = version + :one, undoVersion = undoVersion + :one, updatedAt = :at, updatedBy = :by",
      ConditionExpression: "version = :version AND place = :before",
      ExpressionAttributeNames: { "#rank": "rank" },
      ExpressionAttributeValues: {
        ":place": text(placeOf(status, rank, id)),
        ":before": text(placeOf(status, ranks.get(id) ?? "", id)),
        ":rank": text(rank),
        ":version": number(version),
        ":one": number(1),
        ":at": text(at),
        ":by": json(system),
      },
    },
  }));
}
