import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HttpResponse } from "../http/message.ts";
import { errorOf, textOf } from "../testing/api.ts";
import { openWorkshop, temporaryDirectory } from "../testing/workshop.ts";
import { pageFiles } from "./page-files.ts";

const socketUrl = "ws://127.0.0.1:3000/live";
const script = "export const answer = 42;\n".repeat(100);

/** A folder beside which lies what nobody may read, and the page in it once it is built. */
function pageFolder() {
  const parent = temporaryDirectory();
  const directory = join(parent, "dist");
  writeFileSync(join(parent, "secret.js"), "secret");
  let builds = 0;
  const build = (html = "<!doctype html><title>Board</title>") => {
    mkdirSync(join(directory, "assets"), { recursive: true });
    const files = {
      "index.html": html,
      "assets/index-Ab_1-x.js": script,
      "assets/index-Ab_1-x.css": "body{}",
      "assets/index-Ab_1-x.js.map": "secret",
      "assets/dot.png": "png",
      ".env.json": "secret",
      "assets/README": "secret",
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    builds++;
    utimesSync(join(directory, "index.html"), builds, builds);
  };
  return { directory, build };
}

/** The product with a built page in front of it. */
async function servePage() {
  const folder = pageFolder();
  folder.build();
  const shop = await openWorkshop();
  shop.service.files = [pageFiles(folder.directory, () => [new URL(socketUrl).origin])];
  return { ...shop, ...folder, request: shop.anonymous.request };
}

const policyOf = ({ headers }: HttpResponse) =>
  new Map(
    headers["content-security-policy"]?.split("; ").map((directive): [string, string[]] => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources];
    }),
  );

describe("the page", () => {
  it("[HT8] stands at /, fresh at every load, with the headers of every answer", async () => {
    const { request, build } = await servePage();
    const answer = await request({ path: "/", query: "view=tv" });
    expect(answer.status).toBe(200);
    expect(textOf(answer)).toContain("<title>Board</title>");
    expect(answer.headers).toMatchObject({
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-cache",
      "x-content-type-options": "nosniff",
      "x-release": "1.2.3",
      "x-correlation-id": expect.stringMatching(/./),
    });
    expect(textOf(await request({ path: "/index.html" }))).toBe(textOf(answer));
    build("<!doctype html><title>Newer</title>");
    expect(textOf(await request({ path: "/" }))).toContain("Newer");
  });

  it("[HT8] may run nothing inline, connect to its own origin and its socket alone, and not be framed", async () => {
    const { request } = await servePage();
    const answer = await request({ path: "/" });
    const policy = policyOf(answer);
    expect(policy.get("default-src")).toEqual(["'self'"]);
    expect(policy.get("script-src")).toEqual(["'self'"]);
    expect(policy.get("connect-src")).toEqual(["'self'", "ws://127.0.0.1:3000"]);
    expect(policy.get("img-src")).toEqual(["'self'", "data:"]);
    expect(policy.get("form-action")).toEqual(["'self'"]);
    for (const name of ["object-src", "base-uri", "frame-ancestors"])
      expect(policy.get(name), name).toEqual(["'none'"]);
    expect(answer.headers["content-security-policy"]).not.toMatch(/unsafe-eval|https?:|\*/);
    expect(answer.headers["referrer-policy"]).toBe("same-origin");
    expect(answer.headers["permissions-policy"]).toContain("screen-wake-lock=(self)");
  });

  it("[HT8] has files that keep for good, each of its type", async () => {
    const { request } = await servePage();
    const types = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };
    for (const [extension, type] of Object.entries(types)) {
      const { status, headers } = await request({ path: `/assets/index-Ab_1-x.${extension}` });
      expect(status).toBe(200);
      expect(headers).toMatchObject({ "content-type": type, "cache-control": "public, max-age=31536000, immutable" });
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
    expect((await request({ path: "/assets/dot.png" })).headers["content-type"]).toBe("image/png");
  });

  it("comes compressed to whoever takes it so", async () => {
    const { request } = await servePage();
    const get = (accept?: string) =>
      request({
        path: "/assets/index-Ab_1-x.js",
        headers: { host: "board.test", ...(accept && { "accept-encoding": accept }) },
      });
    const bytes = ({ body }: HttpResponse) => Buffer.from(body);
    const brotli = await get("gzip, deflate, br, zstd");
    expect(brotli.headers).toMatchObject({ "content-encoding": "br", vary: "Origin, Accept-Encoding" });
    expect(brotliDecompressSync(bytes(brotli)).toString()).toBe(script);
    expect(bytes(brotli).length).toBeLessThan(script.length);
    const gzip = await get("GZIP;q=0.5, br;q=0");
    expect(gzip.headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(bytes(gzip)).toString()).toBe(script);
    for (const accept of [undefined, "identity", "brr, xgzip", "br;q=0, gzip; q=0.000"]) {
      const plain = await get(accept);
      expect(plain.headers, accept).not.toHaveProperty("content-encoding");
      expect(plain.headers.vary).toBe("Origin, Accept-Encoding");
      expect(textOf(plain)).toBe(script);
    }
    const image = await request({ path: "/assets/dot.png", headers: { host: "board.test", "accept-encoding": "br" } });
    expect(image.headers).not.toHaveProperty("content-encoding");
  });

  it("[AU3] is for the host names of this server alone", async () => {
    const { request } = await servePage();
    for (const path of ["/", "/assets/index-Ab_1-x.js"]) {
      const answer = await request({ path, headers: { host: "evil.test" } });
      expect(answer.status).toBe(403);
      expect(errorOf(answer).code).toBe("forbidden");
    }
  });

  it("[HT2] is read and not written to; an unknown file is not_found in the form of every failure", async () => {
    const { request } = await servePage();
    expect((await request({ method: "HEAD", path: "/" })).status).toBe(200);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS"]) {
      const answer = await request({ method, path: "/" });
      expect(errorOf(answer).code).toBe("method_not_allowed");
      expect(answer.headers.allow).toBe("GET, HEAD");
    }
    for (const path of ["/nowhere", "/assets/gone-1234.js", "/favicon.ico", "/assets", "/assets/", "/index.html/"]) {
      const answer = await request({ path });
      expect(errorOf(answer).code, path).toBe("not_found");
      expect(answer.headers["cache-control"], path).toBe("no-store");
    }
  });

  it("[HT6] is logged by its name, never by its address", async () => {
    const { request, log } = await servePage();
    await request({ path: "/", query: "q=Keller" });
    await request({ path: "/assets/gone-1234.js" });
    const lines = log().map((line) => JSON.parse(line));
    expect(lines.map(({ route, status }) => [route, status])).toEqual([
      ["getPage", 200],
      ["getPage", 404],
    ]);
    expect(log().join()).not.toMatch(/Keller|gone/);
  });
});

describe("what lies in or beside the folder and is not of the page", () => {
  const hidden = [
    "/../secret.js",
    "/assets/../../secret.js",
    "/%2e%2e/secret.js",
    "/..%2fsecret.js",
    "/..\\secret.js",
    "/assets/..%5c..%5csecret.js",
    "//secret.js",
    "/.env.json",
    "/assets/index-Ab_1-x.js.map",
    "/assets/README",
    "/assets/assets/index-Ab_1-x.js",
    "/index.html%00.js",
    "/secret.js",
    "secret.js",
    "",
  ];

  it.each(hidden)("[HT3] %j is not found", async (path) => {
    const { request } = await servePage();
    const answer = await request({ path });
    expect(errorOf(answer).code).toBe("not_found");
  });

  it("[HT3] no path whatever leads to it", async () => {
    const { directory, build } = pageFolder();
    build();
    const { owns, read } = pageFiles(directory, () => [new URL(socketUrl).origin]);
    const part = fc.constantFrom("..", ".", "/", "\\", "assets", "secret.js", "dist", "%2e", "%2f", "\0", "index.html");
    const path = fc
      .array(fc.oneof(part, fc.string({ maxLength: 3 })), { maxLength: 8 })
      .map((all) => `/${all.join("")}`);
    await fc.assert(
      fc.asyncProperty(path, async (asked) => {
        if (!owns(asked)) return;
        const file = await read(asked, "");
        expect(Buffer.from(file?.body ?? "").toString()).not.toContain("secret");
      }),
      { numRuns: 2_000 },
    );
  });

  it("[HT3] a directory of a file's name is no file", async () => {
    const { request, directory } = await servePage();
    mkdirSync(join(directory, "assets", "folder.js"));
    expect((await request({ path: "/assets/folder.js" })).status).toBe(404);
  });
});

describe("a page that is not built", () => {
  it("says in one plain page what to do, and serves the page as soon as it is there", async () => {
    const { directory, build } = pageFolder();
    const shop = await openWorkshop();
    shop.service.files = [pageFiles(directory, () => [new URL(socketUrl).origin])];
    const { request } = shop.anonymous;
    const answer = await request({ path: "/" });
    expect(answer.status).toBe(503);
    expect(answer.headers).toMatchObject({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(textOf(answer)).toContain("<code>npm run build</code>");
    expect((await request({ path: "/assets/index-Ab_1-x.js" })).status).toBe(404);
    build();
    expect((await request({ path: "/" })).status).toBe(200);
    rmSync(directory, { recursive: true });
    expect((await request({ path: "/" })).status).toBe(503);
  });

  it("[HT6] a folder that cannot be read is a failure of ours, told to the log alone", async () => {
    const { directory, build } = pageFolder();
    build();
    rmSync(join(directory, "index.html"));
    symlinkSync("index.html", join(directory, "index.html"));
    const shop = await openWorkshop();
    shop.service.files = [pageFiles(directory, () => [new URL(socketUrl).origin])];
    const answer = await shop.anonymous.request({ path: "/" });
    expect(errorOf(answer).code).toBe("internal");
    expect(textOf(answer)).not.toContain(directory);
    expect(shop.log().join()).toContain("ELOOP");
  });
});
