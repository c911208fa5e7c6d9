import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `npm run dev` finds the API, e.g. a server started with `npm start`. */
const apiUrl = process.env.API_URL ?? "http://127.0.0.1:3000";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { conditions: ["source", "module", "browser", "development|production"] },
  // An inlined file would need a data: source in the Content-Security-Policy.
  build: { target: "es2023", assetsInlineLimit: 0, sourcemap: "hidden" },
  server: { proxy: { "/api": apiUrl, "/auth": apiUrl, "/health": apiUrl, "/live": { target: apiUrl, ws: true } } },
});
