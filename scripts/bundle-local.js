// Plain JavaScript, like prepare.js, which calls it.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");

/** Some of what is bundled asks for Node's own modules as if it were CommonJS. */
const banner = `import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);`;

/**
 * Bundles the server of one machine, which then loads in half the time: `<directory>/run.mjs`, and beside it the files that
 * it loads on demand and `sources.json`, the project's own files that are in it (see src/local/bundle.js). `directory` lies
 * as deep in the project as src/local, because the built page is found relative to it.
 */
export async function bundleLocal(directory) {
  await rm(directory, { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: "src/local/run.ts", out: "run" },
      { in: "src/store/sqlite/backup-worker.ts", out: "backup-worker" },
    ],
    outdir: directory,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    conditions: ["source"],
    mainFields: ["module", "main"],
    // They are large, and loaded on demand or never.
    external: ["@aws-sdk/*", "@smithy/*", "@scalar/*"],
    banner: { js: banner },
    metafile: true,
    logLevel: "error",
  });
  const sources = Object.keys(metafile.inputs).filter((path) => !path.includes("node_modules/"));
  await writeFile(join(directory, "sources.json"), JSON.stringify([...sources, "package-lock.json"]));
}
