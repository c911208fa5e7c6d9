import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { StoreUnavailable } from "../store/store.ts";
import type { FeedItem } from "./ports.ts";
import { type Published, publish } from "./publish.ts";
import { board, changeOf, gatewayOf, itemOf, publishPorts, removalOf } from "./testing/publishing.ts";

const screens = [{ id: "one", role: "advisor" as const }];
const delivered = () => gatewayOf(() => "sent");
const unreadable: FeedItem = { kind: "unreadable", position: "7", reason: "damaged", board };

describe("publishing a batch", () => {
  it("[LV2] writes the history, then the revision, then reads who watches, and then sends", async () => {
    const gateway = delivered();
    const { ports, steps } = publishPorts(screens, gateway);
    const change = changeOf();
    expect(await publish([itemOf(change)], ports)).toEqual([]);
    expect(steps.order).toEqual(["history", "append", "watchers"]);
    expect(steps.history).toEqual([`${change.id} 1 created`]);
    expect(JSON.parse(gateway.got.get("one")?.[0] ?? "")).toMatchObject({ type: "diff", rev: 1, epoch: "e" });
  });

  it("[LV3] is one transaction, one query of connections and one post, however many cards it has", async () => {
    const gateway = delivered();
    const { ports, steps } = publishPorts(screens, gateway);
    await publish(
      Array.from({ length: 20 }, () => itemOf(changeOf())),
      ports,
    );
    expect(steps.order).toEqual(["history", "append", "watchers"]);
    expect(steps.appended[0]?.revisions).toHaveLength(1);
    expect(gateway.tries.get("one")).toBe(1);
  });

  it("[LV3] folds several changes of one card into the last, in whatever order they come", async () => {
    const { ports, steps } = publishPorts([], delivered());
    const first = changeOf();
    const { id } = first;
    const changes = [changeOf({ id, version: 3 }), first, removalOf(id, 4), changeOf({ id, version: 2 })];
    await publish(changes.map(itemOf), ports);
    expect(steps.appended[0]?.revisions).toMatchObject([{ kind: "changes", changes: [{ id, after: { version: 4 } }] }]);
  });

  it("[LV3] splits what is more than 28 KB, and makes one reset of more than eight revisions", async () => {
    const notes = "x".repeat(6_000);
    const many = (count: number) => Array.from({ length: count }, () => itemOf(changeOf({ notes })));
    const gateway = delivered();
    const { ports, steps } = publishPorts(screens, gateway);
    await publish(many(9), ports);
    expect(steps.appended[0]?.revisions).toHaveLength(3);
    for (const text of gateway.got.get("one") ?? [])
      expect(Buffer.byteLength(text)).toBeLessThan(limits.serverMessageMaxBytes);
    await publish(many(4 * limits.batchMaxRevisions), ports);
    expect(steps.appended[1]?.revisions).toHaveLength(8);
    await publish(many(4 * limits.batchMaxRevisions + 1), ports);
    expect(steps.appended[2]?.revisions).toMatchObject([{ kind: "reset" }]);
    expect(JSON.parse(gateway.got.get("one")?.at(-1) ?? "")).toMatchObject({ type: "reset", rev: 12 });
  });

  it("[CA6] an expiry is no change", async () => {
    const { ports, steps } = publishPorts(screens, delivered());
    const { after, ...expired } = changeOf();
    expect(await publish([itemOf(expired)], ports)).toEqual([]);
    expect(steps.order).toEqual([]);
  });
});

describe("the report of a batch", () => {
  const now = Date.parse("2031-03-03T08:00:00.000Z");
  const earlier = (ms: number) => new Date(now - ms).toISOString();

  async function reportOf(ages: readonly number[], gateway = delivered(), watchers = screens): Promise<Published> {
    const { ports } = publishPorts(watchers, gateway);
    const reports: Published[] = [];
    const items = ages.map((ms) => itemOf(changeOf({ updatedAt: earlier(ms) })));
    await publish(items, { ...ports, published: (report) => void reports.push(report) });
    const [report] = reports;
    if (report === undefined || reports.length > 1) throw new Error("a board's batch is one report");
    return report;
  }

  it("[LV8] counts the wait from the oldest write, and tells the newest", async () => {
    const report = await reportOf([3_000, 70_000, 1_000]);
    expect(report).toMatchObject({ board, revisions: 1, newestWriteAt: earlier(1_000), fanOut: { sent: 1 } });
    expect(report.latencyMs).toBeGreaterThanOrEqual(70_000);
  });

  it("[LV8] a clock that is behind the writer's makes no wait less than none", async () => {
    expect((await reportOf([-60_000])).latencyMs).toBeGreaterThanOrEqual(0);
  });

  it("[LV8] has no wait where nobody took it at once", async () => {
    for (const behaviour of ["gone", "failed"] as const)
      expect(
        (
          await reportOf(
            [1_000],
            gatewayOf((_id, tries) => (tries === 1 ? behaviour : "sent")),
          )
        ).latencyMs,
      ).toBe(undefined);
    expect((await reportOf([1_000], delivered(), [])).latencyMs).toBe(undefined);
  });

  it("[LV8] a screen that hangs does not make the others' wait longer", async () => {
    const both = [...screens, { id: "deaf", role: "advisor" as const }];
    const gateway = gatewayOf((id) => (id === "deaf" ? "hangs" : "sent"));
    const report = await reportOf([0], gateway, both);
    expect(report.fanOut).toMatchObject({ sent: 1, closed: 1 });
    expect(report.latencyMs).toBeLessThan(limits.postTimeoutMs);
  });
});

describe("a batch with something wrong in it", () => {
  it("[LV7] sets aside what cannot be read, with its reason; its board gets a reset after the rest", async () => {
    const gateway = delivered();
    const { ports, steps } = publishPorts(screens, gateway);
    expect(await publish([itemOf(changeOf()), unreadable, itemOf(changeOf())], ports)).toEqual([]);
    expect(steps.setAside).toEqual([{ item: unreadable, reason: "damaged" }]);
    expect(steps.appended[0]?.revisions.map(({ kind }) => kind)).toEqual(["changes", "reset"]);
    expect(gateway.got.get("one")?.map((text) => JSON.parse(text).type)).toEqual(["diff", "reset"]);
  });

  it("[LV7] sets aside what names no board at all, and publishes the rest", async () => {
    const { ports, steps } = publishPorts(screens, delivered());
    const homeless: FeedItem = { kind: "unreadable", position: "8", reason: "no key" };
    expect(await publish([homeless, itemOf(changeOf())], ports)).toEqual([]);
    expect(steps.setAside).toHaveLength(1);
    expect(steps.appended).toHaveLength(1);
  });

  it("[LV7] sets aside alone what can never be published, resets its board, and publishes the rest", async () => {
    const poison = changeOf({ notes: "poison" });
    const gateway = delivered();
    const { ports, steps } = publishPorts(screens, gateway, (step, _board, revisions) => {
      if (step === "append" && JSON.stringify(revisions).includes("poison")) throw new TypeError("by order");
    });
    const others = [changeOf(), changeOf(), changeOf({ date: "2031-03-04" }, { date: "2031-03-04" })];
    expect(await publish([poison, ...others].map(itemOf), ports)).toEqual([]);
    expect(steps.setAside.map(({ item }) => item)).toEqual([itemOf(poison)]);
    const told = steps.appended.flatMap(({ revisions }) =>
      revisions.flatMap((revision) => (revision.kind === "changes" ? revision.changes.map(({ id }) => id) : ["reset"])),
    );
    expect(told.toSorted()).toEqual(["reset", ...others.map(({ id }) => id)].toSorted());
  });

  it("[LV7] brings again only the boards that the database did not take", async () => {
    const far = changeOf({ date: "2031-03-04" }, { date: "2031-03-04" });
    const near = changeOf();
    for (const stage of ["history", "append", "watchers"] as const) {
      const { ports } = publishPorts(screens, delivered(), (step, of) => {
        if (step === stage && (of === undefined || of.date === "2031-03-04")) throw new StoreUnavailable("by order");
      });
      const again = await publish([near, far].map(itemOf), ports);
      expect(again).toEqual(stage === "history" ? [near, far].map(itemOf) : [itemOf(far)]);
    }
  });
});
