import { limits } from "@status-board/contracts";
import { expect, it } from "vitest";
import { triesContract } from "./testing/devices-contract.ts";
import { memoryTries, networkOf, throttleGuess } from "./tries.ts";

triesContract("memory", async () => ({ tries: memoryTries(() => new Date()) }));

/** Noon begins a window of ten minutes. */
const noon = Date.parse("2031-03-03T12:00:00.000Z");

function throttle() {
  let time = noon;
  const clock = () => new Date(time);
  const tries = memoryTries(clock);
  return {
    from: (address: string | undefined) => throttleGuess(address, { tries, clock }),
    at: (ms: number) => {
      time = noon + ms;
    },
  };
}

it("[AU1] an address may guess so often in ten minutes, then it waits for the next ten", async () => {
  const { from, at } = throttle();
  for (let tries = 0; tries < limits.pairingTriesPerAddress; tries++) expect(await from("10.0.0.5")).toBeUndefined();
  at(60_000);
  expect(await from("10.0.0.5")).toBe(540_000);
  expect(await from("::ffff:10.0.0.5")).toBe(540_000);
  expect(await from("10.0.0.6")).toBeUndefined();
  at(600_000);
  expect(await from("10.0.0.5")).toBeUndefined();
});

it("[AU1] a clock that is set forward or back begins another ten minutes, in which one may guess as often and no oftener", async () => {
  const { from, at } = throttle();
  for (const ms of [0, -36_000_000, 72_000_000]) {
    at(ms);
    for (let tries = 0; tries < limits.pairingTriesPerAddress; tries++) expect(await from("10.0.0.5")).toBeUndefined();
    expect(await from("10.0.0.5")).toBe(600_000);
  }
});

it("[AU1] all addresses together may guess so often, and one that is shut out uses none of it up", async () => {
  const { from } = throttle();
  const each = limits.pairingTriesPerAddress;
  for (let tries = 0; tries < 500; tries++) await from("10.0.0.5");
  for (let other = 1; other < limits.pairingTriesInAll / each; other++)
    for (let tries = 0; tries < each; tries++) expect(await from(`10.0.1.${other}`)).toBeUndefined();
  expect(await from("10.0.2.1")).toBe(600_000);
});

it("[AU1] who has no address is one, too", async () => {
  const { from } = throttle();
  for (let tries = 0; tries < limits.pairingTriesPerAddress; tries++) expect(await from(undefined)).toBeUndefined();
  expect(await from(undefined)).toBe(600_000);
});

it.each([
  ["192.168.1.20", "192.168.1.20"],
  ["::ffff:192.168.1.20", "192.168.1.20"],
  ["fd00:1:2:3:4:5:6:7", "fd00:1:2:3"],
  ["fd00:1:2:3::9", "fd00:1:2:3"],
  ["FE80::1%eth0", "fe80:0:0:0"],
  ["::1", "0:0:0:0"],
  ["", ""],
])("[AU1] the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it("[AU1] memory of tries stays small, however many addresses try", async () => {
  const tries = memoryTries(() => new Date(noon));
  const expiresAt = new Date(noon + 1).toISOString();
  for (let index = 0; index < 10_001; index++) await tries.countTry(`kind ${index}`, expiresAt);
  expect(await tries.countTry("kind 0", expiresAt)).toBe(1);
  expect(await tries.countTry("kind 10000", expiresAt)).toBe(2);
});
