import { describe, expect, it } from "vitest";
import { openLive } from "./testing/fake-server.ts";
import { sampleBoard, sampleCard } from "./testing/samples.ts";
import { pass, stopClock, success } from "./testing/scripted-fetch.ts";

stopClock();
const minute = 60_000;
const boards = (requests: string[]) => requests.filter((name) => name === "board").length;

describe("a board that does not agree with the truth", () => {
  it("[WS3] is stale with the second pong that differs, takes a snapshot, and live when a pong agrees with that", async () => {
    const { server, connection, kinds, pings } = await openLive();
    server.truth = { rev: 4, cards: 1, versionSum: 2 };
    await pass(25_002);
    expect(connection()).toEqual({ kind: "live" });
    server.answers.board = success(sampleBoard([sampleCard({ version: 2 })], { rev: 4 }));
    await pass(25_010);
    expect(kinds()).toEqual(["live", "stale", "live"]);
    expect(server.takeRequests()).toEqual(["board"]);
    // Two heartbeats, and one that compares what the snapshot brought.
    expect(pings()).toHaveLength(3);
    await pass(10 * minute);
    expect(server.takeRequests()).toEqual([]);
  });

  it("[WS3] goes on looking at each interval, and never calls itself live, until it agrees", async () => {
    const { server, connection, kinds } = await openLive({ pollingInterval: 10_000 });
    server.truth = { rev: 4, cards: 1, versionSum: 7 };
    await pass(50_010);
    expect(connection().kind).toBe("stale");
    server.takeRequests();
    await pass(10 * minute);
    const looks = boards(server.takeRequests());
    // One for each interval and each pong that differs: never one that follows the other without end.
    expect(looks).toBeGreaterThanOrEqual(60);
    expect(looks).toBeLessThanOrEqual(150);
    expect(kinds()).toEqual(["live", "stale"]);
    const { since } = connection() as { since: number };
    expect(Date.now() - since).toBeLessThan(10_000);
    server.truth = { rev: 4, cards: 1, versionSum: 1 };
    await pass(10_010);
    expect(connection().kind).toBe("live");
    await pass(25_000);
    server.takeRequests();
    await pass(10 * minute);
    expect(server.takeRequests()).toEqual([]);
  });

  it("[WS3] is looked at with the heartbeats alone while the page is hidden", async () => {
    const { server, page } = await openLive();
    server.truth = { rev: 4, cards: 1, versionSum: 7 };
    await pass(minute);
    page.show(false);
    server.takeRequests();
    await pass(20 * minute + 10);
    expect(boards(server.takeRequests())).toBe(5);
    page.show(true);
    expect(boards(server.takeRequests())).toBe(1);
  });

  it("[WS3] looks even where polling is not wanted: that is about boards without a socket", async () => {
    const { server } = await openLive({ enablePolling: false });
    server.truth = { rev: 4, cards: 1, versionSum: 7 };
    await pass(5 * minute);
    expect(boards(server.takeRequests())).toBeGreaterThan(8);
  });
});
