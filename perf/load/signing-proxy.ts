/**
 * Signs what a load tool sends, since neither tool can: `node perf/load/signing-proxy.ts ORIGIN` listens on this machine, says
 * where in its first line, and passes each request on to ORIGIN under /machine, signed by the keys of the environment (AU1).
 * Sockets need no signature: a ticket's answer names the address itself.
 */
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { machinePrefix } from "@status-board/contracts";
import { keysOf, signedFetch } from "../../scripts/common/sign-request.ts";

/** Of this connection, or made anew for the next. */
const ofTheConnection =
  /^(host|connection|keep-alive|transfer-encoding|content-length|content-encoding|accept-encoding|expect)$/;

const passedOn = (headers: Iterable<[string, string]>) =>
  Object.fromEntries([...headers].filter(([name]) => !ofTheConnection.test(name)));

const headersOf = ({ headersDistinct }: IncomingMessage) =>
  Object.entries(headersDistinct).map(([name, values = []]): [string, string] => [name, values.join(", ")]);

async function listen(origin: string, send: typeof fetch): Promise<void> {
  const server = createServer(async (request, response) => {
    try {
      const body = await text(request);
      const answer = await send(`${origin}${machinePrefix}${request.url}`, {
        method: request.method ?? "GET",
        headers: passedOn(headersOf(request)),
        redirect: "manual",
        ...(body !== "" && { body }),
      });
      const content = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, passedOn(answer.headers)).end(content);
    } catch {
      // Nobody answers there: the tool counts it as an error.
      response.writeHead(502).end();
    }
  });
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    if (address !== null && typeof address === "object") console.log(`http://127.0.0.1:${address.port}`);
  });
}

const found = keysOf(process.env);
const [, , origin = ""] = process.argv;
if (found.kind === "missing") {
  console.error(`--machine needs ${found.names.join(", ")}`);
  process.exitCode = 1;
} else await listen(origin, signedFetch(found.keys));
