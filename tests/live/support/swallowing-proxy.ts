import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** What stands between a client and its server, and can fall silent without either of them being told. */
export interface SwallowingProxy {
  url: string;
  /** From now on every connection that there is passes on nothing more, and none is closed. New ones work. */
  swallow: () => void;
}

export async function startSwallowingProxy(port: number): Promise<SwallowingProxy> {
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect({ port, host: "127.0.0.1" });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => other.destroy());
      one.on("close", () => sockets.delete(one));
      one.pipe(other);
    }
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  onTestFinished(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    url: `http://127.0.0.1:${address.port}`,
    swallow: () => {
      for (const socket of sockets) socket.unpipe().resume();
    },
  };
}
