// npm runs this after an install: it builds the page, so that `npm start` has one to show, and the server as one file, so that
// it starts sooner. Plain JavaScript, because it may run before the Node that reads TypeScript is there, and silent unless
// something is wrong.
import { join } from "node:path";

/** An install without development packages (`npm ci --omit=dev`) has nothing to build with, and brings its page along. */
function canBuild() {
  try {
    return import.meta.resolve("vite") !== "" && import.meta.resolve("esbuild") !== "";
  } catch {
    return false;
  }
}

if (canBuild()) {
  const { build } = await import("vite");
  await build({ root: join(import.meta.dirname, "../frontend-client/app"), logLevel: "error" });
  const { bundleLocal } = await import("./bundle-local.js");
  await bundleLocal(join(import.meta.dirname, "../dist/local"));
}
