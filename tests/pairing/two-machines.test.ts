import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { pairingSchema } from "@status-board/contracts";
import { expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "../../src/testing/workshop.ts";
import { dataOf } from "./board.ts";
import { twoMachines } from "./machines.ts";

function spawnOn(machine: readonly string[], words: readonly string[], env: NodeJS.ProcessEnv) {
  const [command = "", ...rest] = [...machine, ...words];
  const child = spawn(command, rest, { env, stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  return child;
}

function curl(machine: readonly string[], ...words: string[]): string {
  const [command = "", ...rest] = [...machine, "curl", "-s", "--max-time", "30", ...words];
  return execFileSync(command, rest, { encoding: "utf8" });
}

it("[AU1] a phone reaches the PC over the network, is nobody there until it is paired, and never the owner", async () => {
  const { pc, phone, pcAddress } = await twoMachines();
  const flags = ["--disable-warning=ExperimentalWarning", "--conditions=source", "src/local/main.js", "--lan"];
  const env = { PATH: process.env.PATH, PORT: "0", SHOP_TIME_ZONE: "UTC", DATA_DIR: temporaryDirectory() };
  const server = spawnOn(pc, [process.execPath, ...flags], env);
  let said = "";
  server.stderr.on("data", (chunk) => {
    said += chunk;
  });
  await expect.poll(() => said, { timeout: 60_000 }).toContain("▄");
  const own = /is at (http:\S+)/.exec(said)?.[1] ?? "";
  const { port } = new URL(own);
  const network = `http://${pcAddress}:${port}`;
  const status = (machine: readonly string[], url: string, ...words: string[]) =>
    curl(machine, "-o", "/dev/null", "-w", "%{http_code}", ...words, url);

  expect(status(pc, `http://127.0.0.1:${port}/auth/me`)).toBe("200");
  expect(status(pc, `${network}/auth/me`)).toBe("401");
  expect(status(phone, `${network}/auth/me`)).toBe("401");
  expect(status(phone, `${network}/auth/me`, "-H", `host: 127.0.0.1:${port}`)).toBe("401");
  const pretending = ["-H", `host: localhost:${port}`, "-H", "x-forwarded-for: 127.0.0.1"];
  expect(status(phone, `${network}/auth/me`, ...pretending)).toBe("401");
  expect(status(phone, `${network}/auth/me`, "-H", "host: evil.test")).toBe("403");

  const json = ["-H", "content-type: application/json", "-d"];
  const device = JSON.stringify({ name: "Phone", role: "technician" });
  const made = curl(pc, ...json, device, `http://127.0.0.1:${port}/api/admin/devices/pairings`);
  const { code, url } = dataOf(pairingSchema, JSON.parse(made));
  expect(url).toBe(`${network}/pair`);
  const jar = `${env.DATA_DIR}/cookies`;
  curl(phone, "-c", jar, "-H", `origin: ${network}`, ...json, JSON.stringify({ code }), `${network}/auth/pair`);
  expect(curl(phone, "-b", jar, `${network}/auth/me`)).toContain('"role":"technician"');
  expect(said).toContain(`On this network it is at ${network}`);
});
