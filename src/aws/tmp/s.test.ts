import { expect, it } from "vitest";
import { endpointOf, newBoardTable, clientOf } from "../../../tests/support/dynamodb.ts";
import { openBoardStream } from "../testing/board-stream.ts";
import { createDynamoStore } from "../../store/dynamodb/dynamo-store.ts";
import { ulid } from "ulid";
it("x", async () => {
  const endpoint = await endpointOf("dynoxide");
  const t0 = performance.now();
  const table = await newBoardTable(endpoint);
  console.log(performance.now() - t0);
  const s = await openBoardStream(endpoint, table);
  console.log(JSON.stringify(await s.next(), undefined, 1));
  const store = createDynamoStore({ client: clientOf(endpoint), boardTable: table, now: () => new Date(), newId: ulid });
  await store.createShop({ id: "north", name: "", timeZone: "UTC", currency: "EUR", locale: "de", technicians: [], version: 1 }, "2031-01-01");
  console.log(JSON.stringify(await s.next(), undefined, 1));
  console.log(JSON.stringify(await s.next(), undefined, 1));
});
