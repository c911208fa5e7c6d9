import { Agent, createServer, request } from "node:http";

/** A site as a browser reaches it: what CloudFront's own name and certificate do on AWS. */
export interface Front {
  url: string;
  /** From now on requests go to this distribution. */
  serve: (distributionDomain: string) => void;
  stop: () => void;
}

/** Passes requests on to the stand-in's CloudFront, as if they had come by TLS to a distribution's name. */
export async function startFront(endpoint: string, port: number): Promise<Front> {
  let host = "";
  const { hostname, port: to } = new URL(endpoint);
  const agent = new Agent({ keepAlive: false });
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, host, "x-forwarded-proto": "https" };
    const options = { hostname, port: to, method: incoming.method, path: incoming.url, headers, agent };
    const onward = request(options, (answer) => {
      const { connection: _, "keep-alive": __, ...kept } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, kept);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  // A browser may wait between two requests for longer than Node's default.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    serve: (distributionDomain) => {
      host = distributionDomain;
    },
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
