import { createServer, type RequestListener } from "node:http";
import { onTestFinished } from "vitest";

/** Serves for the test under way, on a port of its own, and gives the URL. */
export async function serve(handle: (...given: Parameters<RequestListener>) => Promise<void>): Promise<string> {
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port for the double");
  return `http://127.0.0.1:${address.port}`;
}
