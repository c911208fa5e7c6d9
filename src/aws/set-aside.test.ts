import { expect, it } from "vitest";
import type { FeedItem } from "../live/ports.ts";
import { createLogger } from "../runtime/logger.ts";
import { createSetAside } from "./set-aside.ts";
import { openQueueDouble } from "./testing/queue-double.ts";

const board = { shopId: "north", date: "2031-03-03" };
const item: FeedItem = { kind: "unreadable", position: "4421584500000000017450439091", reason: "in this test", board };
const anywhere = { region: "eu-central-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

async function open() {
  const queue = await openQueueDouble();
  const lines: string[] = [];
  const logger = createLogger({ level: "info", release: "1", destination: { write: (line) => void lines.push(line) } });
  const config = { ...anywhere, maxAttempts: 2, endpoint: new URL(queue.url).origin };
  return { queue, config, logger, log: () => lines.map((line) => JSON.parse(line)) };
}

const told = { level: "error", position: item.position, reason: "in this test" };

it("[LV7] puts the item and the reason into the queue, and says so in the log", async () => {
  const { queue, config, logger, log } = await open();
  await createSetAside(queue.url, logger, config)(item, "in this test");
  expect(queue.bodies).toEqual([{ item, reason: "in this test" }]);
  expect(log()).toEqual([expect.objectContaining(told)]);
});

it("[LV7] has the log alone where there is no queue", async () => {
  const { logger, log } = await open();
  await createSetAside(undefined, logger)(item, "in this test");
  expect(log()).toEqual([expect.objectContaining(told)]);
});

it.each(["fails", "hangs"] as const)("[LV7] does not hold up anything when the queue %s", async (mood) => {
  const { queue, config, logger, log } = await open();
  queue.mood = mood;
  await createSetAside(queue.url, logger, config)(item, "in this test");
  expect(log()).toEqual([expect.objectContaining(told), expect.objectContaining({ position: item.position })]);
  queue.mood = "works";
  await createSetAside(queue.url, logger, config)(item, "in this test");
  expect(queue.bodies).toHaveLength(1);
});
