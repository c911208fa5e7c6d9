import Fastify from "fastify";

/**
 * The script of Scalar's API reference, out of the package that carries it. The package is a Fastify plugin and keeps
 * the script to itself, so a server that never listens is asked for it. Loaded on demand: it takes some 4 MB.
 */
export async function readDocsRenderer(): Promise<Uint8Array> {
  const { default: apiReference } = await import("@scalar/fastify-api-reference");
  const carrier = Fastify();
  await carrier.register(apiReference, { routePrefix: "/docs", configuration: { url: "/openapi.json" } });
  const { statusCode, rawPayload } = await carrier.inject("/docs/js/scalar.js");
  await carrier.close();
  if (statusCode !== 200) throw new Error(`the documentation's renderer is not where it was: ${statusCode}`);
  return rawPayload;
}
