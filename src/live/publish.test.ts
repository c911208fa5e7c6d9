import { limits } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { StoreUnavailable } from "../store/store.ts";
import type { FeedItem } from "./ports.ts";
import { publish } from "./publish.ts";
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
