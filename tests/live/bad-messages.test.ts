import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { addCard } from "../../src/testing/cards.ts";
import { day } from "../../src/testing/workshop.ts";
import { sqlite } from "./support/databases.ts";
import { startLive } from "./support/live-server.ts";
import { connect, type Peer } from "./support/peer.ts";

const subscribe = (more: object) => JSON.stringify({ action: "subscribe", date: day, ...more });
const big = (bytes: number) => `{"action":"ping"}${" ".repeat(bytes - 17)}`;

/** What is wrong, and what its error must name. */
const wrong: [name: string, message: string | Buffer, names: RegExp, code?: string][] = [
  ["nothing at all", "", /JSON/],
  ["no JSON", "{", /JSON/],
  ["a word", "subscribe", /JSON/],
  ["two messages in one", '{"action":"ping"}{"action":"ping"}', /JSON/],
  ["no object", "[]", /the message/],
  ["null", "null", /the message/],
  ["a number", "1e999", /the message/],
  ["a text", '"ping"', /the message/],
  ["no action", "{}", /^action/],
  ["an unknown action", '{"action":"move"}', /^action/],
  ["an action of a wrong type", '{"action":["ping"]}', /^action/],
  ["a prototype's name as action", '{"action":"__proto__"}', /^action/],
  ["no date", '{"action":"subscribe"}', /^date/],
  ["a date of a wrong type", subscribe({ date: 20310303 }), /^date/],
  ["a date that does not exist", subscribe({ date: "2031-02-30" }), /^date/],
  ["a date with more behind it", subscribe({ date: `${day}\n` }), /^date/],
  ["a negative revision", subscribe({ epoch: "e", rev: -1 }), /^rev/],
  ["a broken revision", subscribe({ epoch: "e", rev: 1.5 }), /^rev/],
  ["a huge revision", subscribe({ epoch: "e", rev: 2 ** 60 }), /^rev/],
  ["a revision of a wrong type", subscribe({ epoch: "e", rev: "1" }), /^rev/],
  ["an epoch that is none", subscribe({ epoch: "a b", rev: 1 }), /^epoch/],
  ["a long epoch", subscribe({ epoch: "e".repeat(65), rev: 1 }), /^epoch/],
  ["an epoch of a wrong type", subscribe({ epoch: {} }), /^epoch/],
  ["a protocol that is none", subscribe({ protocolVersion: 0 }), /^protocolVersion/],
  ["an unknown field", subscribe({ shopId: "south" }), /^shopId/],
  ["an unknown field of a ping", '{"action":"ping","date":"2031-03-03"}', /^date/],
  ["an unknown field of an unsubscribe", '{"action":"unsubscribe","rev":1}', /^rev/],
  ["a prototype key", '{"action":"ping","__proto__":{"rev":1}}', /^__proto__/],
  ["a constructor key", '{"action":"ping","constructor":1}', /^constructor/],
  ["a lone surrogate", '{"action":"ping","\\ud800":1}', /not known/],
  ["a long unknown field", `{"action":"ping","${"x".repeat(3_000)}":1}`, /^xxx/],
  ["deep nesting", `{"action":"ping","rev":${"[".repeat(1_500)}${"]".repeat(1_500)}}`, /^rev/],
  ["a ping before any subscribe", '{"action":"ping"}', /ping comes after a subscribe/],
  ["bytes", Buffer.from('{"action":"ping"}'), /text/],
  ["more than 4 KB", big(limits.clientMessageMaxBytes + 1), /4096 bytes/, "payload_too_large"],
  ["nearly 32 KB", big(limits.serverMessageMaxBytes), /4096 bytes/, "payload_too_large"],
];

/** That a peer is still served, and so is everybody else. */
async function expectServed(peer: Peer) {
  expect(await peer.subscribe(day)).toMatchObject({ date: day });
}

describe("a message that is wrong", () => {
  it.each(wrong)(
    "[WS4] %s gets an error that names what is",
    async (_name, message, names, code = "invalid_request") => {
      const { manager } = await startLive(sqlite);
      const peer = await connect(manager);
      peer.send(message);
      const error = await peer.next("error");
      expect(error).toMatchObject({ code, message: expect.stringMatching(names) });
      expect(error.message.length).toBeLessThanOrEqual(300);
      await expectServed(peer);
    },
  );

  it("[WS4] [WS6] more than 32 KB close the connection with 1009, and others are served", async () => {
    const { manager } = await startLive(sqlite);
    const other = await connect(manager);
    await other.subscribe(day);
    for (const bytes of [limits.serverMessageMaxBytes + 1, 1_000_000]) {
      const peer = await connect(manager);
      peer.send(big(bytes));
      expect((await peer.closed).code).toBe(1009);
    }
    await addCard(manager, { serviceCodes: [] });
    await other.next("diff");
  });

  it("[WS4] a text that is no UTF-8 ends its connection alone", async () => {
    const { manager } = await startLive(sqlite);
    const [peer, other] = [await connect(manager), await connect(manager)];
    peer.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false });
    expect((await peer.closed).code).toBe(1007);
    await expectServed(other);
  });
});

describe("too many", () => {
  it("[WS4] ten errors in ten seconds end the connection with a bye and 1008", async () => {
    const { manager } = await startLive(sqlite);
    const [peer, other] = [await connect(manager), await connect(manager)];
    await peer.subscribe(day);
    await other.subscribe(day);
    for (let sent = 0; sent < limits.clientErrorsMax + 5; sent++) peer.send("{");
    for (let heard = 0; heard < limits.clientErrorsMax; heard++) await peer.next("error");
    expect(await peer.next("bye")).toEqual({ type: "bye", code: "too_many_errors" });
    expect(await peer.closed).toEqual({ code: 1008, reason: "too_many_errors" });
    expect(peer.raw).toHaveLength(limits.clientErrorsMax + 2);
    await addCard(manager, { serviceCodes: [] });
    await other.next("diff");
  });

  it("[WS4] nine errors do not", async () => {
    const { manager } = await startLive(sqlite);
    const peer = await connect(manager);
    for (let sent = 1; sent < limits.clientErrorsMax; sent++) peer.send("{");
    for (let sent = 1; sent < limits.clientErrorsMax; sent++) await peer.next("error");
    await expectServed(peer);
  });

  it("[WS4] too frequent messages are errors, and end the connection as such", async () => {
    const { manager } = await startLive(sqlite);
    const peer = await connect(manager);
    await peer.subscribe(day);
    const tooMany = limits.clientMessagesMax + limits.clientErrorsMax;
    for (let sent = 0; sent < tooMany; sent++) peer.send({ action: "ping" });
    for (let sent = 1; sent < limits.clientMessagesMax; sent++) await peer.next("pong");
    for (let heard = 0; heard < limits.clientErrorsMax; heard++)
      expect(await peer.next("error")).toMatchObject({ code: "rate_limited", message: expect.stringMatching(/40 /) });
    expect(await peer.next("bye")).toMatchObject({ code: "too_many_errors" });
    expect((await peer.closed).code).toBe(1008);
  });

  it("[WS4] a flood does not keep others from being served", async () => {
    const server = await startLive(sqlite);
    const other = await connect(server.manager);
    await other.subscribe(day);
    const flooders = await Promise.all(Array.from({ length: 5 }, () => connect(server.manager)));
    for (const { socket } of flooders) for (let sent = 0; sent < 2_000; sent++) socket.send(big(4_000));
    await addCard(server.manager, { serviceCodes: [] });
    await other.next("diff");
    for (const { closed } of flooders) await closed;
    expect(await server.connections.watchers({ shopId: "north", date: day })).toHaveLength(1);
  });
});
