import { describe, expect, it } from "vitest";
import { diffOf } from "../domain/message.ts";
import { aCard } from "../domain/testing/cards.ts";
import { StoreUnavailable } from "../store/store.ts";
import { fanOut } from "./fan-out.ts";
import type { Watcher } from "./ports.ts";
import { type Behaviour, type GatewayDouble, gatewayOf } from "./testing/publishing.ts";

const date = "2031-03-03";
const watcher = (id: string, role: Watcher["role"] = "advisor"): Watcher => ({ id, role });

const revision = (rev: number) =>
  diffOf(
    { kind: "changes", rev, at: `${date}T08:00:00.000Z`, ops: [{ op: "upsert", card: aCard({ notes: "x" }) }] },
    date,
    "e",
  );

const messages = [revision(1), revision(2)];

async function sendTo(watchers: readonly Watcher[], gateway: GatewayDouble, remove?: () => Promise<void>) {
  const removed: string[] = [];
  const unused = () => Promise.reject(new Error("not of interest to a fan-out"));
  const connections = {
    add: unused,
    find: unused,
    watch: unused,
    watchers: unused,
    putTicket: unused,
    ofSession: unused,
    takeTicket: unused,
    remove: remove ?? (async (id: string) => void removed.push(id)),
  };
  const report = await fanOut(watchers, messages, { connections, gateway, random: Math.random });
  return { report, removed };
}

const behaving = (behaviours: Record<string, Behaviour>) => gatewayOf((id) => behaviours[id] ?? "sent");

describe("a fan-out", () => {
  it("[LV8] is one post a connection and revision, in the order of the revisions", async () => {
    const gateway = gatewayOf(() => "sent");
    const watchers = Array.from({ length: 500 }, (_, index) => watcher(`c${index}`));
    const { report } = await sendTo(watchers, gateway);
    expect(report).toMatchObject({ sent: 500, gone: 0, closed: 0 });
    expect([...gateway.tries.values()]).toEqual(watchers.map(() => messages.length));
    for (const got of gateway.got.values()) expect(got.map((text) => JSON.parse(text).rev)).toEqual([1, 2]);
  });

  it("[LV8] forgets a connection that is gone at once, with no second post", async () => {
    const gateway = behaving({ away: "gone" });
    const { report, removed } = await sendTo([watcher("away"), watcher("here")], gateway);
    expect(report).toMatchObject({ sent: 1, gone: 1, closed: 0 });
    expect(removed).toEqual(["away"]);
    expect(gateway.tries.get("away")).toBe(1);
    expect(gateway.closed.size).toBe(0);
  });

  it("[LV8] tries a post that failed again, and goes on from there", async () => {
    const gateway = gatewayOf((_id, tries) => (tries === 2 || tries === 3 ? "failed" : "sent"));
    const { report, removed } = await sendTo([watcher("c")], gateway);
    expect(report).toMatchObject({ sent: 1, gone: 0, closed: 0 });
    expect(removed).toEqual([]);
    expect(gateway.got.get("c")?.map((text) => JSON.parse(text).rev)).toEqual([1, 2]);
    expect(gateway.tries.get("c")).toBe(4);
  });

  it("[LV8] closes one who cannot be reached in time as slow, so that he resumes", async () => {
    const gateway = behaving({ dead: "failed", deaf: "hangs" });
    const { report, removed } = await sendTo([watcher("dead"), watcher("deaf"), watcher("here")], gateway);
    expect(report).toMatchObject({ sent: 1, gone: 0, closed: 2 });
    expect(removed.toSorted()).toEqual(["dead", "deaf"]);
    for (const id of ["dead", "deaf"]) expect(gateway.closed.get(id)).toEqual({ type: "bye", code: "slow" });
    expect(gateway.tries.get("dead")).toBeGreaterThan(1);
  });

  it("[LV8] reaches everybody else, however many hang before them", async () => {
    const gateway = gatewayOf((id) => (id.startsWith("deaf") ? "hangs" : "sent"));
    const deaf = Array.from({ length: 200 }, (_, index) => watcher(`deaf${index}`));
    const well = Array.from({ length: 50 }, (_, index) => watcher(`well${index}`));
    const { report } = await sendTo([...deaf, ...well], gateway);
    expect(report).toMatchObject({ sent: 50, gone: 0, closed: 200 });
    for (const { id } of well) expect(gateway.got.get(id)).toHaveLength(2);
  });

  it("[LV8] does not fail because a connection cannot be forgotten", async () => {
    const gateway = behaving({ away: "gone", dead: "failed" });
    const { report } = await sendTo([watcher("away"), watcher("dead"), watcher("here")], gateway, () =>
      Promise.reject(new StoreUnavailable("by order")),
    );
    expect(report).toMatchObject({ sent: 1, gone: 1, closed: 1 });
  });

  it("[AU6] writes the public projection to viewers, and the whole card to staff", async () => {
    const gateway = gatewayOf(() => "sent");
    await sendTo([watcher("tv", "viewer"), watcher("desk", "technician")], gateway);
    expect(gateway.got.get("tv")?.join()).not.toContain("notes");
    expect(gateway.got.get("desk")?.join()).toContain("notes");
  });
});
