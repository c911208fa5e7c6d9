import { claimPairingSchema, pairingCodeAlphabet } from "@status-board/contracts";
import { expect, it } from "vitest";
import { handleOf, hashOfCode, isSameHash, newPairingCode } from "./pairing-code.ts";

it("[AU1] a code is eight characters that nobody mistakes for others, and never twice the same", () => {
  const codes = Array.from({ length: 200 }, newPairingCode);
  for (const code of codes) expect(claimPairingSchema.parse({ code })).toEqual({ code });
  expect(new Set(codes).size).toBe(codes.length);
  expect(new Set(codes.join(""))).toEqual(new Set(pairingCodeAlphabet));
  expect(pairingCodeAlphabet).not.toMatch(/[01ILOS]/);
});

it("[AU1] a code is taken as people write it", () => {
  expect(claimPairingSchema.parse({ code: " abcd-2345 " })).toEqual({ code: "ABCD2345" });
  expect(claimPairingSchema.parse({ code: "ab cd 23 45" })).toEqual({ code: "ABCD2345" });
  for (const code of ["", "ABCD234", "ABCD23456", "ABCD0345", "ABCDI345", "ABCDÄ345", "A".repeat(65)])
    expect(claimPairingSchema.safeParse({ code }).success, code).toBe(false);
});

it("[AU1] the hash of a code depends on all of it, and does not show it", async () => {
  const hash = await hashOfCode("ABCD2345");
  expect(isSameHash(hash, await hashOfCode("ABCD2345"))).toBe(true);
  for (const other of ["ABCD2346", "ABDD2345", "BBCD2345"])
    expect(isSameHash(hash, await hashOfCode(other)), other).toBe(false);
  expect(isSameHash(hash, "")).toBe(false);
  expect(handleOf("ABCD2345")).toBe("ABC");
  expect(hash).not.toContain("D2345");
});
