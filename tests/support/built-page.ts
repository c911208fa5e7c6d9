import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../..");

/** Builds the page as it is shipped into a folder. */
async function buildPage(directory: string): Promise<void> {
  const build = ["build", "frontend-client/app", "--outDir", directory, "--emptyOutDir", "--logLevel", "error"];
  const env = { ...process.env, NODE_ENV: "production" };
  await promisify(execFile)(process.execPath, [join(root, "node_modules/vite/bin/vite.js"), ...build], {
    cwd: root,
    env,
  });
}

/** Changes with whatever the page is built from. */
function sourcesHash(): string {
  const hash = createHash("sha256").update(readFileSync(join(root, "package-lock.json")));
  for (const folder of ["frontend-client", "contracts"])
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort()) {
      if (/node_modules|dist|\.test\./.test(name) || !/\.\w+$/.test(name)) continue;
      hash.update(name).update(readFileSync(join(root, folder, name)));
    }
  return hash.digest("hex").slice(0, 16);
}

/** The folder of the built page: built once for the same sources. */
export async function builtPage(): Promise<string> {
  const cache = join(root, "node_modules/.cache/status-board-page");
  const key = sourcesHash();
  const folder = join(cache, key);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  await buildPage(draft);
  try {
    renameSync(draft, folder);
  } catch {
    // Another run of the tests was first.
    rmSync(draft, { recursive: true });
  }
  for (const name of readdirSync(cache)) if (!name.startsWith(key)) rmSync(join(cache, name), { recursive: true });
  return folder;
}
