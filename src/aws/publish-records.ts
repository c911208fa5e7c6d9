import { z } from "zod";
import type { FeedItem, Gateway, SetAside } from "../live/ports.ts";
import { publish } from "../live/publish.ts";
import { readStreamRecord } from "../store/dynamodb/stream.ts";
import type { LambdaCore } from "./service.ts";

/** What this code reads of a stream's event (https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html). */
const eventSchema = z.object({ Records: z.array(z.unknown()) });
const numberedSchema = z.object({ dynamodb: z.object({ SequenceNumber: z.string().regex(/^[0-9]+$/) }) });

/** From which record on a batch is to come again; nothing when it is over. */
export interface BatchResult {
  batchItemFailures: { itemIdentifier: string }[];
}

/**
 * What publishes a batch of the board table's stream. Boards that the database did not take come again, from the lowest of
 * their sequence numbers on: what follows it may come twice, and harms nobody.
 */
export function onRecords({ service, connections }: LambdaCore, gateway: Gateway, setAside: SetAside) {
  const { logger, ports } = service;
  const { live, clock, random } = ports;
  return async (event: unknown): Promise<BatchResult> => {
    const startedAt = performance.now();
    const { Records } = eventSchema.parse(event);
    const numbers = new Map<FeedItem, string>();
    for (const record of Records) {
      const item = readStreamRecord(record);
      if (item !== undefined) numbers.set(item, sequenceNumberOf(record));
    }
    const report = { boards: 0, revisions: 0, sent: 0, gone: 0, closed: 0 };
    const again = await publish([...numbers.keys()], {
      live,
      connections,
      gateway,
      setAside,
      clock,
      random,
      published: ({ revisions, fanOut }) => {
        report.boards++;
        report.revisions += revisions;
        report.sent += fanOut.sent;
        report.gone += fanOut.gone;
        report.closed += fanOut.closed;
      },
    });
  };
}
