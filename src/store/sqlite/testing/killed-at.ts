import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** How often at most a course is cut; one that has more steps than this is broken. */
const stepsMax = 200;

/**
 * Runs what {@link file://./cut-off.ts} can do again and again in processes of their own, each killed one step later than the
 * one before (`stride` steps, for long courses), until one comes to its end. `prepare` gives a course its fresh paths; `look` judges what is there after each.
 */
export async function killAtEachStep<Paths extends readonly string[]>(
  work: "backup" | "restore" | "open" | "import",
  prepare: () => Promise<Paths> | Paths,
  look: (paths: Paths, isOver: boolean) => Promise<void> | void,
  stride = 1,
): Promise<number> {
  for (let step = 1; step <= stepsMax; step += stride) {
    const paths = await prepare();
    const isOver = runCutOff(work, step, paths);
    await look(paths, isOver);
    if (isOver) return step;
  }
  throw new Error(`${work} does not come to its end in ${stepsMax} steps`);
}

/** True when the process came to its end before it was killed. */
function runCutOff(work: string, step: number, paths: readonly string[]): boolean {
  const flags = ["--disable-warning=ExperimentalWarning", "--conditions=source"];
  const script = fileURLToPath(new URL("cut-off.ts", import.meta.url));
  const { status, signal, stderr } = spawnSync(process.execPath, [...flags, script, work, String(step), ...paths]);
  if (signal === "SIGKILL") return false;
  if (status !== 0) throw new Error(String(stderr));
  return true;
}
