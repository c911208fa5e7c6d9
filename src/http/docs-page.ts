import { createHash } from "node:crypto";
import type { StaticFile } from "./static-file.ts";

/** Reads the script of Scalar's API reference (https://github.com/scalar/scalar), which renders both documents. */
export type ReadRenderer = () => Promise<Uint8Array>;

/**
 * What the page may do: run the renderer's one file, and fetch the two documents of its own origin. Styles may be
 * inline, because the renderer puts its sheet into the page and style attributes on its elements; scripts may not.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** The two contracts, each a tab of the page. */
const tabs = [
  { path: "/docs", label: "HTTP", title: "Status board: HTTP", documentPath: "/openapi.json" },
  { path: "/docs/live", label: "Live", title: "Status board: live", documentPath: "/asyncapi.json" },
] as const;
type Tab = (typeof tabs)[number];

/**
 * The renderer's settings: it fetches nothing but the document, reports nothing, and shows nothing that needs somebody
 * else's server (https://scalar.com/products/api-references/configuration).
 */
const rendererSettings = (documentPath: string) => ({
  url: documentPath,
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",
  hideClientButton: true,
  hideTestRequestButton: true,
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
});

/** The bar above the renderer, in the renderer's own colours, so that it follows its switch between light and dark. */
const styles = `
:root { --scalar-custom-header-height: 49px; color-scheme: light dark; }
body { margin: 0; }
.bar { position: sticky; top: 0; z-index: 10; box-sizing: border-box; height: 49px; padding: 0 12px;
  display: flex; align-items: stretch; gap: 4px; font: 15px/1.4 system-ui, sans-serif;
  background: var(--scalar-background-1, Canvas); color: var(--scalar-color-1, CanvasText);
  border-bottom: 1px solid var(--scalar-border-color, ButtonBorder); }
.bar strong { align-self: center; margin-right: 12px; font-weight: 600; }
.bar a { display: flex; align-items: center; min-width: 44px; padding: 0 10px; justify-content: center;
  color: var(--scalar-color-2, CanvasText); text-decoration: none; border-bottom: 2px solid transparent; }
.bar a:hover { color: var(--scalar-color-1, CanvasText); }
.bar a:focus-visible { outline: 2px solid currentColor; outline-offset: -4px; }
.bar a[aria-current] { color: var(--scalar-color-1, CanvasText); border-bottom-color: currentColor; font-weight: 600; }
.scalar-app .scalar-reference-intro-auth, .scalar-app .asyncapi-sidebar-document-section > .font-bold { display: none !important; }
noscript p { max-width: 60ch; margin: 24px; font: 16px/1.5 system-ui, sans-serif; }
`;

const escapeAttribute = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

const linkOf = ({ path, label }: Tab, current: Tab) =>
  `<a href="${path}"${path === current.path ? ' aria-current="page"' : ""}>${label}</a>`;

/** The page of one contract. It carries no script of its own: the renderer finds its settings in the element's data. */
const pageOf = (tab: Tab, rendererPath: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${tab.title}</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
</head>
<body>
<nav class="bar" aria-label="Contracts"><strong>Status board</strong>${tabs.map((other) => linkOf(other, tab)).join("")}</nav>
<noscript><p>This page needs JavaScript to lay the contracts out. They are
${tabs.map(({ documentPath, label }) => `<a href="${documentPath}">${documentPath.slice(1)}</a> (${label})`).join(" and ")}.</p></noscript>
<script id="api-reference" type="application/json" data-configuration="${escapeAttribute(JSON.stringify(rendererSettings(tab.documentPath)))}"></script>
<script src="${rendererPath}"></script>
</body>
</html>
`;

/**
 * Every file of the documentation by its path: a page for each contract, and the renderer under a name that changes
 * with its content. The documents themselves are `/openapi.json` and `/asyncapi.json`, and not among them.
 */
export async function docsFiles(readRenderer: ReadRenderer): Promise<ReadonlyMap<string, StaticFile>> {
  const renderer = await readRenderer();
  const digest = createHash("sha256").update(renderer).digest("hex").slice(0, 16);
  const rendererPath = `/docs/assets/renderer-${digest}.js`;
  const pages = tabs.map((tab): [string, StaticFile] => [
    tab.path,
    {
      contentType: "text/html; charset=utf-8",
      headers: { "content-security-policy": contentSecurityPolicy, "cache-control": "no-cache" },
      body: pageOf(tab, rendererPath),
    },
  ]);
  const asset: StaticFile = {
    contentType: "text/javascript; charset=utf-8",
    headers: { "cache-control": "public, max-age=31536000, immutable" },
    body: renderer,
  };
  return new Map([...pages, [rendererPath, asset]]);
}

/** Whether a path belongs to the documentation, whatever stands there. */
export const isDocsPath = (path: string): boolean => path === "/docs" || path.startsWith("/docs/");

/** Finds a file of the documentation by its path. The renderer is read when somebody first asks, and kept. */
export function createDocs(readRenderer: ReadRenderer): (path: string) => Promise<StaticFile | undefined> {
  let files: Promise<ReadonlyMap<string, StaticFile>> | undefined;
  return async (path) => {
    files ??= docsFiles(readRenderer);
    try {
      return (await files).get(path);
    } catch (error) {
      files = undefined;
      throw error;
    }
  };
}
