import type { ClientRequest, IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import react from "@vitejs/plugin-react";
import { defineConfig, type ProxyOptions } from "vite";

/** Where `npm run dev` finds the API, e.g. a server started with `npm start`. */
const apiUrl = process.env.API_URL ?? "http://127.0.0.1:3000";

/** The API answers to its own pages alone, so the page here has to look like one of them; others stay what they are. */
function asOwnPage(outgoing: ClientRequest, { headers }: IncomingMessage): void {
  if (headers.origin === `http://${headers.host}`) outgoing.setHeader("origin", new URL(apiUrl).origin);
}

const api: ProxyOptions = {
  target: apiUrl,
  changeOrigin: true,
  configure: (proxy) => proxy.on("proxyReq", asOwnPage).on("proxyReqWs", asOwnPage),
};

/** A ticket names the socket of the API itself; for the page here it has to be this server's, which leads there. */
const ticket: ProxyOptions = {
  ...api,
  selfHandleResponse: true,
  configure: (proxy) =>
    proxy.on("proxyReq", asOwnPage).on("proxyRes", async (answer, request, response) => {
      const { "content-length": _, ...headers } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, headers);
      response.end((await text(answer)).replace(/"wss?:[^"]*"/, `"ws://${request.headers.host}/live"`));
    }),
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  // An inlined file would need a data: source in the Content-Security-Policy.
  build: { target: "es2023", assetsInlineLimit: 0, modulePreload: { polyfill: false }, sourcemap: "hidden" },
  server: {
    proxy: {
      "/api/admin/live/ticket": ticket,
      "/api": api,
      "/auth": api,
      "/health": api,
      "/live": { ...api, ws: true },
    },
  },
});
