import { DynamoDBClient, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { startDynoxide } from "../tests/support/engines.ts";
import { startBoard } from "./board.ts";
import { makeBoard, moveRequest, mover, readBoard } from "./cards.ts";
import type { Shot } from "./connection.ts";
import { announcedMove, measurePushes } from "./live-bench.ts";
import { byTurns, drive, type Figures, figuresOf, type Slice, warmUp } from "./load.ts";
import { openScreens } from "./screens.ts";

const date = "2031-03-14";

/** What the local root takes over DynamoDB, beside what the SDK's own calls take on the same table. */
export interface DynamoFigures {
  query: Figures;
  board: Figures;
  queryAndUpdate: Figures;
  move: Figures;
  /** From the request to the last of 100 screens. */
  push: Figures;
}

/** Calls of the SDK's, one after the other. */
const sliceOf =
  (work: () => Promise<unknown>): Slice =>
  async (seconds) => {
    const latencies: number[] = [];
    const until = performance.now() + seconds * 1000;
    for (let startedAt = performance.now(); startedAt < until; startedAt = performance.now()) {
      await work();
      latencies.push(performance.now() - startedAt);
    }
    return latencies;
  };

export async function measureDynamo(seconds: number): Promise<DynamoFigures> {
  const engine = await startDynoxide();
  const { endpoint } = engine;
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
  const server = await startBoard({ DATABASE: "dynamodb", DYNAMODB_ENDPOINT: endpoint });
  try {
    await makeBoard(server, date, 100);
    const cards = await readBoard(server, date);
    const next = mover(cards);
    const updated = cards[0];
    const wholeIndex = sliceOf(() =>
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
    const queryAndUpdate = sliceOf(async () => {
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
    const served =
      (next: () => Shot): Slice =>
      (seconds) =>
        drive(server, { clients: 1, seconds, next });
    const readSlices = { query: wholeIndex, board: served(() => ({ method: "GET", path })) };
    await warmUp(readSlices);
    const reads = await byTurns(seconds, readSlices);
    const writeSlices = { queryAndUpdate, move: served(() => moveRequest(next())) };
    await warmUp(writeSlices);
    const writes = await byTurns(seconds, writeSlices);
    const screens = await openScreens(server, date, 100);
    const pushes = await measurePushes(server, screens, Math.round(seconds * 20), () => announcedMove(next()));
    screens.close();
    return { ...reads, ...writes, push: figuresOf(pushes, seconds) };
  } finally {
    await server.stop();
    client.destroy();
    await engine.stop();
  }
}
