import { request } from "node:http";
import { limits, meSchema } from "@status-board/contracts";
import { expect, it } from "vitest";
import { openRaw, parseRaw } from "../../src/testing/raw-http.ts";
import { dataOf, startPaired } from "./board.ts";

const me = "/auth/me";

/** A request with a Host of its own, from the address of this machine that is named. */
const ask = (url: string, from: string, headers: Record<string, string>) =>
  new Promise<number>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path: me, localAddress: from, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });

it("[AU1] who sits at the machine is the owner, everybody else is nobody", async () => {
  const { url, network, send } = await startPaired();
  const owner = await send(url, "GET", me);
  expect(dataOf(meSchema, await owner.json())).toMatchObject({ user: { name: "Owner" }, role: "manager" });
  expect((await send(network, "GET", me)).status).toBe(401);
  expect((await send(network, "GET", "/api/admin/devices")).status).toBe(401);
  expect(await (await send(network, "GET", "/auth/ways-in")).json()).toMatchObject({
    data: { signIn: false, pairing: true },
  });
});

it("[AU1] no header makes anybody the owner, and one that speaks for others takes it away", async () => {
  const { url } = await startPaired();
  const { host } = new URL(url);
  expect(await ask(url, "127.0.0.1", { host })).toBe(200);
  for (const [name, value] of [
    ["x-forwarded-for", "127.0.0.1"],
    ["forwarded", "for=127.0.0.1"],
    ["x-real-ip", "127.0.0.1"],
    ["via", "1.1 proxy"],
    ["host", `127.0.0.2:${new URL(url).port}`],
  ] as const)
    expect(await ask(url, "127.0.0.1", { host, [name]: value }), name).toBe(401);
});

it("[AU1] a proxy that says nothing of itself is told by its HTTP/1.0, where it speaks that, and is nobody", async () => {
  const { url } = await startPaired();
  const { host, port } = new URL(url);
  const statusBy = async (version: string) => {
    const { socket, everything } = await openRaw(Number(port));
    socket.write(`GET ${me} HTTP/${version}\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
    return parseRaw(await everything).status;
  };
  expect(await statusBy("1.1")).toBe(200);
  expect(await statusBy("1.0")).toBe(401);
});

it("[AU3] a foreign Host is refused, also from this machine, and so is a foreign origin", async () => {
  const { url, network, send, newCode, devices } = await startPaired();
  for (const host of ["evil.test", "127.0.0.1.evil.test", "0.0.0.0", "127.0.0.3"])
    expect(await ask(url, "127.0.0.1", { host }), host).toBe(403);
  const code = await newCode();
  const evil = { origin: "https://evil.test" };
  expect((await send(network, "POST", "/auth/pair", { code }, evil)).status).toBe(403);
  expect((await send(url, "POST", "/api/admin/devices/pairings", { name: "x", role: "manager" }, evil)).status).toBe(
    403,
  );
  expect(await devices()).toEqual([]);
});

it("[AU1] [AU2] a paired device is known by a cookie that no script sees, and by no forged one", async () => {
  const { network, send, newCode } = await startPaired();
  const answer = await send(network, "POST", "/auth/pair", { code: await newCode() }, { origin: network });
  const [cookie = ""] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
  const session = cookie.split(";")[0] ?? "";
  const known = await send(network, "GET", me, undefined, { cookie: session });
  expect(dataOf(meSchema, await known.json())).toMatchObject({ user: { name: "Tom's phone" }, role: "technician" });
  const forged = [
    "session=",
    "session=1",
    `${session}A`,
    `session=${"A".repeat(43)}`,
    session.replace("session", "__Host-session"),
  ];
  for (const wrong of forged)
    expect((await send(network, "GET", me, undefined, { cookie: wrong })).status, wrong).toBe(401);
});

it("[AU1] a device slides as it is used, its cookie with it, and is forgotten when it stays away", async () => {
  const { network, send, newCode, pair, devices, advance } = await startPaired();
  const cookie = await pair(await newCode());
  const seen = () => send(network, "GET", me, undefined, { cookie });
  const day = 86_400_000;
  for (let week = 0; week < 3; week++) {
    advance(29 * day);
    const answer = await seen();
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()[0]).toContain(`${cookie}; Max-Age=2592000`);
  }
  const [device] = await devices();
  expect(Date.parse(device?.expiresAt ?? "") - Date.parse(device?.lastSeenAt ?? "")).toBe(limits.staffDeviceValidMs);
  advance(30 * day);
  expect((await seen()).status).toBe(401);
  expect(await devices()).toEqual([]);
});

it("[AU1] a device that was seen is written once an hour", async () => {
  const { network, send, newCode, pair, devices, advance } = await startPaired();
  const cookie = await pair(await newCode());
  const seen = async () => {
    await send(network, "GET", me, undefined, { cookie });
    return (await devices())[0]?.lastSeenAt;
  };
  const first = await seen();
  advance(3_590_000);
  expect(await seen()).toBe(first);
  advance(10_000);
  const second = await seen();
  expect(second).not.toBe(first);
  expect(await seen()).toBe(second);
});

it("[AU1] a device that is paired anew, or signs out, leaves nothing behind", async () => {
  const { network, send, newCode, pair, devices } = await startPaired();
  const cookie = await pair(await newCode("Old"));
  const body = { code: await newCode("New") };
  const again = await send(network, "POST", "/auth/pair", body, { cookie, origin: network });
  expect((await devices()).map(({ name }) => name)).toEqual(["New"]);
  expect((await send(network, "GET", me, undefined, { cookie })).status).toBe(401);
  const fresh = again.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  const wrong = await send(network, "POST", "/auth/pair", body, { cookie: fresh, origin: network });
  expect(wrong.status).toBe(400);
  expect((await send(network, "GET", me, undefined, { cookie: fresh })).status).toBe(200);
  await send(network, "POST", "/auth/logout", undefined, { cookie: fresh, origin: network });
  expect(await devices()).toEqual([]);
});

it("[AU1] a device is guessed by nobody: after so many codes one waits", async () => {
  const { network, send, newCode } = await startPaired();
  const code = await newCode();
  const other = `${code[0] === "A" ? "B" : "A"}${code.slice(1)}`;
  for (let tries = 0; tries < limits.pairingTriesPerAddress; tries++)
    expect((await send(network, "POST", "/auth/pair", { code: other })).status).toBe(400);
  const refused = await send(network, "POST", "/auth/pair", { code }, { "x-forwarded-for": "10.0.0.9" });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
});

it.each([
  ["forward", 11],
  ["years forward", 5_000_000],
  ["back", -61],
])("[AU1] a code that was made before the clock was set %s has ended, and a new one is good", async (_, minutes) => {
  const { network, send, newCode, pair, devices, advance } = await startPaired();
  const code = await newCode();
  advance(minutes * 60_000);
  const refused = await send(network, "POST", "/auth/pair", { code });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain("has expired");
  expect(await devices()).toEqual([]);
  expect(await pair(await newCode())).toContain("session=");
  expect(await devices()).toHaveLength(1);
});

it("[AU1] a clock that is corrected by some seconds ends no code", async () => {
  const { newCode, pair, devices, advance } = await startPaired();
  const code = await newCode();
  advance(-30_000);
  expect(await pair(code)).toContain("session=");
  expect(await devices()).toHaveLength(1);
});
