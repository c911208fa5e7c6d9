import { expect, onTestFinished, test, vi } from "vitest";
import { parseCommand } from "./arguments.ts";

const good = ["--url", "http://127.0.0.1:3000", "--date", "2031-05-05", "--cards", "100"];
const parse = (...args: string[]) => parseCommand([...good, ...args]);

test("a whole command line", () => {
  const headers = ["--header", "authorization: Bearer a:b", "--header", "x-shop:1"];
  expect(parse("--reset", "--now", "2031-05-05T12:00:00+02:00", ...headers)).toEqual({
    kind: "seed",
    options: {
      url: "http://127.0.0.1:3000",
      date: "2031-05-05",
      cards: 100,
      reset: true,
      now: "2031-05-05T12:00:00+02:00",
      headers: { authorization: "Bearer a:b", "x-shop": "1" },
    },
  });
  expect(parse("--help")).toEqual({ kind: "help" });
  expect(parse("--now", "09:30")).toMatchObject({ kind: "seed", options: { now: "09:30" } });
});

test.each([
  [["--url", "localhost:3000"], "--url"],
  [["--url", "ftp://127.0.0.1"], "--url"],
  [["--date", "2031-02-30"], "--date"],
  [["--date", "05.05.2031"], "--date"],
  [["--date", "1999-12-31"], "--date"],
  [["--cards", "0"], "--cards"],
  [["--cards", "501"], "--cards"],
  [["--cards", "1e2"], "--cards"],
  [["--now", "noon"], "--now"],
  [["--now", "24:00"], "--now"],
  [["--now", "2031-05-05T12:00:00"], "--now"],
  [["--header", "no colon"], "--header"],
  [["--header", "bad name: x"], "--header"],
  [["--header", "x-empty:"], "--header"],
  [["--colour"], "--colour"],
  [["again"], "again"],
])("%j is refused by its name", (args, name) => {
  const command = parse(...args);
  expect(command).toEqual({ kind: "wrong", problems: [expect.stringContaining(name)] });
});

test("a machine's keys come from the environment, all of them or none", () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIATEST");
  vi.stubEnv("AWS_REGION", "eu-central-1");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "");
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(parse("--machine")).toEqual({ kind: "wrong", problems: ["--machine needs AWS_SECRET_ACCESS_KEY"] });
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "hush");
  expect(parse("--machine")).toMatchObject({ kind: "seed", keys: { accessKeyId: "AKIATEST", region: "eu-central-1" } });
  expect(parse()).not.toHaveProperty("keys");
});

test("nothing at all names everything that is missing", () => {
  const command = parseCommand([]);
  expect(command.kind === "wrong" && command.problems.map((problem) => problem.split(" ")[0])).toEqual([
    "--url",
    "--date",
    "--cards",
  ]);
});
