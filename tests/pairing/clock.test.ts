import { ticketSchema } from "@status-board/contracts";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { peerOn, refusedHandshake } from "../live/support/peer.ts";
import { dataOf, startPaired } from "./board.ts";

/** A paired device that fetches tickets. */
async function startWithDevice() {
  const board = await startPaired();
  const { network, send, newCode, pair } = board;
  const cookie = await pair(await newCode());
  const ticketUrl = async () => {
    const answer = await send(network, "POST", "/api/admin/live/ticket", undefined, { cookie, origin: network });
    const { url, ticket } = dataOf(ticketSchema, await answer.json());
    return `${url}?ticket=${ticket}`;
  };
  return { ...board, cookie, ticketUrl };
}

it.each([
  ["forward by a minute", 60],
  ["forward by days", 3 * 86_400],
  ["back by an hour", -3_600],
  ["back by years", -150_000_000],
])("[WS1] a ticket from before the clock was set %s is no way in, and a new one is", async (_, seconds) => {
  const { ticketUrl, advance } = await startWithDevice();
  const before = await ticketUrl();
  advance(seconds * 1_000);
  expect((await refusedHandshake(before)).status).toBe(401);
  const peer = await peerOn(new WebSocket(await ticketUrl()));
  const date = new Date(Date.now() + seconds * 1_000).toISOString().slice(0, 10);
  expect((await peer.subscribe(date)).rev).toBe(0);
});

it("[WS1] a clock that is corrected by some seconds costs no ticket", async () => {
  const { ticketUrl, advance } = await startWithDevice();
  for (const seconds of [-20, 20]) {
    const url = await ticketUrl();
    advance(seconds * 1_000);
    await peerOn(new WebSocket(url));
  }
});

it("[AU1] a device stays paired when the clock is set back, and until its end when it is set forward", async () => {
  const { network, send, cookie, advance } = await startWithDevice();
  const day = 86_400_000;
  const seen = async () => (await send(network, "GET", "/auth/me", undefined, { cookie })).status;
  advance(-400 * day);
  expect(await seen()).toBe(200);
  advance(429 * day);
  expect(await seen()).toBe(200);
  advance(31 * day);
  expect(await seen()).toBe(401);
});
