import type { Pong } from "@status-board/contracts";
import type { LiveStore } from "../store/live-store.ts";

/** The board's revision and the fingerprint of its truth, by which a screen finds out that it is stale (WS3). */
export async function pong(
  shopId: string,
  date: string,
  ports: { live: LiveStore; clock: () => Date; release: string },
): Promise<Pong> {
  const { epoch, rev, cards, versionSum } = await ports.live.fingerprint({ shopId, date });
  return { type: "pong", date, epoch, rev, cards, versionSum, at: ports.clock().toISOString(), release: ports.release };
}
