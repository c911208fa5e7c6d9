import { barePage, escaped } from "./bare-page.ts";
import type { HttpResponse } from "./message.ts";
import type { Retry } from "./sign-in.ts";

/** A failure as a page for whoever came by a link: what happened, the id to quote for it, and how to try again. */
export function failurePage(failed: HttpResponse, words: string, { href, label }: Retry): HttpResponse {
  const id = failed.headers["x-correlation-id"] ?? "";
  const { headers, body } = barePage(
    "Sign in - Status board",
    `<h1>You are not signed in</h1>
<p>${escaped(words)}</p>
<p><a href="${escaped(href)}">${escaped(label)}</a></p>
<p><small>If it happens again, quote ${escaped(id)}</small></p>`,
  );
  return { ...failed, headers: { ...failed.headers, ...headers }, body };
}
