import { readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { FileSource, StaticFile } from "../http/static-file.ts";

/** Where `npm run build` puts the page. */
export const builtPageDirectory = join(import.meta.dirname, "../../frontend-client/app/dist");

/** The kinds of files that the page consists of, and no others: what else lies in its folder is not served. */
const contentTypes = new Map([
  [".html", "text/html; charset=utf-8"],
  [".js", "text/javascript; charset=utf-8"],
  [".css", "text/css; charset=utf-8"],
  [".json", "application/json; charset=utf-8"],
  [".webmanifest", "application/manifest+json; charset=utf-8"],
  [".svg", "image/svg+xml"],
  [".png", "image/png"],
  [".ico", "image/x-icon"],
  [".woff2", "font/woff2"],
]);
const isText = (contentType: string) => contentType.includes("charset") || contentType === "image/svg+xml";

/** One file name in the folder or in its `assets`: nothing that could lead out of it, and no hidden file. */
const filePath = /^\/(assets\/)?[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;
/** The page by its name, and where a device enters its code; which of the two it is, the page sees itself. */
const entries: ReadonlySet<string> = new Set(["/", "/pair"]);
const ownsPath = (path: string) => entries.has(path) || (filePath.test(path) && contentTypes.has(extname(path)));

/**
 * What the page may load and do: everything of its own origin, and one socket, which may have another. Nothing inline
 * runs: the build puts scripts and sheets into files, and components set styles by the object model, which a policy
 * does not restrict. On S3 the distribution in front of it sends the same.
 */
const securityHeaders = (socketOrigins: readonly string[]) => ({
  "content-security-policy": [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    ["connect-src 'self'", ...socketOrigins].join(" "),
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; "),
  "referrer-policy": "same-origin",
  // A screen on the wall stays awake; nothing else of the device is anybody's business.
  "permissions-policy": "screen-wake-lock=(self), camera=(), microphone=(), geolocation=(), payment=(), usb=()",
  "cross-origin-opener-policy": "same-origin",
});

/** It looks for the page again by itself, so that whoever builds it need not come back here. */
const notBuilt: StaticFile = {
  status: 503,
  contentType: "text/html; charset=utf-8",
  headers: { "cache-control": "no-store", "retry-after": "5" },
  body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="5">
<title>Status board</title>
<h1>The page is not built yet</h1>
<p>Run <code>npm run build</code> in the project's folder. The API is up: <a href="/docs">its documentation</a>.</p>
</html>
`,
};

const compressors = {
  br: (bytes: Uint8Array) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (bytes: Uint8Array) => promisify(gzip)(bytes),
};
type Encoding = keyof typeof compressors;

/** The best of our encodings that a client names and does not refuse by `q=0`. */
function encodingFor(acceptEncoding: string): Encoding | undefined {
  const accepted = acceptEncoding
    .toLowerCase()
    .split(",")
    .filter((entry) => !/;\s*q=0(\.0*)?\s*$/.test(entry))
    .map((entry) => entry.split(";", 1)[0]?.trim());
  return (["br", "gzip"] as const).find((encoding) => accepted.includes(encoding));
}

/**
 * The built page in `directory`, read when somebody first asks and kept until it is built anew. The entry is fresh at
 * every load; what it names has a hash in its name and keeps for good. `socketOrigins` is where screens connect.
 */
export function pageFiles(directory: string, socketOrigins: () => readonly string[]): FileSource {
  let builtAt: number | undefined;
  let kept = new Map<string, Promise<StaticFile>>();

  /** Remembers what was made under a name, unless it could not be made. */
  function keep(name: string, make: () => Promise<StaticFile>): Promise<StaticFile> {
    const known = kept.get(name) ?? make();
    kept.set(name, known);
    known.catch(() => kept.delete(name));
    return known;
  }

  async function load(path: string, encoding: Encoding | undefined): Promise<StaticFile> {
    const contentType = contentTypes.get(extname(path)) ?? "application/octet-stream";
    const bytes = await readFile(join(directory, path));
    const headers = {
      "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      ...(isText(contentType) && { vary: "Origin, Accept-Encoding" }),
    };
    if (encoding === undefined || !isText(contentType)) return { contentType, headers, body: bytes };
    return {
      contentType,
      headers: { ...headers, "content-encoding": encoding },
      body: await compressors[encoding](bytes),
    };
  }

  async function read(path: string, acceptEncoding: string): Promise<StaticFile | undefined> {
    const name = entries.has(path) ? "/index.html" : path;
    try {
      const { mtimeMs } = await stat(join(directory, "index.html"));
      if (mtimeMs !== builtAt) kept = new Map();
      builtAt = mtimeMs;
      const encoding = encodingFor(acceptEncoding);
      const file = await keep(`${encoding ?? ""} ${name}`, () => load(name, encoding));
      if (extname(name) !== ".html") return file;
      return { ...file, headers: { ...file.headers, ...securityHeaders(socketOrigins()) } };
    } catch (error) {
      if (!isMissing(error)) throw error;
      return name === "/index.html" ? notBuilt : undefined;
    }
  }

  return { routeId: "getPage", owns: ownsPath, read };
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EISDIR");
