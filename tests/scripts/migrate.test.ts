import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { ulid } from "ulid";
import { expect, it } from "vitest";
import { contextOf, MigrationFailed, migrateUp, openBoard } from "../../scripts/migrations/carry-out.ts";
import type { Migration } from "../../scripts/migrations/migration.ts";
import { readMigrations } from "../../src/store/dynamodb/meta.ts";
import { createTables } from "../../src/store/dynamodb/tables.ts";
import { addCard, edit } from "../../src/testing/cards.ts";
import { startServer } from "../../src/testing/server-process.ts";
import { day, temporaryDirectory } from "../../src/testing/workshop.ts";
import { httpApi } from "../live/support/http-api.ts";
import { expectAllEqual, openScreen, untilLive } from "../live/support/screens.ts";
import { clientOf, endpointOf, newTables, tableNames } from "../support/dynamodb.ts";

const keys = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "eu-central-1" };

/** The command line as release.sh calls it. */
async function migrate(...args: string[]) {
  const env = { PATH: process.env.PATH, ...keys, AWS_ENDPOINT_URL: await endpointOf("dynoxide") };
  const flags = ["--disable-warning=ExperimentalWarning", "--conditions=source", "scripts/migrate.ts", ...args];
  const child = spawn(process.execPath, flags, { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, out, err };
}

const shop = ["--shop-id", "north", "--shop-time-zone", "Europe/Berlin"];

it("runs each migration once, and lists them", async () => {
  const { boardTable, liveTable } = await newTables(await endpointOf("dynoxide"));
  const tables = ["--board-table", boardTable, "--live-table", liveTable];
  expect((await migrate("--list", ...tables)).out).toMatch(/^0001 first-shop +not run yet\n$/);
  expect(await migrate("up", ...tables, ...shop)).toEqual({
    code: 0,
    out: "ran 0001 first-shop\n1 of 1 migrations were due\n",
    err: "",
  });
  expect((await migrate("up", ...tables, ...shop)).out).toBe("0 of 1 migrations were due\n");
  expect((await migrate("list", ...tables)).out).toMatch(/^0001 first-shop +20\S+Z\n$/);
});

it("a failure stops it: what came before stays, what comes after is not begun", async () => {
  const endpoint = await endpointOf("dynoxide");
  const tables = await newTables(endpoint);
  const client = clientOf(endpoint);
  const context = contextOf({ client, tables, shopId: "north", shopTimeZone: "UTC" });
  const ran: string[] = [];
  let isBroken = true;
  const migration = (id: string, run: Migration["run"] = async () => {}): Migration => ({
    id,
    name: "test",
    earlierReleases: "work",
    run: async (given) => {
      ran.push(id);
      await run(given);
    },
  });
  const failing = migration("0002", async () => {
    if (isBroken) throw new Error("no such column");
  });
  const all = [migration("0001"), failing, migration("0003")];
  await expect(migrateUp(all, context, () => {})).rejects.toThrow(
    new MigrationFailed("migration 0002 test failed: Error: no such column"),
  );
  expect(ran).toEqual(["0001", "0002"]);
  isBroken = false;
  expect(await migrateUp(all, context, () => {})).toBe(2);
  expect(ran).toEqual(["0001", "0002", "0002", "0003"]);
  expect((await readMigrations(openBoard(client, tables.boardTable))).map(({ id }) => id)).toEqual([
    "0001",
    "0002",
    "0003",
  ]);
  client.destroy();
});

it("[LV2] after restore-from, screens with later revisions drop what they hold and take a new snapshot", async () => {
  const endpoint = await endpointOf("dynoxide");
  const names = tableNames();
  const variables = {
    ...keys,
    DATABASE: "dynamodb",
    DYNAMODB_ENDPOINT: endpoint,
    BOARD_TABLE: names.boardTable,
    LIVE_TABLE: names.liveTable,
    DATA_DIR: temporaryDirectory(),
    SHOP_TIME_ZONE: "UTC",
  };
  let server = await startServer({ ...variables, PORT: "0" });
  const api = httpApi(server.url);
  const screen = openScreen({ baseUrl: server.url, date: day });
  await untilLive(screen);
  const kept = await addCard(api, { serviceCodes: [] });
  const restored = tableNames();
  const client = clientOf(endpoint);
  await createTables(client, restored);
  // The copy that a restore to a point in time makes.
  const copied = await migrate("restore-from", names.boardTable, "--board-table", restored.boardTable);
  expect([copied.code, copied.err]).toEqual([0, ""]);
  await edit(api, kept, { notes: "to be lost" });
  await addCard(api, { serviceCodes: [] });
  await expectAllEqual([screen], api);
  expect(screen.board.getState().replica.cards.size).toBe(2);
  const { epoch } = await api.ok("getBoard", { query: { date: day } });
  server.signal("SIGTERM");
  await server.ended;

  const { code, out } = await migrate("restore-from", restored.boardTable, "--board-table", names.boardTable);
  expect([code, out]).toEqual([0, expect.stringMatching(/^\d+ items put, [1-9]\d* deleted, and a new epoch/)]);
  server = await startServer({ ...variables, PORT: String(server.port) });
  expect((await api.ok("getBoard", { query: { date: day } })).epoch).not.toBe(epoch);
  await expectAllEqual([screen], api);
  const { cards } = screen.board.getState().replica;
  expect([cards.size, cards.get(kept.id)?.notes]).toEqual([1, undefined]);
  client.destroy();
});

it("[LV2] new-epoch names another life, and tells both", async () => {
  const { boardTable } = await newTables(await endpointOf("dynoxide"));
  const { code, out } = await migrate("new-epoch", "--board-table", boardTable);
  const [, before, after] = /^epoch (\S+) -> (\S+):/.exec(out) ?? [];
  expect(code).toBe(0);
  expect([before?.length, after?.length, before === after]).toEqual([26, 26, false]);
});

it.each([
  [[], "which command?"],
  [["down"], "there is no command 'down'"],
  [["up"], "--board-table is needed"],
  [["up", "--board-table", "b!"], "--board-table must be a DynamoDB table name"],
  [["restore-from", "--board-table", "board"], "restore-from needs a TABLE"],
  [["list", "--board-table", "board", "--colour", "red"], "Unknown option '--colour'"],
])("wrong arguments: migrate %j", async (args, said) => {
  const { code, err } = await migrate(...args);
  expect(code).toBe(2);
  expect(err).toContain(said);
  expect(err).toMatch(/\nusage: npm run migrate -- .+\n$/);
});

it("a database that cannot be reached, or was never prepared, is one line", async () => {
  const missing = await migrate("list", "--board-table", `none-${ulid()}`);
  expect(missing.code).toBe(1);
  expect(missing.err.trimEnd().split("\n")).toHaveLength(1);
  expect(missing.err).toContain("run the same command again");
});
