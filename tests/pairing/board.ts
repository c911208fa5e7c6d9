import { deviceListSchema, pairingSchema, type Role } from "@status-board/contracts";
import { onTestFinished } from "vitest";
import * as z from "zod";
import { openStore } from "../../src/local/open-store.ts";
import type { OpenedStore } from "../../src/local/opened-store.ts";
import { type Parts, start } from "../../src/local/start.ts";
import { readLocalEnvironment } from "../../src/runtime/environment.ts";
import { createLogger } from "../../src/runtime/logger.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";

/** What stands in the envelope of a success. */
export const dataOf = <Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> =>
  schema.parse(z.object({ data: z.unknown() }).parse(answer).data);

/**
 * A board on the network of this machine: others come by 127.0.0.2, which is another name of it and no loopback name, so that
 * whoever comes by it is nobody until he is paired.
 */
export async function startPaired(variables: Record<string, string> = {}, parts: Partial<Parts> = {}) {
  let aheadMs = 0;
  const log: string[] = [];
  const logger = createLogger({ level: "info", release: "1", destination: { write: (line) => void log.push(line) } });
  let store: OpenedStore | undefined;
  const open: Parts["open"] = async (...given) => {
    store = await openStore(...given);
    return store;
  };
  const environment = readLocalEnvironment({
    DATA_DIR: temporaryDirectory(),
    PORT: "0",
    HOST: "0.0.0.0",
    AUTH_MODE: "paired",
    SHOP_TIME_ZONE: "UTC",
    ...variables,
  });
  const findNames = () => ({ addresses: ["127.0.0.2"], names: [] });
  const clock = () => new Date(Date.now() + aheadMs);
  const running = await start(environment, logger, { open, clock, findNames, ...parts });
  onTestFinished(() => running.close());
  const { url } = running;
  const [network = ""] = running.networkUrls();

  const send = (base: string, method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
    fetch(base + path, {
      method,
      headers: { ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  return {
    url,
    network,
    log,
    send,
    store: () => {
      if (store === undefined) throw new Error("the server has opened no store");
      return store;
    },
    advance: (ms: number) => {
      aheadMs += ms;
    },
    /** A code, made by whoever sits at the machine. */
    newCode: async (name = "Tom's phone", role: Role = "technician"): Promise<string> => {
      const answer = await send(url, "POST", "/api/admin/devices/pairings", { name, role });
      return dataOf(pairingSchema, await answer.json()).code;
    },
    /** The cookie of a device that was paired by this code. */
    pair: async (code: string): Promise<string> => {
      const answer = await send(network, "POST", "/auth/pair", { code }, { origin: network });
      return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    },
    devices: async () => dataOf(deviceListSchema, await (await send(url, "GET", "/api/admin/devices")).json()).items,
  };
}
