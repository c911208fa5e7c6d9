import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { asyncApiDocument, openApiDocument } from "@status-board/contracts";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDocs } from "../src/http/docs-page.ts";
import { readDocsRenderer } from "../src/local/docs-renderer.ts";
import { describeInBrowser, launchBrowser } from "./support/browser.ts";

const documents: Readonly<Record<string, string>> = {
  "/openapi.json": JSON.stringify(openApiDocument("1.2.3")),
  "/asyncapi.json": JSON.stringify(asyncApiDocument("1.2.3")),
};

const docs = createDocs(readDocsRenderer);
const server = createServer(async (request, response) => {
  const path = request.url ?? "/";
  const document = documents[path];
  if (document !== undefined) {
    response.setHeader("content-type", "application/json").end(document);
    return;
  }
  const file = await docs(path);
  if (file === undefined) response.writeHead(404).end();
  else response.writeHead(200, { "content-type": file.contentType, ...file.headers }).end(file.body);
});

describeInBrowser("the documentation in a browser", () => {
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  /** Opens a page in a browser of that width, and tells what went wrong there and what it asked of other servers. */
  async function open(path: string, width: number, colorScheme: "light" | "dark") {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      const { protocol } = new URL(request.url());
      const inside = request.url().startsWith(`${origin}/`) || protocol === "data:" || protocol === "blob:";
      if (!inside) complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(origin + path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return { page, complaints, close: () => context.close() };
  }

  it.each([
    ["/docs", 390, "dark", "Answers"],
    ["/docs", 1920, "light", "Answers"],
    ["/docs/live", 390, "light", "The order of things"],
    ["/docs/live", 1920, "dark", "The order of things"],
  ] as const)(
    "[HT8] %s at %i px, %s, renders under its own policy and asks nobody else",
    async (path, width, scheme, heading) => {
      const { page, complaints, close } = await open(path, width, scheme);
      await page.getByRole("heading", { name: heading }).first().waitFor();
      const wider = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth");
      expect(wider).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
      await close();
    },
  );

  it("leads from one contract to the other", async () => {
    const { page, close } = await open("/docs", 1280, "light");
    await page.getByRole("link", { name: "Live", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Status board, live" }).waitFor();
    expect(page.url()).toContain("/docs/live");
    await close();
  });
});
