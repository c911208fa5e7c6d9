import { createLiveBoard, createStatusBoardClient } from "@status-board/frontend-client";
import { expect, inject, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { addCard, move } from "../../../src/testing/cards.ts";
import { connect } from "../../live/support/peer.ts";
import { liveUrl, page } from "../support/site.ts";

/** Boards of their own, so that no test hears of another's cards. */
let days = 0;
function newDay() {
  days++;
  const date = `2041-05-${String(days).padStart(2, "0")}`;
  return { date, times: { start: `${date}T09:00:00.000Z`, end: `${date}T10:00:00.000Z`, serviceCodes: [] } };
}

const quickly = { timeout: 20_000, interval: 20 };

test("[LV3] a subscriber gets each change through the stream, as a diff of the next revision", async () => {
  const { date, times } = newDay();
  const peer = await connect(page);
  const first = await peer.subscribe(date);
  expect(first).toMatchObject({ date, rev: 0, release: "0.0.1" });
  const card = await addCard(page, times);
  expect(await peer.next("diff")).toMatchObject({ date, epoch: first.epoch, rev: 1, ops: [{ op: "upsert", card }] });
  const moved = await move(page, card, "in_progress");
  expect(await peer.next("diff")).toMatchObject({ rev: 2, ops: [{ op: "upsert", card: moved }] });
  await page.ok("removeAppointment", { id: card.id, query: { expectedVersion: 2 } });
  expect((await peer.next("diff")).ops).toMatchObject([{ op: "remove", id: card.id, version: 3 }]);
  peer.send({ action: "ping" });
  expect(await peer.next("pong")).toMatchObject({ rev: 3, cards: 0, versionSum: 0 });
});

test("[WS5] who comes back gets what it missed, and whoever leaves hears no more", async () => {
  const { date, times } = newDay();
  const first = await connect(page);
  const { epoch } = await first.subscribe(date);
  const card = await addCard(page, times);
  await first.next("diff");
  first.socket.close();
  await first.closed;
  await move(page, card, "in_progress");
  const changes = () => page.ok("getChanges", { query: { date, epoch, since: 1 } });
  await expect.poll(async () => (await changes()).rev, quickly).toBe(2);
  const second = await connect(page);
  const { rev, changes: missed } = await second.subscribe(date, { epoch, rev: 1 });
  expect(rev).toBe(2);
  expect(missed).toMatchObject([{ rev: 2, ops: [{ op: "upsert", card: { id: card.id, status: "in_progress" } }] }]);
  second.send({ action: "unsubscribe" });
  second.send({ action: "ping" });
  expect(await second.next("error")).toMatchObject({ code: "invalid_request" });
});

test("[CL1] two screens of the real client show the same board, and each other's moves", async () => {
  const { date, times } = newDay();
  const card = await addCard(page, times);
  const screens = ["desk", "bay"].map(() => {
    const request: typeof fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set("origin", inject("publicUrl"));
      return fetch(input, { ...init, headers });
    };
    const client = createStatusBoardClient({ baseUrl: inject("publicUrl"), fetch: request });
    const board = createLiveBoard({ client, date });
    onTestFinished(() => board.close());
    return board;
  });
  for (const screen of screens) await expect.poll(() => screen.getState().connection.kind, quickly).toBe("live");
  const moved = await move(page, card, "ready");
  for (const screen of screens)
    await expect.poll(() => screen.getState().replica.cards.get(card.id)?.version, quickly).toBe(moved.version);
});

test("[WS4] bad messages get an error, and the connection goes on", async () => {
  const { date } = newDay();
  const peer = await connect(page);
  for (const message of ["{", "[]", JSON.stringify({ action: "shout" })]) {
    peer.send(message);
    expect(await peer.next("error")).toMatchObject({ code: "invalid_request" });
  }
  expect(await peer.subscribe(date)).toMatchObject({ date, rev: 0 });
});

test("[WS1] a handshake needs a ticket, which is good once, and an origin of ours", async () => {
  const { ticket } = await page.ok("createTicket");
  const origin = { origin: "https://elsewhere.example" };
  expect((await refused(`${liveUrl}?ticket=${ticket}`, origin)).status).toBe(403);
  // The stand-in answers 403 whatever the function said; API Gateway answers what it said.
  expect([401, 403]).toContain((await refused(liveUrl)).status);
  const used = await page.ok("createTicket");
  await connect({ ...page, ok: async () => used as never });
  expect([401, 403]).toContain((await refused(`${liveUrl}?ticket=${used.ticket}`)).status);
});

/** The status with which a handshake is refused; what else is said is API Gateway's own. */
async function refused(url: string, headers: Record<string, string> = {}): Promise<{ status: number | undefined }> {
  const socket = new WebSocket(url, { headers });
  return new Promise((resolve, reject) => {
    socket.once("open", () => reject(new Error("the handshake was accepted")));
    socket.once("error", reject);
    socket.once("unexpected-response", (_request, response) => {
      resolve({ status: response.statusCode });
      socket.terminate();
    });
  });
}
