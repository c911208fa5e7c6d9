import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/** What stands between screens and a server, and cuts their connections. */
export interface Cutter {
  url: string;
  /** Breaks one connection, chosen by `random`; false when there is none. */
  cutOne: (random: () => number) => boolean;
  close: () => void;
}

/** Passes everything on to the port that is the server's at the time. */
export async function startCutter(port: () => number): Promise<Cutter> {
  const pairs = new Set<readonly [Socket, Socket]>();
  const proxy = createServer((client) => {
    const server = connect({ port: port(), host: "127.0.0.1" });
    const pair = [client, server] as const;
    pairs.add(pair);
    for (const [one, other] of [pair, [server, client] as const]) {
      one.on("error", () => {});
      one.on("close", () => {
        pairs.delete(pair);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    cutOne: (random) => {
      const [client, server] = [...pairs][Math.floor(random() * pairs.size)] ?? [];
      client?.resetAndDestroy();
      server?.resetAndDestroy();
      return client !== undefined;
    },
    close: () => {
      proxy.close();
      for (const [client, server] of pairs) {
        client.destroy();
        server.destroy();
      }
    },
  };
}
