import { once } from "node:events";
import { createServer } from "node:net";
import { createLiveBoard, createStatusBoardClient } from "@status-board/frontend-client";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { StoreUnavailable } from "../../src/store/store.ts";
import { addCard } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { sqlite } from "./support/databases.ts";
import { startLive } from "./support/live-server.ts";
import { expectAllEqual, openScreen, untilLive } from "./support/screens.ts";

/** Accepts connections and says nothing on them, ever. */
async function startBlackHole(): Promise<number> {
  const server = createServer(() => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

describe("a client", () => {
  it("[CL5] whose subscribe could not be answered tries again until it is", async () => {
    let failures = 3;
    const server = await startLive(sqlite, {
      opened: (opened) => ({
        ...opened,
        live: {
          ...opened.live,
          head: (board) =>
            failures-- > 0 ? Promise.reject(new StoreUnavailable("by order")) : opened.live.head(board),
        },
      }),
    });
    const screen = openScreen({
      baseUrl: server.url,
      date: day,
      headers: server.headersOf("manager"),
      heartbeatVisibleMs: 600_000,
    });
    await untilLive(screen);
    await addCard(server.manager);
    await expectAllEqual([screen], server.manager);
    expect(failures).toBeLessThanOrEqual(0);
  });

  it("[CL5] whose handshake is never answered gives it up and tries another", async () => {
    const server = await startLive(sqlite);
    const hole = await startBlackHole();
    let opened = 0;
    class FirstIntoTheHole extends WebSocket {
      constructor(url: string | URL) {
        super(opened++ === 0 ? `ws://127.0.0.1:${hole}/live` : url);
      }
    }
    const board = createLiveBoard({
      client: createStatusBoardClient({ baseUrl: server.url, headers: server.headersOf("manager") }),
      date: day,
      webSocket: FirstIntoTheHole,
      answerWaitMs: 200,
      retryFirstMs: 10,
    });
    onTestFinished(() => board.close());
    await vi.waitFor(() => expect(board.getState().connection.kind).toBe("live"), { timeout: 60_000 });
    expect(opened).toBe(2);
  });

  it("[CL4] that is closed while it asks for a ticket opens no socket any more", async () => {
    const server = await startLive(sqlite);
    let opened = 0;
    class Counted extends WebSocket {
      constructor(url: string | URL) {
        super(url);
        opened++;
      }
    }
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const watched: typeof fetch = async (...given) => {
      const isTicket = String(given[0]).includes("/ticket");
      if (isTicket) asked.resolve();
      try {
        return await fetch(...given);
      } finally {
        if (isTicket) setImmediate(() => answered.resolve());
      }
    };
    const board = createLiveBoard({
      client: createStatusBoardClient({
        baseUrl: server.url,
        headers: server.headersOf("manager"),
        fetch: watched,
      }),
      date: day,
      webSocket: Counted,
    });
    await asked.promise;
    board.close();
    await answered.promise;
    // Another round trip, in which a socket would have been opened.
    await fetch(`${server.url}/health`);
    expect(opened).toBe(0);
  });
});
