import { describe, expect, it } from "vitest";
import { createAttempts } from "./attempt.ts";

function countedAttempts() {
  let count = 0;
  return createAttempts(() => `id ${++count}`);
}

describe("attempts at a write", () => {
  it("[HT5] keeps the id while the same input is sent again", () => {
    const attempts = countedAttempts();
    expect([attempts.idFor({ notes: "a" }), attempts.idFor({ notes: "a" })]).toEqual(["id 1", "id 1"]);
  });

  it("[HT5] takes another id for other input, and for the same once it was saved", () => {
    const attempts = countedAttempts();
    const ids = [attempts.idFor({ notes: "a" }), attempts.idFor({ notes: "b" })];
    attempts.done();
    expect([...ids, attempts.idFor({ notes: "b" })]).toEqual(["id 1", "id 2", "id 3"]);
  });

  it("mints ids that the server takes, by default", () => {
    expect(createAttempts().idFor({})).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  });
});
