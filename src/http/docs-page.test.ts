import { describe, expect, it } from "vitest";
import { createDocs, docsFiles, isDocsPath } from "./docs-page.ts";
import type { StaticFile } from "./static-file.ts";

const renderer = new TextEncoder().encode("window.rendered = true;");
const readRenderer = async () => renderer;

/** A page of the documentation, which must be there, as text. */
async function page(path: string): Promise<StaticFile & { body: string }> {
  const file = (await docsFiles(readRenderer)).get(path);
  if (typeof file?.body !== "string") throw new Error(`no page stands at ${path}`);
  return { ...file, body: file.body };
}

const rendererPathIn = (html: string) => /<script src="([^"]+)"><\/script>/.exec(html)?.[1] ?? "";

/** The renderer's settings, as a browser reads them out of the page. */
function settingsIn(html: string): unknown {
  const attribute = /data-configuration="([^"]*)"/.exec(html)?.[1] ?? "";
  return JSON.parse(attribute.replaceAll("&quot;", '"').replaceAll("&lt;", "<").replaceAll("&amp;", "&"));
}

describe("the documentation's page", () => {
  it.each([
    ["/docs", "/openapi.json"],
    ["/docs/live", "/asyncapi.json"],
  ])("[HT8] at %s shows %s", async (path, documentPath) => {
    const { contentType, body } = await page(path);
    expect(contentType).toBe("text/html; charset=utf-8");
    expect(settingsIn(body)).toMatchObject({ url: documentPath, telemetry: false, withDefaultFonts: false });
    expect(body).toContain(`<a href="${path}" aria-current="page">`);
    expect(body.match(/aria-current="/g)).toHaveLength(1);
    expect(body).toContain('<a href="/openapi.json">');
    expect(body).toContain('<a href="/asyncapi.json">');
  });

  it.each(["/docs", "/docs/live"])("[HT8] at %s lets no inline script run, and may not be framed", async (path) => {
    const { headers } = await page(path);
    const policy = new Map(
      headers["content-security-policy"]?.split("; ").map((directive): [string, string] => {
        const [name = "", ...sources] = directive.split(" ");
        return [name, sources.join(" ")];
      }),
    );
    expect(policy.get("default-src")).toBe("'none'");
    expect(policy.get("script-src")).toBe("'self'");
    expect(policy.get("connect-src")).toBe("'self'");
    expect(policy.get("frame-ancestors")).toBe("'none'");
    expect(headers["content-security-policy"]).not.toMatch(/https?:|unsafe-eval|\*/);
  });

  it.each(["/docs", "/docs/live"])(
    "[HT8] at %s carries no script of its own, and nothing from elsewhere",
    async (path) => {
      const { body } = await page(path);
      const scripts = [...body.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
      expect(scripts).toHaveLength(2);
      for (const [, , text] of scripts) expect(text).toBe("");
      expect(body).not.toMatch(/\son[a-z]+=|javascript:|https?:\/\//);
    },
  );

  it("[HT8] serves the renderer under a name that changes with its content, to be kept for good", async () => {
    const path = rendererPathIn((await page("/docs")).body);
    const files = await docsFiles(readRenderer);
    expect(files.get(path)).toMatchObject({ contentType: "text/javascript; charset=utf-8", body: renderer });
    expect(files.get(path)?.headers["cache-control"]).toContain("immutable");
    const other = await docsFiles(async () => new TextEncoder().encode("window.rendered = 2;"));
    expect(other.has(path)).toBe(false);
    expect([...files.keys()]).toEqual(["/docs", "/docs/live", path]);
  });

  it("[HT3] knows no other path", async () => {
    const docs = createDocs(readRenderer);
    for (const path of (await docsFiles(readRenderer)).keys()) expect(isDocsPath(path), path).toBe(true);
    for (const path of ["/doc", "/docsy", "/", "/api/docs"]) expect(isDocsPath(path), path).toBe(false);
    for (const path of ["/docs/", "/docs/../package.json", "/docs/assets/", "/docs/__proto__", "", "/DOCS"])
      expect(await docs(path), path).toBeUndefined();
  });

  it("reads the renderer when somebody first asks, and once", async () => {
    let reads = 0;
    const docs = createDocs(async () => {
      reads += 1;
      return renderer;
    });
    expect(reads).toBe(0);
    const [first, second] = await Promise.all([docs("/docs"), docs("/docs/live")]);
    expect([first?.contentType, second?.contentType]).toEqual(Array(2).fill("text/html; charset=utf-8"));
    expect(await docs("/docs")).toBe(first);
    expect(reads).toBe(1);
  });

  it("reads the renderer again after it could not", async () => {
    let reads = 0;
    const docs = createDocs(async () => {
      reads += 1;
      if (reads === 1) throw new Error("EMFILE");
      return renderer;
    });
    await expect(docs("/docs")).rejects.toThrow("EMFILE");
    expect(await docs("/docs")).toBeDefined();
    expect(reads).toBe(2);
  });
});
