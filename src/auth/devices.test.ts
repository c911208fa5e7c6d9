import { expect, it } from "vitest";
import { deviceValidMs, seenUntil } from "./devices.ts";
import type { Principal } from "./principal.ts";

const day = 86_400_000;
const now = new Date("2031-03-03T08:00:00.000Z");
const after = (ms: number) => new Date(now.getTime() + ms).toISOString();
const device = (role: Principal["role"], expiresAt: string): Principal => ({
  shopId: "north",
  user: { id: "d", name: "Phone" },
  role,
  isDevice: true,
  session: { hash: "h", expiresAt },
});

it("[AU1] staff's devices may be away for 30 days, a TV for 180", () => {
  expect(deviceValidMs("viewer")).toBe(180 * day);
  for (const role of ["technician", "advisor", "manager"] as const) expect(deviceValidMs(role)).toBe(30 * day);
});

it("[AU1] that a device was seen is noted once an hour, from which its days begin anew", () => {
  for (const role of ["viewer", "manager"] as const) {
    const validMs = deviceValidMs(role);
    expect(seenUntil(device(role, after(validMs)), now)).toBeUndefined();
    expect(seenUntil(device(role, after(validMs - 3_599_999)), now)).toBeUndefined();
    expect(seenUntil(device(role, after(validMs - 3_600_000)), now)).toBe(after(validMs));
    expect(seenUntil(device(role, after(1)), now)).toBe(after(validMs));
  }
});

it("[AU1] people's sessions do not slide", () => {
  const { isDevice, ...person } = device("viewer", after(1));
  expect(isDevice).toBe(true);
  expect(seenUntil(person, now)).toBeUndefined();
});
