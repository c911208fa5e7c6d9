import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import type { Api } from "../../src/testing/api.ts";
import { addCard } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { databases } from "./support/databases.ts";
import { type LiveServer, startLive } from "./support/live-server.ts";

const board = { shopId: "north", date: day };

/** Makes cards, each of which becomes a revision of its own. */
async function makeRevisions({ manager, opened }: LiveServer, count: number, change: object = {}): Promise<string> {
  const { rev, epoch } = await opened.live.head(board);
  for (let made = 1; made <= count; made++) {
    await addCard(manager, { serviceCodes: [], ...change });
    await expect.poll(async () => (await opened.live.head(board)).rev, { interval: 5 }).toBe(rev + made);
  }
  return epoch;
}

const changesOf = (api: Api, epoch: string, since: number) =>
  api.ok("getChanges", { query: { date: day, epoch, since } });

describe.each(databases)("GET changes, on $name", (database) => {
  it("[LV5] gives what is missing without a hole; an empty list to one who has it all", async () => {
    const server = await startLive(database);
    const { manager } = server;
    const epoch = await makeRevisions(server, 4);
    for (let since = 0; since <= 4; since++) {
      const { changes, rev, head } = await changesOf(manager, epoch, since);
      expect([rev, head]).toEqual([4, 4]);
      expect(changes.map((diff) => diff.rev)).toEqual([1, 2, 3, 4].slice(since));
      for (const diff of changes) expect(diff).toMatchObject({ type: "diff", date: day, epoch });
    }
  });

  it("[LV5] revision_gone names the head to one who is ahead of it, or of another epoch", async () => {
    const server = await startLive(database);
    const epoch = await makeRevisions(server, 2);
    for (const query of [
      { date: day, epoch, since: 3 },
      { date: day, epoch, since: 999_999_999_999_999 },
      { date: day, epoch: "another", since: 1 },
      { date: day, epoch: "another", since: 2 },
    ])
      expect(await server.manager.refused("getChanges", { query })).toMatchObject({
        code: "revision_gone",
        epoch,
        rev: 2,
      });
  });

  it("[LV5] gives part of much, and says how far it goes", async () => {
    const server = await startLive(database);
    const notes = "🚗".repeat(1_000);
    const count = Math.ceil(limits.changesMaxBytes / 4_000) + 3;
    const epoch = await makeRevisions(server, count, { notes });
    let since = 0;
    let parts = 0;
    for (; since < count; parts++) {
      const answer = await changesOf(server.manager, epoch, since);
      expect(answer.head).toBe(count);
      expect(answer.changes.map(({ rev }) => rev)).toEqual(answer.changes.map((_, index) => since + 1 + index));
      expect(answer.changes.at(-1)?.rev).toBe(answer.rev);
      expect(Buffer.byteLength(JSON.stringify(answer.changes.map(({ ops }) => ops)))).toBeLessThanOrEqual(
        limits.changesMaxBytes,
      );
      since = answer.rev;
    }
    expect(parts).toBeGreaterThan(1);
  });

  it("[LV5] revision_gone leads past a reset, and past an entry that is no longer kept", async () => {
    const server = await startLive(database);
    const { manager, opened } = server;
    const epoch = await makeRevisions(server, 1);
    await opened.live.append(board, [{ kind: "reset", at: new Date().toISOString() }]);
    await makeRevisions(server, 1);
    for (const since of [0, 1])
      expect(await manager.refused("getChanges", { query: { date: day, epoch, since } })).toMatchObject({
        code: "revision_gone",
        rev: 3,
      });
    expect((await changesOf(manager, epoch, 2)).changes).toHaveLength(1);
  });

  it("[HT3] what is asked wrongly is named", async () => {
    const { manager } = await startLive(database);
    const wrong: [Record<string, string>, string][] = [
      [{ date: "x", epoch: "e", since: "0" }, "date"],
      [{ date: day, since: "0" }, "epoch"],
      [{ date: day, epoch: "e" }, "since"],
      [{ date: day, epoch: "e", since: "-1" }, "since"],
      [{ date: day, epoch: "e", since: "1.5" }, "since"],
      [{ date: day, epoch: "e", since: "01" }, "since"],
      [{ date: day, epoch: "e", since: "1e3" }, "since"],
      [{ date: day, epoch: "e", since: "9".repeat(16) }, "since"],
      [{ date: day, epoch: "a b", since: "0" }, "epoch"],
      [{ date: day, epoch: "e", since: "0", limit: "1" }, "limit"],
    ];
    for (const [query, path] of wrong)
      expect(await manager.refused("getChanges", { query })).toMatchObject({
        code: "invalid_request",
        issues: [expect.objectContaining({ path })],
      });
  });
});
