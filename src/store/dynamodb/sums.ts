import type { BoardKey } from "../live-store.ts";
import { isExpired, requireNumber, requireText } from "./attributes.ts";
import { removedStatus } from "./card-item.ts";
import type { Database } from "./database.ts";
import { boardOf, partsOfPlace } from "./keys.ts";

const projection = { ProjectionExpression: "place, version, expiresAt" };

/** How many cards a board has, and the sum of their versions, from the index alone (WS3). */
export async function readSums(
  database: Database,
  { shopId, date }: BoardKey,
  now: Date,
): Promise<{ cards: number; versionSum: number }> {
  const { items } = await database.query({ pk: boardOf(shopId, date), by: "place", projection });
  // By id, because the index may show a card that moves at that moment twice.
  const versions = new Map<string, number>();
  for (const item of items) {
    const { status, id } = partsOfPlace(requireText(item, "place"));
    if (status === removedStatus || isExpired(item, now)) continue;
    versions.set(id, Math.max(versions.get(id) ?? 0, requireNumber(item, "version")));
  }
  return { cards: versions.size, versionSum: [...versions.values()].reduce((sum, version) => sum + version, 0) };
}
