import { describe, expect, it } from "vitest";
import type { ClientError, Result } from "../../result.ts";
import { sendEdit } from "./send-edit.ts";
import { changedKeys } from "./stale-edit.ts";

interface Item {
  version: number;
  name: string;
  notes: string;
  /** What no form shows. */
  rank: string;
}
type Form = Pick<Item, "name" | "notes">;

const item: Item = { version: 1, name: "Zoë", notes: "", rank: "a" };
const formOf = ({ name, notes }: Item): Form => ({ name, notes });
const isSame = (key: keyof Form, one: Form, other: Form) => one[key] === other[key];
const timeout: ClientError = { code: "timeout", message: "", correlationId: "c" };

/** A server with one item, which first does what it is told to do in between, then judges the version. */
function room(between: ((server: { item: Item }) => void)[] = []) {
  const server = { item };
  const sent: { version: number; patch: Partial<Form> }[] = [];
  const taken: number[] = [];
  const conflict: ClientError = { code: "not_found", message: "stands for a version conflict", correlationId: "c" };
  const save = (form: Form) =>
    sendEdit<Item, Form, Partial<Form>>({
      item,
      form,
      formOf,
      isSame,
      patchOf: (from, to) => {
        if (to.name === "") return { kind: "wrong", errors: { name: "Please fill this in." } };
        const keys = changedKeys(formOf(from), to, isSame);
        return { kind: "patch", patch: Object.fromEntries(keys.map((key) => [key, to[key]])) };
      },
      send: async ({ version }, patch): Promise<Result<Item>> => {
        sent.push({ version, patch });
        between.shift()?.(server);
        if (server.item.name === "lost") return { ok: false, error: timeout };
        if (server.item.version !== version) return { ok: false, error: conflict };
        server.item = { ...server.item, ...patch, version: version + 1 };
        return { ok: true, data: server.item };
      },
      newerOf: (error) => (error === conflict ? server.item : undefined),
      take: ({ version }) => taken.push(version),
    });
  return { save, sent, taken };
}
const written = (change: Partial<Item>) => (server: { item: Item }) => {
  server.item = { ...server.item, ...change, version: server.item.version + 1 };
};

describe("sending an edit", () => {
  it("[AP2] sends what differs, once", async () => {
    const { save, sent } = room();
    expect(await save({ name: "Zoë", notes: "mine" })).toMatchObject({ kind: "saved", item: { notes: "mine" } });
    expect(sent).toEqual([{ version: 1, patch: { notes: "mine" } }]);
  });

  it("[AP2] goes over a newer version that changed nothing the form shows, and takes it in", async () => {
    const { save, sent, taken } = room([written({ rank: "b" })]);
    expect(await save({ name: "Zoë", notes: "mine" })).toMatchObject({
      kind: "saved",
      item: { rank: "b", version: 3 },
    });
    expect(sent.map(({ version }) => version)).toEqual([1, 2]);
    expect(taken).toEqual([2]);
  });

  it("[AP2] leaves it to the user where the newer version changed what the form shows", async () => {
    const { save, sent, taken } = room([written({ name: "Max" })]);
    expect(await save({ name: "Zoë", notes: "mine" })).toEqual({ kind: "newer" });
    expect([sent.length, taken]).toEqual([1, [2]]);
  });

  it("[HT5] finds nothing left to save where an earlier try came through", async () => {
    const { save, sent } = room([written({ notes: "mine" })]);
    expect(await save({ name: "Zoë", notes: "mine" })).toEqual({ kind: "nothing_to_save" });
    expect(sent).toHaveLength(1);
  });

  it("gives up after three versions in its way", async () => {
    const { save, sent } = room(["b", "c", "d", "e"].map((rank) => written({ rank })));
    expect(await save({ name: "Zoë", notes: "mine" })).toMatchObject({ kind: "failed" });
    expect(sent.map(({ version }) => version)).toEqual([1, 2, 3]);
  });

  it("sends nothing that is wrong or unchanged, and tells any other failure", async () => {
    const quiet = room();
    expect(await quiet.save({ name: "", notes: "" })).toMatchObject({ kind: "wrong" });
    expect(await quiet.save({ name: "Zoë", notes: "" })).toEqual({ kind: "nothing_to_save" });
    expect(quiet.sent).toEqual([]);
    const failing = room([written({ name: "lost" })]);
    expect(await failing.save({ name: "Zoë", notes: "mine" })).toEqual({ kind: "failed", error: timeout });
  });
});
