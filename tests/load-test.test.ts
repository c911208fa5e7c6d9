import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { summarySchema } from "../perf/load/outcome.ts";
import { originsOf, targetOf, whyNoBoard } from "../perf/load/target.ts";
import { type StartedServer, startServer } from "../scripts/testing/started-server.ts";
import { temporaryDirectory } from "../src/testing/workshop.ts";

let server: StartedServer;
beforeAll(async () => {
  server = await startServer({ SHOP_TIME_ZONE: "UTC", LOG_LEVEL: "info" });
});
afterAll(() => server.stop());

interface Given {
  /** What stands first in PATH; absent: nothing that is called k6. */
  bin?: string;
  results: string;
  url?: string;
  args?: readonly string[];
  environment?: Readonly<Record<string, string>>;
}

const argumentsOf = ({ results, url = server.url, args = [] }: Given) => [
  ...["--tool", "k6", "--profile", "quick", "--url", url, "--results", results],
  ...args,
];
const environmentOf = (bin?: string) => ({ PATH: [bin, "/usr/bin", "/bin"].filter(Boolean).join(":") });

async function load(given: Given) {
  const child = spawn("scripts/load_test.sh", argumentsOf(given), {
    env: { ...environmentOf(given.bin), ...given.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, out, err };
}

const trend = (p95: number) => ({ values: { count: 3, "p(95)": p95, max: p95 } });

/** A k6 that measures nothing and writes what it is told to. */
function stubK6({ boardMs = 4, lostPushes = 0, status = 0, lastsSeconds = 0 } = {}): string {
  const bin = temporaryDirectory();
  const metrics = {
    board_ms: trend(boardMs),
    stats_ms: trend(2),
    move_ms: trend(5),
    push_ms: trend(8),
    errors: { values: { rate: 0, passes: 0, fails: 3 } },
    lost_pushes: { values: { count: lostPushes, rate: 0 } },
    dropped_iterations: { values: { count: 0, rate: 0 } },
    http_reqs: { values: { count: 9, rate: 1 } },
    conflicts: { values: { count: 2, rate: 1 } },
  };
  writeFileSync(join(bin, "summary"), JSON.stringify({ state: { testRunDurationMs: 3_000 }, metrics }));
  const script = `#!/usr/bin/env bash
while [ $# -gt 0 ]; do case $1 in --log-output) log=\${2#file=} ;; esac; shift; done
printf '%s\\n' '0 board 200 4.0' '900 stats 200 2.0' '1500 move 409 5.0' 'a word of k6' >"$log"
printf %s "$URL" >"$(dirname "$SUMMARY")/url"
echo $$ >"$(dirname "$SUMMARY")/pid"
cp ${join(bin, "summary")} "$SUMMARY"
[ ${lastsSeconds} = 0 ] || exec sleep ${lastsSeconds}
echo "it failed for a reason" && exit ${status}
`;
  writeFileSync(join(bin, "k6"), script);
  chmodSync(join(bin, "k6"), 0o755);
  return bin;
}

const isRunning = (pid: number) => existsSync(`/proc/${pid}`);

/** Addresses that some reader or other takes for this machine, or that seem to be it. */
const tricks = [
  ...["http://127.0.0.1.evil.com", "http://127.0.0.1:3000@evil.com", "http://user@127.0.0.1:3000", "http://localhost."],
  ...["http://[::ffff:8.8.8.8]", "http://[::ffff:127.0.0.1]", "http://0.0.0.0:3000", "http://[::]:3000"],
  ...["http://evil.com\\@localhost", "http://localhost\\@evil.com", "http://evil.com#@localhost", "http:127.0.0.1"],
  ...["http://127.0.0.1%2eevil.com", "http://localhost%00.evil.com", "http://127.0.0.1\t.evil.com"],
];

const runsIn = (results: string) => readdirSync(results).toSorted();
const summaryOf = (results: string, run = "") =>
  summarySchema.parse(JSON.parse(readFileSync(join(results, run, "summary.json"), "utf8")));

describe("scripts/load_test.sh", { timeout: 120_000 }, () => {
  it("seeds, runs, and writes what it came to", async () => {
    const results = temporaryDirectory();
    const { code, out, err } = await load({ bin: stubK6(), results });
    expect(err).toMatch(/^k6, quick: 0 s of about 15 s\n/m);
    expect(out).toContain("| board, p95 | <= 800 ms | 4 ms | 1/200 of it |  |");
    expect(out).toContain("9 requests (3/s with the screens' own), 2 conflicts");
    expect(code).toBe(0);
    const [run = ""] = runsIn(results);
    expect(readdirSync(join(results, run)).toSorted()).toEqual(["latency.svg", "raw", "report.md", "summary.json"]);
    expect(readFileSync(join(results, run, "latency.svg"), "utf8")).toMatch(/<polyline points="\d/);
    expect(summaryOf(results, run).slos.map(({ id }) => id)).toEqual([
      ...["board", "stats", "move", "push", "errors", "lost", "unsent"],
    ]);
    const board = await fetch(`${server.url}/api/admin/appointments/board?date=2098-06-16`);
    expect(await board.text()).toContain('"count":');
  });

  it("[AU1] signs as a machine, on the way that machines take, and says which keys it misses", async () => {
    const asked: { path: string; authorization: string | undefined }[] = [];
    const api = createServer(async (request, response) => {
      const { url: path = "", headers, method = "GET" } = request;
      if (path !== "/health") asked.push({ path, authorization: headers.authorization });
      const body = await text(request);
      const answer = await fetch(server.url + path.replace(/^\/machine/, ""), {
        method,
        headers: { "content-type": "application/json" },
        ...(body !== "" && { body }),
      });
      response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
    }).listen(0, "127.0.0.1");
    await once(api, "listening");
    const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    const results = temporaryDirectory();
    const given = { bin: stubK6(), results, url, args: ["--machine"] };
    expect(await load({ ...given, environment: { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE" } })).toEqual({
      code: 1,
      out: "",
      err: "--machine needs AWS_SECRET_ACCESS_KEY, AWS_REGION\n",
    });
    const keys = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret", AWS_REGION: "eu-central-1" };
    const { code, out } = await load({ ...given, environment: keys });
    expect([code, out]).toEqual([0, expect.stringContaining(`On ${url}, `)]);
    expect(asked.length).toBeGreaterThan(2);
    for (const { path, authorization } of asked) {
      expect(path).toMatch(/^\/machine\/api\//);
      expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d+\/eu-central-1\/execute-api/);
    }
    const entrance = readFileSync(join(results, runsIn(results)[0] ?? "", "raw/url"), "utf8");
    await expect(fetch(entrance)).rejects.toThrow("fetch failed");
    api.close();
  });

  it("ends with 1 when an SLO fails, and says which", async () => {
    const results = temporaryDirectory();
    const { code, out } = await load({ bin: stubK6({ boardMs: 801, lostPushes: 1, status: 99 }), results });
    expect(out).toContain("| board, p95 | <= 800 ms | 801 ms | **not met** |");
    expect(out).toContain("| lost pushes | <= 0 | 1 | **not met** |");
    expect(out).toContain("| move, p95 | <= 400 ms | 5 ms | 1/80 of it |");
    expect(code).toBe(1);
  });

  it("compares with the last run of the same kind", async () => {
    const results = temporaryDirectory();
    const before = join(results, "20200101T000000Z");
    expect((await load({ bin: stubK6({ boardMs: 40 }), results })).out).toContain("There is no earlier run");
    const [run = ""] = runsIn(results);
    mkdirSync(before);
    writeFileSync(join(before, "summary.json"), JSON.stringify({ ...summaryOf(results, run), profile: "peak" }));
    const next = await load({ bin: stubK6(), results });
    expect(next.out).toContain(`The last run is ${run}.`);
    expect(next.out).toContain("| board, p95 | <= 800 ms | 4 ms | 1/200 of it | 40 ms |");
  });

  it("says what is missing and how to get it, and installs nothing", async () => {
    const results = join(temporaryDirectory(), "none");
    const { code, out, err } = await load({ results });
    expect(err).toMatch(/^k6 is missing\. Either:\n {2}go install go\.k6\.io\/k6@v1\.8\.1 /);
    expect([code, out]).toEqual([1, ""]);
    expect(() => readdirSync(results)).toThrow();
  });

  it("puts a load on nothing but this machine and what the list names", async () => {
    const results = join(temporaryDirectory(), "none");
    for (const url of [
      "https://board.example.com",
      "http://127.0.0.1@board.example.com",
      "http://localhost.example.com",
    ]) {
      const { code, err } = await load({ bin: stubK6(), results, url });
      expect(err).toMatch(/load-targets\.txt|an origin and nothing more/);
      expect(code).toBe(1);
    }
    expect(() => readdirSync(results)).toThrow();
    const list = originsOf("# mine\nhttps://board.example.com:443/ # since May\n\n");
    expect(targetOf("https://board.example.com", list)).toEqual({ origin: "https://board.example.com" });
    expect(targetOf("http://board.example.com", list)).toEqual({
      reason: expect.stringMatching(/neither this machine/),
    });
    const asShipped = originsOf(readFileSync("scripts/load-targets.txt", "utf8"));
    expect(targetOf("https://evil.example", asShipped)).toHaveProperty("reason");
    for (const url of ["http://127.1.2.3:3000", "http://[::1]:3000", "http://localhost:3000"])
      expect(targetOf(url, [])).toEqual({ origin: url });
    for (const url of ["", "ftp://localhost", "http://localhost/path", "http://128.0.0.1", ...tricks])
      expect(targetOf(url, []), url).toHaveProperty("reason");
  });

  it("tells the tools the origin as the standard reads it, however it was written", async () => {
    for (const [url, origin] of [
      ["http://0x7f000001:3000", "http://127.0.0.1:3000"],
      ["http://2130706433", "http://127.0.0.1"],
      ["http://127.0.0.1:3000/#", "http://127.0.0.1:3000"],
      ["HTTP://LOCALHOST:80/".replace("HTTP", "http"), "http://localhost"],
    ] as const)
      expect(targetOf(url, [])).toEqual({ origin });
    const results = temporaryDirectory();
    const { code, out } = await load({
      bin: stubK6(),
      results,
      url: `${server.url.replace("127.0.0.1", "0x7f000001")}/`,
    });
    expect(out).toContain(`On ${server.url}, `);
    expect(code).toBe(0);
    expect(readFileSync(join(results, runsIn(results)[0] ?? "", "raw/url"), "utf8")).toBe(server.url);
  });

  it("needs a board that answers for itself", async () => {
    let answer: (response: ServerResponse) => void = () => {};
    const other = createServer((_, response) => answer(response)).listen(0, "127.0.0.1");
    await once(other, "listening");
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const results = join(temporaryDirectory(), "none");
    const refused = async () => {
      const { code, out, err } = await load({ bin: stubK6(), results, url });
      expect([code, out]).toEqual([1, ""]);
      return err;
    };
    answer = (response) => response.writeHead(307, { location: "https://board.example.com/health" }).end();
    expect(await refused()).toBe(
      `${url} sends its callers to https://board.example.com/health; a load follows nobody\n`,
    );
    answer = (response) => response.end("<p>It works!");
    expect(await refused()).toBe(`what answers at ${url} is no status board: its /health is no JSON\n`);
    answer = (response) => response.end('{"ok":true}');
    expect(await whyNoBoard(url)).toBe(`what answers at ${url} is no status board: 200 at /health`);
    answer = (response) => response.socket?.destroy();
    expect(await refused()).toBe(`nobody answers at ${url}\n`);
    expect(() => readdirSync(results)).toThrow();
    other.close();
  });

  it("passes over summaries that were cut off, and says when a tool has left nothing to judge", async () => {
    const results = temporaryDirectory();
    expect((await load({ bin: stubK6(), results })).code).toBe(0);
    const [run = ""] = runsIn(results);
    for (const [name, text] of [
      ["29990101T000000Z", JSON.stringify(summaryOf(results, run))],
      ["20200101T000000Z", '{ "tool": "k'],
      ["20200102T000000Z", '{ "tool": "k6" }'],
    ] as const) {
      mkdirSync(join(results, name));
      writeFileSync(join(results, name, "summary.json"), text);
    }
    writeFileSync(join(results, run, "summary.json"), "");
    const { code, out } = await load({ bin: stubK6(), results });
    expect(out).toContain("There is no earlier run of this kind.");
    expect(code).toBe(0);
    const bin = stubK6();
    writeFileSync(join(bin, "summary"), '{ "state": ');
    const broken = await load({ bin, results });
    expect(broken.err).toMatch(/\nk6 has left nothing in .+\/raw that could be judged: SyntaxError: [^\n]+\n$/);
    expect(broken.code).toBe(1);
  });

  it("takes the tool along when it is stopped, and leaves nothing that looks like a run", async () => {
    const results = temporaryDirectory();
    const bin = stubK6({ lastsSeconds: 60 });
    const child = spawn("scripts/load_test.sh", argumentsOf({ results }), { env: environmentOf(bin), stdio: "ignore" });
    const pidFile = () => runsIn(results).map((run) => join(results, run, "raw/pid"))[0] ?? "";
    await expect
      .poll(() => existsSync(pidFile()) && readFileSync(pidFile(), "utf8"), { timeout: 60_000 })
      .toMatch(/\d\n$/);
    const pid = Number(readFileSync(pidFile(), "utf8"));
    child.kill("SIGTERM");
    await once(child, "close");
    expect(child.exitCode).not.toBe(0);
    await expect.poll(() => isRunning(pid)).toBe(false);
    const next = await load({ bin: stubK6(), results });
    expect(next.out).toContain("There is no earlier run of this kind.");
    expect(next.code).toBe(0);
  });

  it("tells when the tool itself failed, and when the board cannot be filled", async () => {
    const results = temporaryDirectory();
    const failed = await load({ bin: stubK6({ status: 107 }), results });
    expect(failed.err).toMatch(/k6 ended with 107; what it said is in .+\/raw:\nit failed for a reason\n$/);
    expect(failed.code).toBe(1);
    const nobody = await load({ bin: stubK6(), results, url: "http://127.0.0.1:1" });
    expect(nobody.code).toBe(1);
    expect(runsIn(results)).toHaveLength(1);
  });

  it("refuses what it does not understand, and helps", async () => {
    const results = join(temporaryDirectory(), "none");
    for (const args of [["--fast"], ["--tool", "jmeter"], ["--profile", "huge"], ["--header", "x"], ["--url"]]) {
      const { code, out, err } = await load({ bin: stubK6(), results, args });
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(/^.+\nusage: scripts\/load_test\.sh /);
    }
    expect((await load({ results, args: ["--help"] })).out).toMatch(/^usage: scripts\/load_test\.sh/);
  });
});
