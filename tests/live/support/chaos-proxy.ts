import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import type { Random } from "../../../src/domain/rank.ts";

/** What stands between clients and a server, and cuts connections. */
export interface ChaosProxy {
  url: string;
  /** Breaks one connection at random: at both ends, or at one end while the other hears nothing of it. */
  cutOne: () => void;
  /** How many it has cut. */
  cuts: () => number;
  /** From now on it only passes on; what hangs half-open is cut. */
  calm: () => void;
}

interface Pair {
  client: Socket;
  server: Socket;
}

export async function startChaosProxy(port: () => number, random: Random): Promise<ChaosProxy> {
  const pairs = new Set<Pair>();
  const halves = new Set<Socket>();
  let cuts = 0;
  const proxy = createServer((client) => {
    const server = connect({ port: port(), host: "127.0.0.1" });
    const pair = { client, server };
    pairs.add(pair);
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("error", () => {});
      one.on("close", () => {
        if (pairs.delete(pair)) other.destroy();
      });
      one.pipe(other);
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  const destroyHalves = () => {
    for (const half of halves) half.destroy();
    halves.clear();
  };
  onTestFinished(() => {
    proxy.close();
    destroyHalves();
    for (const { client, server } of pairs) {
      client.destroy();
      server.destroy();
    }
  });

  return {
    url: `http://127.0.0.1:${address.port}`,
    cutOne: () => {
      const pair = [...pairs][Math.floor(random() * pairs.size)];
      if (pair === undefined) return;
      cuts++;
      pairs.delete(pair);
      const { client, server } = pair;
      const way = random();
      if (way < 0.2) {
        client.unpipe();
        halves.add(client.resume());
        server.resetAndDestroy();
      } else if (way < 0.4) {
        server.unpipe();
        halves.add(server.resume());
        client.resetAndDestroy();
      } else if (way < 0.7) {
        client.resetAndDestroy();
        server.resetAndDestroy();
      } else {
        client.end();
        server.end();
      }
    },
    cuts: () => cuts,
    calm: destroyHalves,
  };
}
