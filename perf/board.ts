import { pairingSchema } from "@status-board/contracts";
import * as z from "zod";
import { type Child, startChild } from "./children.ts";

/** Where requests go, and what each of them carries. */
export interface Target {
  url: string;
  headers?: Readonly<Record<string, string>>;
}

/** A board that is running, and what a signed-in caller's requests carry. */
export interface Board extends Child {
  headers: Readonly<Record<string, string>>;
}

/** Whoever sits at the machine need not sign in: this says that a request is somebody else's. */
const forSomebodyElse = { "x-forwarded-for": "192.0.2.7" };

const pairingAnswer = z.object({ data: pairingSchema });

async function post(address: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  const all = { "content-type": "application/json", ...headers };
  const answer = await fetch(address, { method: "POST", headers: all, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** A code that makes a manager's device of whoever enters it, from whoever sits at the machine. */
export async function pairingCode(url: string): Promise<string> {
  const made = await post(`${url}/api/admin/devices/pairings`, { name: "Bench", role: "manager" });
  return pairingAnswer.parse(await made.json()).data.code;
}

/** Pairs a device, and gives what its requests carry. */
async function pairDevice(url: string): Promise<Board["headers"]> {
  const code = await pairingCode(url);
  const entered = await post(`${url}/auth/pair`, { code }, { ...forSomebodyElse, origin: url });
  const [cookie = ""] = entered.headers.getSetCookie()[0]?.split(";") ?? [];
  return { ...forSomebodyElse, cookie, origin: url };
}

/** Whether the clients are a paired device; else they are whoever sits at the machine of a board without sign-in. */
export const isSignedIn = process.env.BENCH_SIGN_IN !== "off";

/** Starts the local root with sign-in on, unless told, so that each request pays for its session, and pairs a device. */
export async function startBoard(environment: Record<string, string>): Promise<Board> {
  if (!isSignedIn) {
    const open = await startChild("src/local/main.js", {
      PORT: "0",
      SEED: "off",
      SHOP_TIME_ZONE: "UTC",
      ...environment,
    });
    return { ...open, headers: {} };
  }
  const fixed = { AUTH_MODE: "paired", PORT: "0", SEED: "off", SHOP_TIME_ZONE: "UTC" };
  const child = await startChild("src/local/main.js", { ...fixed, ...environment });
  try {
    return { ...child, headers: await pairDevice(child.url) };
  } catch (error) {
    await child.stop();
    throw error;
  }
}
