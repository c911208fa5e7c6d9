import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { onTestFinished } from "vitest";
import { findOwnNames } from "../../src/local/own-names.ts";

/** Two machines on one network. A command runs on one of them when these words stand before it. */
export interface Machines {
  pc: readonly string[];
  phone: readonly string[];
  /** At which the phone finds the PC. */
  pcAddress: string;
}

/** In which namespaces a process shall be that keeps a network of its own. */
type Kind = { make: readonly string[]; enter: readonly string[] };
const asRoot: Kind = { make: ["unshare", "--net"], enter: ["--net"] };
/** Whoever is not root is so in a user namespace of his own, where the kernel lets him make one. */
const asUser: Kind = {
  make: ["unshare", "--user", "--map-root-user", "--net"],
  enter: ["--user", "--preserve-credentials", "--net"],
};

const run = ([command = "", ...words]: readonly string[]) => execFileSync(command, words, { stdio: "pipe" });

/** A process that does nothing but keep its namespaces for as long as the test lasts. */
async function keep([command = "", ...words]: readonly string[]): Promise<number> {
  const keeper: ChildProcess = spawn(command, [...words, "sh", "-c", "echo here && exec sleep 600"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void keeper.kill("SIGKILL"));
  const gone = Promise.race([once(keeper, "error"), once(keeper, "close")]).then(() => false);
  const isHere = await Promise.race([gone, once(keeper.stdout ?? keeper, "data").then(() => true)]);
  if (!isHere || keeper.pid === undefined) throw new Error(`${command} ${words.join(" ")} is not allowed here`);
  return keeper.pid;
}

const [pcAddress, phoneAddress] = ["10.77.0.1", "10.77.0.2"];

async function inNamespaces({ make, enter }: Kind): Promise<Machines> {
  const into = (id: number) => ["nsenter", "--target", String(id), ...enter];
  const pcId = await keep(make);
  const pc = into(pcId);
  const phoneId = await keep([...pc, "unshare", "--net"]);
  const phone = ["nsenter", "--target", String(phoneId), ...enter];
  run([...pc, "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", String(phoneId)]);
  for (const [machine, address] of [
    [pc, pcAddress],
    [phone, phoneAddress],
  ] as const) {
    run([...machine, "ip", "addr", "add", `${address}/24`, "dev", "eth0"]);
    run([...machine, "ip", "link", "set", "eth0", "up"]);
    run([...machine, "ip", "link", "set", "lo", "up"]);
  }
  return { pc, phone, pcAddress };
}

/** This machine twice: the PC by its own name for itself, the phone by the one that the network has for it. */
function onThisMachine(): Machines {
  const pcAddress = findOwnNames().addresses.find((address) => !address.includes(":"));
  if (pcAddress === undefined) throw new Error("this machine has no network, and may not make one");
  return { pc: [], phone: [], pcAddress };
}

/** A PC and a phone, each with a network of its own and a cable between them, as far as this machine allows that. */
export async function twoMachines(): Promise<Machines> {
  try {
    return await inNamespaces(process.getuid?.() === 0 ? asRoot : asUser);
  } catch (error) {
    console.warn(`PC and phone are one machine here: ${error instanceof Error ? error.message : error}`);
    return onThisMachine();
  }
}
