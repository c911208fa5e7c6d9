import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { pairingSchema } from "@status-board/contracts";
import { expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "../../src/testing/workshop.ts";
import { dataOf } from "./board.ts";

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("two machines are not tried: network namespaces need root");
/** Left out with a warning for whoever may not make network namespaces; for root they have to work. */
const asRoot = isRoot ? it : () => undefined;

const ip = (...words: string[]) => execFileSync("ip", words, { stdio: "pipe" });
const [pcAddress, phoneAddress] = ["10.77.0.1", "10.77.0.2"];

/** A PC and a phone, each with a network of its own, and a cable between them. */
function twoMachines() {
  const [pc, phone] = [`pc${process.pid}`, `phone${process.pid}`];
  for (const machine of [pc, phone]) {
    ip("netns", "add", machine);
    onTestFinished(() => void ip("netns", "del", machine));
  }
  ip("link", "add", "eth0", "netns", pc, "type", "veth", "peer", "name", "eth0", "netns", phone);
  for (const [machine, address] of [
    [pc, pcAddress],
    [phone, phoneAddress],
  ] as const) {
    ip("-n", machine, "addr", "add", `${address}/24`, "dev", "eth0");
    ip("-n", machine, "link", "set", "eth0", "up");
    ip("-n", machine, "link", "set", "lo", "up");
  }
  return { pc, phone };
}

const curl = (machine: string, ...words: string[]): string =>
  execFileSync("ip", ["netns", "exec", machine, "curl", "-s", "--max-time", "10", ...words], { encoding: "utf8" });

asRoot(
  "[AU1] a phone reaches the PC over the network, is nobody there until it is paired, and never the owner",
  async () => {
    const { pc, phone } = twoMachines();
    const flags = ["--disable-warning=ExperimentalWarning", "--conditions=source", "src/local/main.ts", "--lan"];
    const env = { PATH: process.env.PATH, PORT: "3000", SHOP_TIME_ZONE: "UTC", DATA_DIR: temporaryDirectory() };
    const server = spawn("ip", ["netns", "exec", pc, process.execPath, ...flags], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    onTestFinished(async () => {
      server.kill("SIGKILL");
      if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    });
    let said = "";
    server.stderr.on("data", (chunk) => {
      said += chunk;
    });
    await expect.poll(() => said, { timeout: 30_000 }).toContain("▄");
    const network = `http://${pcAddress}:3000`;
    const status = (machine: string, url: string, ...words: string[]) =>
      curl(machine, "-o", "/dev/null", "-w", "%{http_code}", ...words, url);

    expect(status(pc, "http://127.0.0.1:3000/auth/me")).toBe("200");
    expect(status(pc, `${network}/auth/me`)).toBe("401");
    expect(status(phone, `${network}/auth/me`)).toBe("401");
    expect(status(phone, `${network}/auth/me`, "-H", "host: 127.0.0.1:3000")).toBe("401");
    expect(status(phone, `${network}/auth/me`, "-H", "host: localhost:3000", "-H", "x-forwarded-for: 127.0.0.1")).toBe(
      "401",
    );
    expect(status(phone, `${network}/auth/me`, "-H", "host: evil.test")).toBe("403");

    const json = ["-H", "content-type: application/json", "-d"];
    const device = JSON.stringify({ name: "Phone", role: "technician" });
    const made = curl(pc, ...json, device, "http://127.0.0.1:3000/api/admin/devices/pairings");
    const { code, url } = dataOf(pairingSchema, JSON.parse(made));
    expect(url).toBe(`${network}/pair`);
    const jar = `${env.DATA_DIR}/cookies`;
    curl(phone, "-c", jar, "-H", `origin: ${network}`, ...json, JSON.stringify({ code }), `${network}/auth/pair`);
    expect(curl(phone, "-b", jar, `${network}/auth/me`)).toContain('"role":"technician"');
    expect(said).toContain(`On this network it is at ${network}`);
    expect(said).toContain("▄");
  },
);
