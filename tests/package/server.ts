import { onTestFinished } from "vitest";
import { start } from "../../src/local/start.ts";
import { readLocalEnvironment } from "../../src/runtime/environment.ts";
import { createLogger } from "../../src/runtime/logger.ts";
import type { Api } from "../../src/testing/api.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";
import { httpApi } from "../live/support/http-api.ts";

/** A server that anybody may use as its owner, and that serves a built project. */
export async function startServer(pageDirectory: string): Promise<{ url: string; api: Api }> {
  const variables = { PORT: "0", DATA_DIR: temporaryDirectory(), SHOP_ID: "north", SHOP_TIME_ZONE: "UTC" };
  const logger = createLogger({ level: "fatal", release: "1" });
  const running = await start(readLocalEnvironment(variables), logger, { pageDirectory });
  onTestFinished(() => running.close());
  const api = httpApi(running.url);
  await api.ok("createService", { body: { code: "OIL001", name: "Oil change", priceCents: 4_900, minutes: 30 } });
  return { url: running.url, api };
}
