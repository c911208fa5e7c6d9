import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./run.ts";

/** The AWS CLI, loaded already. */
export interface WarmCli {
  /** The folder of `aws`, which is called like the CLI's own. */
  programs: string;
  stop: () => Promise<void>;
}

/** What calls it: it starts in milliseconds, because it loads next to nothing. */
const client = (python: string, path: string) => `#!${python} -SI
import marshal, os, socket, sys
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(${JSON.stringify(path)})
    socket.send_fds(connection, [b"."], [0, 1, 2])
    connection.sendall(marshal.dumps((sys.argv[1:], dict(os.environ), os.getcwd())))
    connection.shutdown(socket.SHUT_WR)
    code = connection.recv(1)
sys.exit(code[0] if code else 255)
`;

/** Loads the CLI. `programs` is the folder of the environment that holds it. */
export async function startWarmCli(programs: string): Promise<WarmCli> {
  const directory = await mkdtemp(join(tmpdir(), "status-board-cli-"));
  const [path, python] = [join(directory, "socket"), join(programs, "python")];
  const server = spawn(python, [join(root, "tests/aws/emulator/warm-cli.py"), path], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env.PATH, HOME: directory },
  });
  const ended = once(server, "exit");
  const stop = async () => {
    server.kill();
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  const isReady = await Promise.race([once(server.stdout, "data").then(() => true), ended.then(() => false)]);
  if (!isReady) throw new Error("the AWS CLI could not be loaded");
  await writeFile(join(directory, "aws"), client(python, path));
  await chmod(join(directory, "aws"), 0o755);
  return { programs: directory, stop };
}
