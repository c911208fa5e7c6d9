import { type Appointment, appointmentSchema } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { startServer } from "../src/testing/server-process.ts";
import { temporaryDirectory } from "../src/testing/workshop.ts";
import { startWatcher } from "./support/watcher.ts";

const date = "2031-03-03";
const unknownId = "01K00000000000000000000T0M";

/** The cards of a server, as somebody at the front desk works with them. */
function frontDesk(url: string) {
  const path = `${url}/api/admin/appointments`;
  async function send(method: string, route: string, body?: object): Promise<unknown> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(path + route, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await response.text();
    expect(response.ok, text).toBe(true);
    return z.object({ data: z.unknown() }).parse(JSON.parse(text)).data;
  }
  const card = async (...request: Parameters<typeof send>) => appointmentSchema.parse(await send(...request));
  return {
    add: (name: string, onDate = date) => {
      const start = `${onDate}T09:00:00Z`;
      const rest = { customer: { name }, vehicle: { plate: "B-XY 1" }, serviceCodes: [] };
      return card("POST", "", { start, end: start, ...rest });
    },
    move: ({ id, version }: Appointment, newStatus: string, place: object = {}) =>
      card("POST", `/${id}/move`, { newStatus, expectedVersion: version, ...place }),
    edit: ({ id, version }: Appointment, change: object) =>
      card("PATCH", `/${id}`, { expectedVersion: version, ...change }),
    remove: ({ id, version }: Appointment) => send("DELETE", `/${id}?expectedVersion=${version}`),
  };
}

const watch = (url: string, ...args: string[]) => startWatcher("--url", url, "--date", date, ...args);

/** What lines of changes say, without their times. */
const told = (lines: readonly string[]) =>
  lines.flatMap((line) => /^\S+Z {2}rev \d+ {2}(.*?)(?: {2}\(-?\d+ ms\))?$/.exec(line)?.[1] ?? []);

describe("while it is live", () => {
  it("[LV3] a line for each change says who did what, from where to where, and how long ago", async () => {
    const { url } = await startServer({ DATA_DIR: temporaryDirectory() });
    const desk = frontDesk(url);
    const first = await desk.add("Ada");
    const watcher = watch(url);
    await watcher.says(/live: 1 cards, revision 1$/);
    let second = await desk.add("Ben");
    const line = await watcher.says(/Ben/);
    const [, at = "", age] =
      /^(\S+Z) {2}rev 2 {2}Owner added Ben, B-XY 1 to scheduled {2}\((\d+) ms\)$/.exec(line) ?? [];
    expect(at).toBe(second.updatedAt);
    expect(Number(age)).toBeLessThan(5_000);
    second = await desk.move(second, "scheduled", { beforeId: first.id });
    await watcher.says(/rev 3/);
    second = await desk.edit(second, { notes: "hurry" });
    await watcher.says(/rev 4/);
    second = await desk.move(second, "ready");
    await watcher.says(/rev 5/);
    await desk.remove(second);
    await watcher.says(/rev 6/);
    const there = { start: "2031-03-04T09:00:00Z", end: "2031-03-04T09:00:00Z" };
    const gone = await desk.edit(first, there);
    await watcher.says(/rev 7/);
    await desk.edit(gone, { start: `${date}T10:00:00Z`, end: `${date}T10:00:00Z` });
    await watcher.says(/rev 8/);
    expect(told(watcher.lines)).toEqual([
      "Owner added Ben, B-XY 1 to scheduled",
      "Owner reordered Ben, B-XY 1 in scheduled",
      "Owner edited Ben, B-XY 1 in scheduled",
      "Owner moved Ben, B-XY 1 from scheduled to ready",
      "Owner removed Ben, B-XY 1 from ready",
      "Owner moved Ada, B-XY 1 from scheduled to 2031-03-04",
      "Owner brought Ada, B-XY 1 into scheduled",
    ]);
  });

  it("[LV2] --until ends with 0 by a change of that card and no other, --timeout with 1", async () => {
    const { url } = await startServer({ DATA_DIR: temporaryDirectory() });
    const desk = frontDesk(url);
    const [awaited, other] = [await desk.add("Ada"), await desk.add("Ben")];
    const watcher = watch(url, "--until", awaited.id, "--timeout", "30");
    const hopeless = watch(url, "--until", unknownId, "--timeout", "1");
    await watcher.says(/live: 2 cards/);
    await desk.move(other, "ready");
    await watcher.says(/Ben/);
    await desk.move(awaited, "ready");
    expect(await watcher.ended).toEqual({ code: 0, err: "" });
    expect(told(watcher.lines).at(-1)).toBe("Owner moved Ada, B-XY 1 from scheduled to ready");
    expect(await hopeless.ended).toEqual({ code: 1, err: `no change of ${unknownId} came within 1 s\n` });
  });
});

describe("after a cut", () => {
  it("[LV5] it resumes by itself, tells what it missed, and said once that it was unsure", async () => {
    const DATA_DIR = temporaryDirectory();
    const first = await startServer({ DATA_DIR });
    const cards = [await frontDesk(first.url).add("Ada"), await frontDesk(first.url).add("Ben")] as const;
    const watcher = watch(first.url);
    await watcher.says(/live: 2 cards/);
    first.signal("SIGTERM");
    expect(await first.ended).toMatchObject({ code: 0 });
    await watcher.says(/unsure since \S+Z: the connection is lost/);
    await watcher.says(/cannot be reached: ECONNREFUSED; trying on/);

    // On another port the same database goes on where the watcher cannot see it.
    const unseen = await startServer({ DATA_DIR });
    const desk = frontDesk(unseen.url);
    const moved = await desk.move(cards[0], "in_progress");
    await desk.move(moved, "ready");
    await desk.remove(cards[1]);
    await desk.add("Cem");
    unseen.signal("SIGTERM");
    expect(await unseen.ended).toMatchObject({ code: 0 });

    const again = await startServer({ DATA_DIR, PORT: String(first.port) });
    await watcher.says(/live again after \d+ ms: 2 cards/);
    await frontDesk(again.url).add("Dana");
    await watcher.says(/Dana/);
    expect(told(watcher.lines)).toEqual([
      "Owner moved Ada, B-XY 1 from scheduled to in_progress",
      "Owner moved Ada, B-XY 1 from in_progress to ready",
      "Owner removed Ben, B-XY 1 from scheduled",
      "Owner added Cem, B-XY 1 to scheduled",
      "Owner added Dana, B-XY 1 to scheduled",
    ]);
    expect(watcher.lines.filter((line) => line.includes("unsure"))).toHaveLength(1);
    expect(watcher.lines.filter((line) => line.includes("cannot be reached"))).toHaveLength(1);
    expect(watcher.lines.filter((line) => line.includes("live"))).toHaveLength(2);
  });

  it("[LV5] another life of the database is compared with what was there before", async () => {
    const DATA_DIR = temporaryDirectory();
    const first = await startServer({ DATA_DIR });
    const cards = [await frontDesk(first.url).add("Ada"), await frontDesk(first.url).add("Ben")] as const;
    const watcher = watch(first.url, "--until", cards[1].id);
    await watcher.says(/live: 2 cards/);
    first.signal("SIGKILL");
    await first.ended;
    await watcher.says(/unsure since/);
    const unseen = await startServer({ DATA_DIR });
    await frontDesk(unseen.url).move(cards[0], "ready");
    await frontDesk(unseen.url).remove(cards[1]);
    unseen.signal("SIGKILL");
    await unseen.ended;
    await startServer({ DATA_DIR, PORT: String(first.port) });
    expect(await watcher.ended).toEqual({ code: 0, err: "" });
    expect(told(watcher.lines)).toEqual([
      "Owner moved Ada, B-XY 1 from scheduled to ready",
      "somebody removed Ben, B-XY 1 from scheduled",
    ]);
  });
});

describe("without a server", () => {
  it("[CL5] it says so once and keeps trying until there is one", async () => {
    const DATA_DIR = temporaryDirectory();
    const server = await startServer({ DATA_DIR });
    server.signal("SIGTERM");
    await server.ended;
    const watcher = watch(server.url);
    await watcher.says(/cannot be reached: ECONNREFUSED; trying on$/);
    await startServer({ DATA_DIR, PORT: String(server.port) });
    await watcher.says(/live: 0 cards, revision 0$/);
    expect(watcher.lines).toHaveLength(3);
  });

  it("[CL5] it says what a server answers that does not let it in", async () => {
    const { url } = await startServer({ DATA_DIR: temporaryDirectory() });
    const watcher = watch(url, "--header", "origin: https://evil.test", "--until", unknownId, "--timeout", "1");
    const line = await watcher.says(/trying on/);
    expect(line).toMatch(/ {2}http:\/\/\S+ answers 403 forbidden: .+; trying on$/);
    const { code, err } = await watcher.ended;
    expect(code).toBe(1);
    expect(err).toMatch(/^no change of \S+ came within 1 s: http:\/\/\S+ answers 403 forbidden: .+\n$/);
  });
});

describe("its arguments", () => {
  it("[CL5] wrong ones are named with the usage, exit 2", async () => {
    const watcher = startWatcher("--url", "ftp://x", "--date", date);
    const { code, err } = await watcher.ended;
    expect([code, watcher.lines]).toEqual([2, []]);
    expect(err).toMatch(/^--url must be .*\nusage: npm run watch -- --url URL .*\n$/);
  });

  it("[CL5] --help explains them", async () => {
    const watcher = startWatcher("--help");
    expect(await watcher.ended).toEqual({ code: 0, err: "" });
    expect(watcher.lines[0]).toMatch(/^usage: npm run watch/);
  });
});
