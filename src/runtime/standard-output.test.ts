import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";

const lines = 20_000;

it("what is written is out, in its order, even where a pipe that takes no more has to be waited for", async () => {
  const script = `
    import { writeOut } from ${JSON.stringify(join(import.meta.dirname, "standard-output.ts"))};
    // Opened as a stream, a pipe says that it is full, instead of letting its writer wait.
    process.stdout.on("error", () => {});
    process.stderr.write("ready");
    for (let line = 0; line < ${lines}; line++) writeOut("täg " + line + "\\n");
    process.reallyExit(0);
  `;
  const child = spawn(process.execPath, [
    "--disable-warning=ExperimentalWarning",
    "--input-type=module",
    "--eval",
    script,
  ]);
  await once(child.stderr, "data");
  const [written, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expect(code).toBe(0);
  expect(written).toBe(Array.from({ length: lines }, (_, line) => `täg ${line}\n`).join(""));
});
