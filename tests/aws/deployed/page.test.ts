import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { pageFiles } from "../../../src/local/page-files.ts";
import { root } from "../support/run.ts";
import { apiUrl, liveUrl, page } from "../support/site.ts";

const built = join(root, "frontend-client/app/dist");
const get = (path: string) => fetch(inject("publicUrl") + path);

/** A policy as the set of its directives, whatever their order. */
const directivesOf = (policy: string | null) => new Set((policy ?? "").split(";").map((one) => one.trim()));

test("[HT8] the page is served as the local server serves it: the same bytes, the same policy, fresh at every load", async () => {
  const response = await get("/");
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(await readFile(join(built, "index.html"), "utf8"));
  const local = await pageFiles(built, () => [liveUrl]).read("/", "");
  const { "content-security-policy": policy, ...others } = local?.headers ?? {};
  expect(directivesOf(response.headers.get("content-security-policy"))).toEqual(directivesOf(policy ?? ""));
  for (const [name, value] of Object.entries(others))
    if (name !== "vary") expect.soft(response.headers.get(name), name).toBe(value);
  expect(response.headers.get("strict-transport-security")).toBe("max-age=63072000; includeSubDomains");
  expect(response.headers.get("x-frame-options")).toBe("DENY");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
});

test("what the page names keeps for a year, and all of it is there", async () => {
  const assets = await readdir(join(built, "assets"));
  expect(assets.length).toBeGreaterThan(2);
  await Promise.all(
    assets.map(async (asset) => {
      const response = await get(`/assets/${asset}`);
      expect(response.status, asset).toBe(200);
      expect(response.headers.get("cache-control"), asset).toBe("public, max-age=31536000, immutable");
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(bytes.equals(await readFile(join(built, "assets", asset))), asset).toBe(true);
    }),
  );
});

test("[HT2] what is neither a file nor an operation is refused, and tells nothing", async () => {
  const file = await get("/secret.txt");
  expect([403, 404]).toContain(file.status);
  const refusal = await page.request({ path: "/api/admin/nothing" });
  expect(refusal.status).toBe(404);
  expect(JSON.parse(String(refusal.body)).error.code).toBe("not_found");
  const method = await page.request({ method: "DELETE", path: "/api/admin/shop" });
  expect(method.status).toBe(405);
});

test("[HT7] the site's answers are never kept, and name the release that was deployed", async () => {
  const { headers } = await page.send("getShop");
  expect(headers["cache-control"]).toBe("no-store");
  expect(headers["x-release"]).toBe("0.0.1");
  expect(headers["strict-transport-security"]).toBe("max-age=63072000; includeSubDomains");
});

test("[AU3] the API answers nobody who goes around the site, but to say that it is up", async () => {
  const around = await fetch(`${apiUrl}/api/admin/shop`);
  expect(around.status).toBe(403);
  const guessed = await fetch(`${apiUrl}/api/admin/shop`, { headers: { "x-origin-key": "guessed" } });
  expect(guessed.status).toBe(403);
  for (const path of ["/health", "/healthz"]) expect((await fetch(apiUrl + path)).status).toBe(200);
});

test("plain http is sent to https", async () => {
  const { endpoint, host } = { endpoint: inject("endpoint"), host: inject("outputs").DistributionDomain ?? "" };
  const { status, headers } = await plainRequest(`${endpoint}/`, host);
  expect(status).toBe(301);
  expect(headers.location).toBe(`https://${host}/`);
});

async function plainRequest(url: string, host: string) {
  const { request } = await import("node:http");
  return new Promise<{ status: number | undefined; headers: Record<string, unknown> }>((resolve, reject) => {
    request(url, { headers: { host } }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode, headers: answer.headers });
    })
      .on("error", reject)
      .end();
  });
}
