import { createHash } from "node:crypto";

const style = `:root{color-scheme:light dark;font:1.125rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}body{max-width:36rem;margin:15vh auto 0;padding:0 1rem}a{display:inline-block;color:inherit;padding:.5rem 1rem;border:1px solid;border-radius:.5rem}li{margin-block:.75rem}small{opacity:.75}`;
const styleHash = createHash("sha256").update(style).digest("base64");

const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
/** A text as it stands in HTML. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? "");

/** A page of a few words that needs nothing else, for whoever comes where the board's own page cannot be. `content` is HTML. */
export const barePage = (title: string, content: string) => ({
  headers: { "content-type": "text/html; charset=utf-8", "content-security-policy": contentSecurityPolicy },
  body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${style}</style>
<main>
${content}
</main>
</html>
`,
});
