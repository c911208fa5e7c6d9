import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { hashOfSecret } from "../../src/auth/secrets.ts";
import { databases } from "../live/support/databases.ts";
import { connect, refusedHandshake } from "../live/support/peer.ts";
import { type Board, newCard, signedIn, signIn, startBoard } from "./support/board.ts";
import type { Visitor } from "./support/visitor.ts";

const date = "2031-03-03";
const hashOf = (visitor: Visitor) => hashOfSecret(visitor.cookies("127.0.0.1").get("session") ?? "");

const signOut = (board: Board, visitor: Visitor) =>
  visitor.send(`${board.url}/auth/logout`, { method: "POST", headers: { origin: board.url } });

/** The ways in which a session ends while its sockets are open. */
const ends: Record<string, (board: Board, visitor: Visitor) => Promise<unknown>> = {
  "signing out": signOut,
  "signing in anew": (board, visitor) => signIn(board, visitor, "manager"),
  "being revoked in the database": (board, visitor) => board.store.sessions.endSession(hashOf(visitor)),
};

describe.each(databases)("sockets of a session, on $name", (database) => {
  it.each(Object.entries(ends))("[WS2] are told goodbye and hear nothing more after %s", async (_, end) => {
    const board = await startBoard(database);
    const [mine, other] = [await signedIn(board, "manager"), await signedIn(board, "manager")];
    const peers = [await connect(mine.api), await connect(mine.api), await connect(mine.api)];
    const witness = await connect(other.api);
    for (const peer of [...peers.slice(1), witness]) await peer.subscribe(date);
    await end(board, mine.visitor);
    for (const peer of peers) {
      expect(await peer.next("bye")).toEqual({ type: "bye", code: "session_ended" });
      expect(await peer.closed).toEqual({ code: 1008, reason: "session_ended" });
    }
    await other.api.ok("createAppointment", { body: newCard() });
    expect((await witness.next("diff")).rev).toBe(1);
    expect(peers.map((peer) => peer.types())).toEqual([["bye"], ["subscribed", "bye"], ["subscribed", "bye"]]);
  });

  it("[WS2] are told goodbye when it expires, though the database says nothing", async () => {
    const board = await startBoard(database);
    const { api } = await signedIn(board, "viewer");
    const peer = await connect(api);
    await peer.subscribe(date);
    board.advance(limits.sessionValidMs);
    expect((await peer.next("bye")).code).toBe("session_ended");
    expect((await peer.closed).code).toBe(1008);
  });

  it("[WS2] are not opened by a ticket of a session that has ended", async () => {
    const board = await startBoard(database);
    const { api, visitor } = await signedIn(board, "manager");
    const [{ ticket, url }, another] = [await api.ok("createTicket"), await signedIn(board, "manager")];
    await signOut(board, visitor);
    expect(await refusedHandshake(`${url}?ticket=${ticket}`)).toMatchObject({ status: 401, code: "unauthenticated" });
    expect((await api.refused("createTicket")).code).toBe("unauthenticated");
    const peer = await connect(another.api);
    await peer.subscribe(date);
  });

  it("[WS2] that is being opened while its session ends does not stay", async () => {
    const board = await startBoard(database);
    const { api, visitor } = await signedIn(board, "manager");
    const { ticket, url } = await api.ok("createTicket");
    const socket = new WebSocket(`${url}?ticket=${ticket}`);
    const ended = new Promise((resolve) => {
      socket.once("close", resolve);
      socket.once("error", () => {});
    });
    await signOut(board, visitor);
    await ended;
    expect(socket.readyState).toBe(WebSocket.CLOSED);
  });
});
