import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/**
 * The server as one file, which loads in half the time; `npm install` builds it (scripts/bundle-local.js). Undefined where
 * there is none, and where something that went into it was changed or deleted since: then the sources are what runs.
 */
export function freshBundle(directory = join(root, "dist/local")) {
  const bundle = join(directory, "run.mjs");
  try {
    const builtMs = statSync(bundle).mtimeMs;
    /** @type {string[]} */
    const sources = JSON.parse(readFileSync(join(directory, "sources.json"), "utf8"));
    return sources.every((path) => statSync(join(root, path)).mtimeMs < builtMs) ? bundle : undefined;
  } catch {
    return undefined;
  }
}
