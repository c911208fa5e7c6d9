import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { Aws } from "./aws.ts";

const configurationSchema = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
});

/** Sets variables of a function, not of its versions. Gives what sets them back. */
export async function setVariables(
  aws: Aws,
  name: string,
  variables: Record<string, string>,
): Promise<() => Promise<void>> {
  const config = await aws.call(["lambda", "get-function-configuration", "--function-name", name]);
  const before = configurationSchema.parse(config).Environment.Variables;
  const update = async (Variables: Record<string, string>) => {
    const environment = ["--environment", JSON.stringify({ Variables })];
    await aws.call(["lambda", "update-function-configuration", "--function-name", name, ...environment]);
  };
  await update({ ...before, ...variables });
  return () => update(before);
}

const invokedSchema = z.object({ FunctionError: z.string().optional(), LogResult: z.string() });

/** Calls a function, and gives what it answered and the end of what it wrote. */
export async function invoke(aws: Aws, name: string, event: object = {}): Promise<{ answer: unknown; log: string }> {
  const directory = await mkdtemp(join(tmpdir(), "status-board-invoke-"));
  const file = join(directory, "answer.json");
  const payload = ["--payload", JSON.stringify(event)];
  try {
    const told = await aws.call(["lambda", "invoke", "--function-name", name, "--log-type", "Tail", ...payload, file]);
    const { FunctionError, LogResult } = invokedSchema.parse(told);
    const text = await readFile(file, "utf8");
    if (FunctionError !== undefined) throw new Error(`${name} failed: ${text}`);
    return { answer: JSON.parse(text), log: Buffer.from(LogResult, "base64").toString() };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
