import { limits, type Role } from "@status-board/contracts";
import { expect, it } from "vitest";
import type { Api } from "../testing/api.ts";
import { dataOf } from "../testing/api.ts";
import { openWorkshop } from "../testing/workshop.ts";

const minute = 60_000;
const phone = { name: "Tom's phone", role: "technician" } as const;

/** A code with another character in one place. */
const otherThan = (code: string, place: number) =>
  code.slice(0, place) + (code[place] === "A" ? "B" : "A") + code.slice(place + 1);

/** What somebody is told who enters a code. */
async function enter(api: Api, code: string): Promise<string> {
  const response = await api.send("claimPairing", { body: { code } });
  if (response.status === 200) return dataOf("claimPairing", response).name;
  const { error } = JSON.parse(String(response.body));
  return error.issues?.[0]?.message ?? error.code;
}

const newCode = async (api: Api, device: { name: string; role: Role } = phone) =>
  (await api.ok("createPairing", { body: device })).code;

it("[AU1] a code makes one device, which is listed from then on", async () => {
  const { manager, anonymous, now } = await openWorkshop();
  const pairing = await manager.ok("createPairing", { body: phone });
  const inTenMinutes = new Date(Date.parse(now()) + 10 * minute).toISOString();
  expect(pairing).toMatchObject({ ...phone, expiresAt: inTenMinutes, url: "https://board.test/pair" });
  expect(await manager.ok("listDevices")).toEqual({ items: [] });
  expect(await anonymous.ok("claimPairing", { body: { code: pairing.code.toLowerCase() } })).toEqual(phone);
  const { items } = await manager.ok("listDevices");
  const expiresAt = new Date(Date.parse(now()) + limits.staffDeviceValidMs).toISOString();
  expect(items).toMatchObject([{ ...phone, pairedAt: now(), lastSeenAt: now(), expiresAt }]);
});

it("[AU1] a code is not kept, nor found in the log", async () => {
  const { manager, anonymous, everything, log } = await openWorkshop();
  const code = await newCode(manager);
  await enter(anonymous, otherThan(code, 7));
  await enter(anonymous, code);
  for (const kept of [everything(), log().join("")]) {
    expect(kept).not.toContain(code);
    expect(kept).not.toContain(code.slice(3));
  }
});

it("[AU1] a used code is told as used, a wrong one as wrong, and neither changes anything", async () => {
  const { manager, anonymous } = await openWorkshop();
  const code = await newCode(manager);
  expect(await enter(anonymous, otherThan(code, 7))).toMatch(/wrong/);
  expect(await enter(anonymous, otherThan(code, 0))).toMatch(/wrong/);
  expect(await manager.ok("listDevices")).toEqual({ items: [] });
  expect(await enter(anonymous, code)).toBe(phone.name);
  const before = await manager.ok("listDevices");
  expect(await enter(anonymous, code)).toMatch(/used already/);
  expect(await enter(anonymous, otherThan(code, 7))).toMatch(/wrong/);
  expect(await manager.ok("listDevices")).toEqual(before);
});

it("[AU1] a code expires after ten minutes", async () => {
  const { manager, anonymous, advance } = await openWorkshop();
  const [early, late] = [await newCode(manager), await newCode(manager)];
  advance(10 * minute - 1);
  expect(await enter(anonymous, early)).toBe(phone.name);
  advance(1);
  expect(await enter(anonymous, late)).toMatch(/expired/);
  expect((await manager.ok("listDevices")).items).toHaveLength(1);
});

it("[AU1] five wrong tries end a code, and no other", async () => {
  const { manager, anonymous } = await openWorkshop();
  const [code, other] = [await newCode(manager), await newCode(manager)];
  for (let tries = 1; tries < limits.pairingMaxTries; tries++)
    expect(await enter(anonymous, otherThan(code, 5))).toMatch(/wrong\./);
  expect(await enter(anonymous, otherThan(code, 5))).toMatch(/too often/);
  expect(await enter(anonymous, code)).toMatch(/too often/);
  expect(await enter(anonymous, other)).toBe(phone.name);
  expect((await manager.ok("listDevices")).items).toHaveLength(1);
});

it("[AU1] guessing from one address is refused after a while, with the time to wait", async () => {
  const { manager, anonymous, advance } = await openWorkshop();
  const code = await newCode(manager);
  const claim = (remoteAddress: string, text: string) =>
    anonymous.request({
      method: "POST",
      path: "/auth/pair",
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify({ code: text })),
      remoteAddress,
    });
  for (let tries = 0; tries < limits.pairingTriesPerAddress; tries++)
    expect((await claim("10.0.0.5", otherThan(code, 0))).status).toBe(400);
  const refused = await claim("10.0.0.5", code);
  expect(refused).toMatchObject({ status: 429, error: "rate_limited" });
  expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
  expect((await claim("10.0.0.6", otherThan(code, 7))).status).toBe(400);
  advance(Number(refused.headers["retry-after"]) * 1_000);
  expect((await claim("10.0.0.5", await newCode(manager))).status).toBe(200);
});

it("[AU1] devices are renamed and revoked, and a revoked one's connections end", async () => {
  const { manager, anonymous, silenced, rows } = await openWorkshop();
  await enter(anonymous, await newCode(manager));
  const [device] = (await manager.ok("listDevices")).items;
  const id = device?.id ?? "";
  expect(await manager.ok("renameDevice", { id, body: { name: "Bay 2" } })).toEqual({ ...device, name: "Bay 2" });
  const hash = rows().session?.[0]?.hash;
  expect(await manager.ok("revokeDevice", { id })).toEqual({ id });
  expect(silenced).toEqual([hash]);
  expect(await manager.ok("listDevices")).toEqual({ items: [] });
  for (const call of [
    { routeId: "revokeDevice", body: undefined },
    { routeId: "renameDevice", body: { name: "Bay 3" } },
  ] as const)
    expect((await manager.refused(call.routeId, { id, body: call.body })).code).toBe("not_found");
  expect(silenced).toHaveLength(1);
});

it("[AU1] a shop has so many devices and no more", async () => {
  const { manager, store, now } = await openWorkshop();
  const end = new Date(Date.parse(now()) + minute).toISOString();
  for (let index = 0; index < limits.shopMaxDevices; index++) {
    const handle = `h${index}`;
    await store.devices.putPairing({ ...phone, handle, hash: "h", shopId: "north", expiresAt: end }, now());
    const id = `01K00000000000000000000${String(index).padStart(3, "0")}`;
    const device = { ...phone, id, pairedAt: now(), lastSeenAt: now(), expiresAt: end };
    await store.devices.claimPairing(handle, { hash: handle, device, shopId: "north" });
  }
  expect(await manager.refused("createPairing", { body: phone })).toMatchObject({
    code: "invalid_request",
    issues: [{ message: expect.stringContaining("revoke one first") }],
  });
});

it("[AU1] where this machine alone reaches the board there is nothing to pair, and it says so", async () => {
  const { service, manager, anonymous } = await openWorkshop();
  const { pairing: _none, ...ports } = service.ports;
  service.ports = ports;
  const refusals = [
    await manager.refused("createPairing", { body: phone }),
    await anonymous.refused("claimPairing", { body: { code: "ABCD2345" } }),
  ];
  for (const { code, message } of refusals) {
    expect(code).toBe("forbidden");
    expect(message).toContain("--lan");
  }
  expect(await manager.ok("listDevices")).toEqual({ items: [] });
  expect(await anonymous.ok("getWaysIn")).toEqual({ signIn: false, pairing: false });
});
