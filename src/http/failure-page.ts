import { createHash } from "node:crypto";
import type { HttpResponse } from "./message.ts";
import type { Retry } from "./sign-in.ts";

const style = `:root{color-scheme:light dark;font:1.125rem/1.5 system-ui,sans-serif}body{max-width:36rem;margin:15vh auto 0;padding:0 1rem}a{display:inline-block;padding:.5rem 1rem;border:1px solid;border-radius:.5rem}small{opacity:.75}`;
const styleHash = createHash("sha256").update(style).digest("base64");

const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? "");

/** A failure as a page for whoever came by a link: what happened, the id to quote for it, and how to try again. */
export function failurePage(failed: HttpResponse, words: string, { href, label }: Retry): HttpResponse {
  const id = failed.headers["x-correlation-id"] ?? "";
  return {
    ...failed,
    headers: {
      ...failed.headers,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": contentSecurityPolicy,
    },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in - Status board</title>
<style>${style}</style>
<main>
<h1>You are not signed in</h1>
<p>${escaped(words)}</p>
<p><a href="${escaped(href)}">${escaped(label)}</a></p>
<p><small>If it happens again, quote ${escaped(id)}</small></p>
</main>
</html>
`,
  };
}
