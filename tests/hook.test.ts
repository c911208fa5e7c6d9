import { createStatusBoardClient } from "@status-board/frontend-client";
import { useStatusBoard, whileWatched } from "@status-board/frontend-client/react";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, it, vi } from "vitest";

const date = "2031-03-03";
const column = { items: [], count: 0 };
const columns = { scheduled: column, in_progress: column, ready: column, completed: column, no_show: column };

/** A client whose server has an empty board, and the requests that were made of it. */
function clientOfEmptyBoard() {
  const requests: string[] = [];
  const client = createStatusBoardClient({
    fetch: async (input) => {
      requests.push(String(input));
      return Response.json({ ok: true, data: { date, epoch: "e1", rev: 0, columns, removed: [] } });
    },
  });
  return { client, requests };
}

it("[CL5] the hook draws a board that is loading on a server, and opens nothing there", async () => {
  const { client, requests } = clientOfEmptyBoard();
  function Board() {
    const { board, stats, loading, connection, pending } = useStatusBoard({ date, client });
    return createElement("p", null, JSON.stringify([board, stats, loading, connection.kind, pending.size]));
  }
  expect(renderToString(createElement(Board))).toContain("[null,null,true,&quot;reconnecting&quot;,0]");
  await new Promise(setImmediate);
  expect(requests).toEqual([]);
});

it("[CL4] a board is open while it is watched: once for all who watch, and again for who comes later", async () => {
  const { client, requests } = clientOfEmptyBoard();
  const board = whileWatched({ date, client, webSocket: null, enablePolling: false });
  const none = board.getState();
  expect(await board.moveAppointment("a", { newStatus: "ready" })).toMatchObject({ kind: "refused" });
  expect(await board.undo()).toMatchObject({ kind: "refused" });
  board.refresh();
  expect([board.getState() === none, none.loading, requests.length]).toEqual([true, true, 0]);

  const first = board.subscribe(() => {});
  await vi.waitFor(() => expect(board.getState().board?.date).toBe(date), { timeout: 60_000 });
  const loaded = board.getState();
  // Unmounted and mounted again at once, as StrictMode does, with a second component beside it that goes.
  first();
  const [second, other] = [board.subscribe(() => {}), board.subscribe(() => {})];
  other();
  await new Promise((resolve) => setTimeout(resolve));
  expect(board.getState()).toBe(loaded);
  second();
  await vi.waitFor(() => expect(board.getState()).toBe(none), { timeout: 60_000 });
  expect(requests.length).toBe(1);

  const stop = board.subscribe(() => {});
  await vi.waitFor(() => expect(board.getState().board?.date).toBe(date), { timeout: 60_000 });
  expect(requests.length).toBe(2);
  board.close();
  expect(board.getState()).toBe(none);
  stop();
});
