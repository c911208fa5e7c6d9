import { expect } from "vitest";
import type { Board } from "./board.ts";
import type { Visited, Visitor } from "./visitor.ts";

/** The name by which tests visit the board; the issuer has another. */
export const host = "127.0.0.1";

/** That a visit ended in a small page with words, a way to try again and an id, and that nobody was signed in by it. */
export function expectPage(board: Board, visitor: Visitor, visited: Visited, status: number, words: RegExp) {
  expect([visited.status, visited.text]).toEqual([status, expect.stringMatching(words)]);
  expect(visited.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const policy = visited.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe-inline");
  expect(visited.text).toMatch(new RegExp(`href="${board.url}/auth/login|href="/auth/login`));
  expect(visited.text).toContain(visited.headers.get("x-correlation-id"));
  expect(visited.text).not.toMatch(/<script|Error:|node_modules| at /);
  expect(visitor.cookies(host).has("session")).toBe(false);
  expect(board.sessionsMade()).toBe(0);
}
