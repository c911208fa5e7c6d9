import { errorStatus } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import type { ClientError } from "../../result.ts";
import { errorWords, quotableId } from "./error-words.ts";

const error = (code: string) =>
  ({ code, message: "m", correlationId: "c1", issues: [{ path: "a", message: "is wrong" }] }) as unknown as ClientError;
const codes = [...Object.keys(errorStatus), "network", "timeout", "aborted", "bad_answer"];

describe("failures in words", () => {
  it.each(codes)("[HT2] %s is a sentence without its code", (code) => {
    const words = errorWords(error(code));
    expect(words.length).toBeGreaterThan(5);
    expect(words).not.toContain("_");
    expect(words).not.toContain("!");
  });

  it("[HT4] quotes the correlation id of what is ours alone", () => {
    expect(codes.filter((code) => quotableId(error(code)) === "c1").sort()).toEqual([
      "bad_answer",
      "internal",
      "timeout",
      "unavailable",
    ]);
  });
});
