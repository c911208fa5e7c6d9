import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Role, type RouteBody, roles } from "@status-board/contracts";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { describe, onTestFinished } from "vitest";
import { createStatusBoardClient } from "../../frontend-client/client.ts";
import type { Principal } from "../../src/auth/principal.ts";
import { type HttpRequest, headerOf } from "../../src/http/message.ts";
import { type Parts, start } from "../../src/local/start.ts";
import { readLocalEnvironment } from "../../src/runtime/environment.ts";
import { createLogger } from "../../src/runtime/logger.ts";
import { temporaryDirectory } from "../../src/testing/workshop.ts";

export const executablePath = process.env.CHROMIUM_PATH ?? "/usr/bin/chromium";
const isBrowserThere = existsSync(executablePath);
if (!isBrowserThere && process.env.CI) throw new Error(`there is no browser at ${executablePath}`);
if (!isBrowserThere) console.warn(`${executablePath} is not there: the page is not tried in a browser`);
/** Left out with a warning where there is no browser; under CI that fails. */
export const describeInBrowser = isBrowserThere ? describe : () => undefined;

const root = join(import.meta.dirname, "../..");

/** Builds the page as it is shipped into a folder. */
export async function buildPage(directory: string): Promise<string> {
  const build = ["build", "frontend-client/app", "--outDir", directory, "--emptyOutDir", "--logLevel", "error"];
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, [join(root, "node_modules/vite/bin/vite.js"), ...build], {
    cwd: root,
    env,
  });
  return directory;
}

/** Changes with whatever the page is built from. */
function sourcesHash(): string {
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  for (const folder of ["frontend-client", "contracts"])
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort()) {
      if (/node_modules|dist|\.test\./.test(name) || !/\.\w+$/.test(name)) continue;
      hash.update(name).update(readFileSync(join(root, folder, name)));
    }
  return hash.digest("hex").slice(0, 16);
}

/** The folder of the built page: built once for the same sources, whichever test file comes first. */
export async function builtPage(): Promise<string> {
  const cache = join(root, "node_modules/.cache/status-board-page");
  const key = sourcesHash();
  const folder = join(cache, key);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  await buildPage(draft);
  try {
    renameSync(draft, folder);
  } catch {
    // Another test file was first.
    rmSync(draft, { recursive: true });
  }
  for (const name of readdirSync(cache)) if (!name.startsWith(key)) rmSync(join(cache, name), { recursive: true });
  return folder;
}

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
  const page: Page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  return { page, context, complaints };
}
