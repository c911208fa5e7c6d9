import * as z from "zod";
import type { FeedItem, Gateway, SetAside } from "../live/ports.ts";
import { type Published, publish } from "../live/publish.ts";
import { readStreamRecord } from "../store/dynamodb/stream.ts";
import type { LambdaCore } from "./service.ts";

/** A batch of a stream; each record is read on its own (https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html). */
const eventSchema = z.object({ Records: z.array(z.unknown()) });

/** From which record on a batch is to come again; empty when it need not. */
export interface BatchResult {
  batchItemFailures: { itemIdentifier: string }[];
}

const positionOf = (item: FeedItem): string => (item.kind === "change" ? item.change.position : item.position);

/** Sequence numbers are whole numbers of up to 40 digits: of two, the longer one is the higher. */
const bySequence = (one: string, other: string): number =>
  one.length - other.length || (one < other ? -1 : Number(one > other));

/**
 * What publishes a batch of the board table's stream. A batch comes again from the first record on that the database did
 * not take: what follows it may so come twice, and harms nobody. What can never be published does not hold it up (LV7).
 */
export function onRecords(
  { service: { logger, metrics, ports }, connections }: LambdaCore,
  gateway: Gateway,
  setAside: SetAside,
): (event: unknown) => Promise<BatchResult> {
  const { live, clock, random } = ports;
  return async (event) => {
    const startedAt = performance.now();
    const { Records } = eventSchema.parse(event);
    const items = Records.map(readStreamRecord).filter((item) => item !== undefined);
    const totals = { boards: 0, revisions: 0, sent: 0, gone: 0, closed: 0, lagMs: 0 };
    const published = (report: Published) => {
      metrics?.published(report);
      totals.boards++;
      totals.revisions += report.revisions;
      totals.sent += report.fanOut.sent;
      totals.gone += report.fanOut.gone;
      totals.closed += report.fanOut.closed;
      totals.lagMs = Math.max(totals.lagMs, clock().getTime() - Date.parse(report.newestWriteAt));
    };
    const again = await publish(items, { live, connections, gateway, setAside, clock, random, published });
    const [first] = again.map(positionOf).toSorted(bySequence);
    const durationMs = Math.round(performance.now() - startedAt);
    const line = { route: "publish", records: Records.length, changes: items.length, ...totals, durationMs };
    logger[again.length > 0 ? "warn" : "info"]({ ...line, again: again.length }, "published");
    return { batchItemFailures: first === undefined ? [] : [{ itemIdentifier: first }] };
  };
}
