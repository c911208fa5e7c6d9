import { baseHeaders } from "../http/answer.ts";
import { barePage, escaped } from "../http/bare-page.ts";
import { type HttpRequest, type HttpResponse, headerOf } from "../http/message.ts";
import type { StaticFile } from "../http/static-file.ts";
import { isFromThisMachine } from "./own-machine.ts";

/** Where devices fetch the root that they have to trust. */
export const rootPath = "/ca.crt";

const content = (origin: string, hasRoot: boolean): string => `<h1>The status board</h1>
${
  hasRoot
    ? `<p>This board speaks over an encrypted connection. Its certificate was made by the workshop's own computer, so a new
device has to be told once that it may trust it.</p>
<ol>
<li><a href="${rootPath}">Download the workshop's certificate</a></li>
<li>Open the file and install it as a certificate authority (CA). On an iPhone or iPad, switch it on afterwards under
Settings, General, About, Certificate Trust Settings. On Android: Settings, Security, Encryption and credentials, Install a
certificate, CA certificate.</li>
<li><a href="${escaped(origin)}/pair">Go on to the board</a></li>
</ol>
<p>The certificate is good for this board and other names of a local network only. No other site can be imitated by it.</p>`
    : `<p>This board speaks over an encrypted connection.</p>
<p><a href="${escaped(origin)}/pair">Go on to the board</a></p>`
}`;

/**
 * What is answered over plain HTTP where the board speaks TLS: the root to download, and a page that says how to go on.
 * undefined for what is answered as always, which is what this machine's owner asks. Call it for a Host that is ours alone.
 */
export function plainAnswer(
  request: HttpRequest,
  correlationId: string,
  release: string,
  hasRoot: boolean,
): HttpResponse | undefined {
  if (request.isSecure || isFromThisMachine(request) || request.path === rootPath) return undefined;
  const { headers, body } = barePage("Status board", content(`https://${headerOf(request, "host")}`, hasRoot));
  return { status: 200, headers: { ...baseHeaders(correlationId, release), ...headers }, body };
}

/** The root as a file to download; phones know by its type what to do with it. */
export const rootFile = (root: Uint8Array): StaticFile => ({
  contentType: "application/x-x509-ca-cert",
  headers: { "content-disposition": 'attachment; filename="status-board-ca.crt"' },
  body: root,
});
