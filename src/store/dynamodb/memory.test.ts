import { expect, it } from "vitest";
import { createMemory } from "./memory.ts";

const kept = (memory: { get(key: string): unknown }, keys: string) =>
  [...keys].filter((key) => memory.get(key) !== undefined).join("");

it("forgets what was used longest ago once the weight is too much", () => {
  const memory = createMemory<string>(10);
  for (const key of "abc") memory.set(key, key, 3);
  memory.get("a");
  memory.set("d", "d", 4);
  expect(kept(memory, "abcd")).toBe("acd");
});

it("counts a replaced value once, and a forgotten one not at all", () => {
  const memory = createMemory<string>(10);
  for (const weight of [9, 4, 4]) memory.set("a", "a", weight);
  memory.set("b", "b", 6);
  expect(kept(memory, "ab")).toBe("ab");
  memory.delete("a");
  memory.delete("a");
  memory.set("c", "c", 4);
  expect(kept(memory, "abc")).toBe("bc");
});

it("does not keep what is heavier than all it may hold", () => {
  const memory = createMemory<string>(10);
  memory.set("a", "a", 11);
  expect(kept(memory, "a")).toBe("");
});
