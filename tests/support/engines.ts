import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** A database that speaks DynamoDB's protocol, started for the tests. */
export interface Engine {
  endpoint: string;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const startMaxMs = 60_000;
const pollMs = 50;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** Any answer will do, even one that refuses: the process listens and speaks HTTP. */
const answers = (endpoint: string) =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

async function start(command: string, argumentsFor: (port: number) => string[]): Promise<Engine> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn(command, argumentsFor(port), { cwd: root, stdio: ["ignore", "ignore", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data) => {
    complaints = `${complaints}${data}`.slice(-2_000);
  });
  const failed = new Promise<never>((_, reject) => child.once("error", reject));
  failed.catch(() => {});
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    process.off("exit", kill);
    if (hasEnded(child)) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    kill();
    await ended;
  };
  const deadline = Date.now() + startMaxMs;
  while (!(await Promise.race([answers(endpoint), failed]))) {
    if (hasEnded(child) || Date.now() > deadline) {
      await stop();
      throw new Error(`${command} did not start: ${complaints}`);
    }
    await sleep(pollMs);
  }
  return { endpoint, stop };
}

/** Dynoxide, in memory: a small and quick stand-in. */
export function startDynoxide(): Promise<Engine> {
  const binary = `${root}node_modules/@dynoxide/${process.platform}-${process.arch}/dynoxide`;
  return start(binary, (port) => ["--port", String(port)]);
}

const jars = `${root}.cache/dynamodb-local`;

const isThere = (command: string, versionFlag: string) => spawnSync(command, [versionFlag]).status === 0;

/** What DynamoDB Local needs and this machine has not got; undefined when it can run. */
export function missingForDynamoDBLocal(): string | undefined {
  if (!isThere("java", "-version")) return "java";
  return existsSync(jars) || isThere("mvn", "-version") ? undefined : "mvn";
}

const pom = fileURLToPath(new URL("dynamodb-local/pom.xml", import.meta.url));

/** Copies the jars by Maven, which keeps its own copies in the home directory or, where that cannot be, in `.cache`. */
async function copyJars(to: string, isAtHome: boolean): Promise<boolean> {
  const repository = isAtHome ? [] : [`-Dmaven.repo.local=${root}.cache/maven`];
  const flags = ["--batch-mode", "--quiet", "--file", pom, `-DoutputDirectory=${to}`, ...repository];
  const maven = spawn("mvn", [...flags, "dependency:copy-dependencies"], { stdio: ["ignore", "inherit", "inherit"] });
  const status = await new Promise((resolve) => maven.once("close", resolve).once("error", resolve));
  if (status !== 0) rmSync(to, { recursive: true, force: true });
  return status === 0;
}

/** Fetches DynamoDB Local and all it needs, once. A fetch cut short leaves nothing that looks like a whole one. */
export async function fetchDynamoDBLocal(): Promise<void> {
  if (existsSync(jars)) return;
  const partial = `${jars}.${process.pid}`;
  if (!(await copyJars(partial, true)) && !(await copyJars(partial, false)))
    throw new Error("DynamoDB Local could not be fetched from Maven Central; Maven said why above");
  try {
    renameSync(partial, jars);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    // Another run of the tests was first.
    if (!existsSync(jars)) throw error;
  }
}

/** A database that lives for minutes does best without what pays off after hours. */
const forMinutes = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"];

/** AWS's own DynamoDB Local, in memory: slower, and closer to the real service. */
export async function startDynamoDBLocal(): Promise<Engine> {
  await fetchDynamoDBLocal();
  const main = "software.amazon.dynamodb.services.local.main.ServerRunner";
  const flags = [...forMinutes, `-Djava.library.path=${jars}`, "-cp", `${jars}/*`, main, "-inMemory"];
  return start("java", (port) => [...flags, "-port", String(port)]);
}
