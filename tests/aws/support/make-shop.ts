import { ulid } from "ulid";
import { addDays, localDay } from "../../../src/domain/time.ts";
import { createDynamoClient } from "../../../src/store/dynamodb/dynamo-client.ts";
import { createDynamoStore } from "../../../src/store/dynamodb/dynamo-store.ts";
import { prepareTable } from "../../../src/store/dynamodb/tables.ts";

/** Makes what the first migration makes, in the tables that the command line names. */
const [boardTable = "", liveTable = "", timeZone = ""] = process.argv.slice(2);
const client = createDynamoClient();
await prepareTable(client, boardTable);
const now = () => new Date();
const store = createDynamoStore({ client, boardTable, liveTable, now, newId: () => ulid() });
const shop = {
  id: "workshop",
  name: "Workshop",
  timeZone,
  currency: "EUR",
  locale: "de-DE",
  technicians: [],
  version: 1,
};
await store.createShop(shop, addDays(localDay(now().toISOString(), timeZone), -1));
await store.close();
