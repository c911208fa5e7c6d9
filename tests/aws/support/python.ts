import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { mustRun, root } from "./run.ts";

const cache = join(root, ".cache/aws");

/**
 * The folder of the programs that a requirements file beside this one names: a virtual environment in .cache, made once
 * for each text of that file.
 */
export async function pythonPrograms(requirements: string): Promise<string> {
  const file = join(import.meta.dirname, "..", requirements);
  const digest = createHash("sha256")
    .update(await readFile(file))
    .digest("hex")
    .slice(0, 12);
  const made = join(cache, `${requirements.replace(".txt", "")}-${digest}`);
  const ready = join(made, "ready");
  // A restored cache may have been made with a Python that is gone.
  if (existsSync(ready) && existsSync(join(made, "bin/python"))) return join(made, "bin");
  await mkdir(cache, { recursive: true });
  await rm(made, { recursive: true, force: true });
  await mustRun("python3", ["-m", "venv", made]);
  const pip = ["install", "--quiet", "--disable-pip-version-check", "--requirement", file];
  await mustRun(join(made, "bin/pip"), pip);
  await mkdir(`${ready}.part`);
  await rename(`${ready}.part`, ready);
  return join(made, "bin");
}
