import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitepress";

const docs = join(import.meta.dirname, "..");

/** What a page calls itself in its first heading. */
function titleOf(file: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(join(docs, file), "utf8")) ?? [];
  if (title === undefined) throw new Error(`${file} has no heading to be called by`);
  return title.replaceAll("`", "");
}

const pagesIn = (folder: string) =>
  readdirSync(join(docs, folder))
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .toSorted()
    .map((name) => join(folder, name));

const groups: [text: string, pages: string[]][] = [
  ["The product", ["SPEC.md", "ARCHITECTURE.md"]],
  ["Building on it", ["FRONTEND_INTEGRATION.md", "EXAMPLES.md", "ERRORS.md", "PROTOCOL.md"]],
];
const grouped = new Set(groups.flatMap(([, pages]) => pages));
/** Whatever is written later finds its place here by itself. */
const others = pagesIn("").filter((page) => !grouped.has(page));

const items = (pages: readonly string[]) =>
  pages.map((page) => ({ text: titleOf(page), link: `/${page.replace(/\.md$/, "")}` }));

export default defineConfig({
  title: "Status board",
  description: "A real-time status board for a car workshop",
  lang: "en",
  // Links work wherever the site is put, also in a folder.
  base: process.env.DOCS_BASE ?? "/",
  rewrites: { "README.md": "index.md", "decisions/README.md": "decisions/index.md" },
  srcExclude: ["**/node_modules/**"],
  ignoreDeadLinks: false,
  head: [["link", { rel: "icon", href: "data:," }]],
  markdown: {
    html: false,
    // What is indented is code, too, and scrolls in its own box instead of widening the page.
    config: (md) => {
      md.core.ruler.push("indented-code", ({ tokens }) => {
        for (const token of tokens)
          if (token.type === "code_block") Object.assign(token, { type: "fence", tag: "code", info: "text" });
      });
    },
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: [
      ...groups.map(([text, pages]) => ({ text, items: items(pages) })),
      { text: "Running it", items: items(others) },
      { text: "Decisions", collapsed: true, link: "/decisions/", items: items(pagesIn("decisions")) },
    ],
  },
});
