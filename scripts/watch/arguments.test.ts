import { describe, expect, it } from "vitest";
import { parseCommand, usage } from "./arguments.ts";

const date = "2031-03-03";
const url = "http://127.0.0.1:1";
const id = "01K00000000000000000000T0M";

describe("the watcher's arguments", () => {
  it("[CL5] are all understood", () => {
    const header = ["--header", "x-one: 1: 2", "--header", "Y:2"];
    const args = ["--url", `${url}/board//`, "--date", date, "--until", id, "--timeout", "10", ...header];
    expect(parseCommand(args)).toEqual({
      kind: "watch",
      options: { url: `${url}/board`, date, until: id, timeoutSeconds: 10, headers: { "x-one": "1: 2", Y: "2" } },
    });
    expect(parseCommand(["--url", url, "--date", date])).toEqual({
      kind: "watch",
      options: { url, date, headers: {} },
    });
    expect(parseCommand(["-h"])).toEqual({ kind: "help" });
    expect(usage).toContain("--until ID");
  });

  const wrong: [what: string, args: string[], problem: string][] = [
    ["no URL", ["--date", date], "--url must be an http or https address"],
    ["no address", ["--url", "ftp://x", "--date", date], "--url must be an http or https address"],
    ["a password", ["--url", "http://a:b@x", "--date", date], "--url must be an http or https address"],
    ["no date", ["--url", url], "--date must be a calendar day"],
    ["no day", ["--url", url, "--date", "2031-02-30"], "--date must be a calendar day"],
    ["no id", ["--url", url, "--date", date, "--until", "card"], "--until must be a card's id"],
    ["no number", ["--url", url, "--date", date, "--until", id, "--timeout", "soon"], "--timeout must be"],
    ["nothing awaited", ["--url", url, "--date", date, "--timeout", "1"], "--timeout goes with --until"],
    ["no header", ["--url", url, "--date", date, "--header", "x"], "--header must be 'name: value'"],
    ["no header's name", ["--url", url, "--date", date, "--header", "ä b: 1"], "--header must be 'name: value'"],
    ["an unknown one", ["--url", url, "--date", date, "--fast"], "Unknown option '--fast'"],
  ];
  it.each(wrong)("[CL5] wrong ones are named: %s", (_what, args, problem) => {
    expect(parseCommand(args)).toEqual({ kind: "wrong", problems: [expect.stringContaining(problem)] });
  });
});
