import { type Role, type RouteBody, roles } from "@status-board/contracts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { createStatusBoardClient } from "../../frontend-client/status-board-client.ts";
import type { Principal } from "../../src/auth/principal.ts";
import { type HttpRequest, headerOf } from "../../src/http/message.ts";
import { type Parts, start } from "../../src/local/start.ts";
import { readLocalEnvironment } from "../../src/runtime/environment.ts";
import { createLogger } from "../../src/runtime/logger.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";
import { pageWaitMaxMs } from "../support/browser.ts";

const shopId = "workshop";
const owner: Principal = { shopId, user: { id: "owner", name: "Owner" }, role: "manager" };

/** Headers by which the shop takes whoever sends them for that person. */
export const asPerson = (name: string, role: Role = "manager") => ({ "x-person": name, "x-role": role });

/** Whoever the request says that it is; the owner where it says nothing. */
function personOf(request: HttpRequest): Principal {
  const name = headerOf(request, "x-person");
  const role = roles.find((one) => one === headerOf(request, "x-role"));
  return name === undefined || role === undefined ? owner : { shopId, user: { id: name, name }, role };
}

/** A shop in Berlin behind the page. It can go down, and come up again at the same address with the same data. */
export async function startShop(pageDirectory: string, parts: Partial<Parts> = {}) {
  const DATA_DIR = temporaryDirectory();
  const logger = createLogger({ level: "silent", release: "test" });
  const up = (PORT: string) => {
    const variables = { DATA_DIR, PORT, SHOP_ID: shopId, SEED: "off", SHOP_TIME_ZONE: "Europe/Berlin" };
    return start(readLocalEnvironment(variables), logger, { pageDirectory, authenticate: personOf, ...parts });
  };
  let running: Awaited<ReturnType<typeof up>> | undefined = await up("0");
  const { url } = running;
  const goDown = async () => {
    await running?.close();
    running = undefined;
  };
  onTestFinished(goDown);
  const client = createStatusBoardClient({ baseUrl: url });
  return {
    url,
    client,
    /** The API as somebody else than the owner sees it. */
    clientAs: (name: string, role?: Role) => createStatusBoardClient({ baseUrl: url, headers: asPerson(name, role) }),
    goDown,
    comeUp: async () => {
      running = await up(new URL(url).port);
    },
    addCard: async (body: Partial<RouteBody<"createAppointment">> & { start: string }) => {
      const end = new Date(Date.parse(body.start) + 1_800_000).toISOString();
      const customer = { name: "Maria Keller" };
      const answer = await client.createAppointment({
        body: { end, customer, vehicle: {}, serviceCodes: [], ...body },
      });
      if (!answer.ok) throw new Error(JSON.stringify(answer.error));
      return answer.data;
    },
  };
}

/** Opens a window, and gathers what goes wrong in it and what it asks of other servers. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  context.setDefaultTimeout(pageWaitMaxMs);
  const page: Page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { page, context, complaints };
}
