import { spawn } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { makeBoard, mover, readBoard } from "./cards.ts";
import { startChild } from "./children.ts";
import { measurePushes, moveRequest } from "./live-bench.ts";
import { drive, type Figures, figuresOf } from "./load.ts";
import { openScreens } from "./screens.ts";

const date = "2031-03-14";
const binary = new URL("../node_modules/@dynoxide/linux-x64/dynoxide", import.meta.url).pathname;

/** What the local root takes over DynamoDB, beside what the SDK's own calls take on the same table. */
export interface DynamoFigures {
  query: Figures;
  board: Figures;
  queryAndUpdate: Figures;
  move: Figures;
  /** From the request to the last of 100 screens. */
  push: Figures;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function time(seconds: number, work: () => Promise<unknown>): Promise<Figures> {
  const warmUntil = performance.now() + (seconds * 1000) / 3;
  const until = warmUntil + seconds * 1000;
  const latencies: number[] = [];
  for (let startedAt = performance.now(); startedAt < until; startedAt = performance.now()) {
    await work();
    if (startedAt >= warmUntil) latencies.push(performance.now() - startedAt);
  }
  return figuresOf(latencies, seconds, 0);
}

export async function measureDynamo(seconds: number): Promise<DynamoFigures> {
  const port = await freePort();
  const engine = spawn(binary, ["--port", String(port)], { stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const client = new DynamoDBClient({ endpoint, region: "local", credentials });
  const pk = { S: `SHOP#workshop#DAY#${date}` };
  const query = (place: string) =>
    client.send(
      new QueryCommand({
        TableName: "status-board",
        IndexName: "byPlace",
        ConsistentRead: true,
        KeyConditionExpression: "pk = :pk AND begins_with(place, :place)",
        ExpressionAttributeValues: { ":pk": pk, ":place": { S: place } },
      }),
    );
  const environment = {
    DATABASE: "dynamodb",
    DYNAMODB_ENDPOINT: endpoint,
    PORT: "0",
    SEED: "off",
    SHOP_TIME_ZONE: "UTC",
  };
  const server = await startChild("src/local/main.ts", environment);
  try {
    await makeBoard(server.url, date, 100);
    const cards = await readBoard(server.url, date);
    const next = mover(cards, 1);
    const updated = cards[0];
    const wholeIndex = await time(seconds, () =>
      client.send(
        new QueryCommand({
          TableName: "status-board",
          IndexName: "byPlace",
          ConsistentRead: true,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": pk },
        }),
      ),
    );
    const path = `/api/admin/appointments/board?date=${date}`;
    const board = await drive(server.url, { clients: 1, seconds, next: () => ({ method: "GET", path }) });
    const move = await drive(server.url, {
      clients: 1,
      seconds,
      next: (index) => {
        const { card, expectedVersion, mutationId } = next(index);
        const body = JSON.stringify({ newStatus: card.status, expectedVersion, mutationId });
        return { method: "POST", path: `/api/admin/appointments/${card.id}/move`, body };
      },
    });
    const queryAndUpdate = await time(seconds, async () => {
      await query(`${updated?.status}#`);
      await client.send(
        new UpdateItemCommand({
          TableName: "status-board",
          Key: { pk, sk: { S: `APPT#${updated?.id}` } },
          UpdateExpression: "SET #rank = :rank, place = :place",
          ConditionExpression: "attribute_exists(pk)",
          ExpressionAttributeNames: { "#rank": "rank" },
          ExpressionAttributeValues: { ":rank": { S: "V" }, ":place": { S: `${updated?.status}#V#${updated?.id}` } },
          ReturnValues: "ALL_NEW",
        }),
      );
    });
    const screens = await openScreens(server.url, date, 100);
    const push = await measurePushes(server.url, screens, Math.round(seconds * 20), () => moveRequest(next(0), date));
    screens.close();
    return { query: wholeIndex, board, queryAndUpdate, move, push };
  } finally {
    await server.stop();
    client.destroy();
    engine.kill();
  }
}
