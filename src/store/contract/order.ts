import type { Status } from "@status-board/contracts";
import { expect } from "vitest";
import type { Anchor } from "../../domain/place.ts";
import { seededRandom } from "../../domain/testing/seeded-random.ts";
import type { Workshop, WorkshopTest } from "./workshop.ts";
import * as workshop from "./workshop.ts";

const { addCards, column, columnIds, expectRanked, move } = workshop;

/** The columns between which the cards go; all four ways are allowed. */
const columns = ["scheduled", "in_progress"] as const;
type Column = (typeof columns)[number];

interface Step {
  id: string;
  to: Column;
  anchor: Anchor;
}

/** The columns as plain lists, which the store must agree with. */
type Model = Record<Column, string[]>;

function applyTo(model: Model, { id, to, anchor }: Step): void {
  for (const status of columns) model[status] = model[status].filter((other) => other !== id);
  const list = model[to];
  let index = list.length;
  if (anchor.kind === "position") index = Math.min(anchor.position, list.length);
  if (anchor.kind === "before" || anchor.kind === "after") {
    const found = list.indexOf(anchor.id);
    if (found !== -1) index = anchor.kind === "after" ? found + 1 : found;
  }
  list.splice(index, 0, id);
}

/** Any card to any place. */
function anyStep(ids: readonly string[], random: () => number): Step {
  const pick = <T>(list: readonly T[]): T => {
    const item = list[Math.floor(random() * list.length)];
    if (item === undefined) throw new Error("there is nothing to pick from");
    return item;
  };
  const id = pick(ids);
  const other = pick(ids.filter((candidate) => candidate !== id));
  const position = Math.floor(random() * (ids.length + 2));
  const anchor = pick<Anchor>([
    { kind: "end" },
    { kind: "position", position },
    { kind: "after", id: other },
    { kind: "before", id: other },
  ]);
  return { id, to: pick(columns), anchor };
}

/** Two cards in turn right behind a third: every move halves the room that is left. */
function squeeze([fixed = "", ...others]: readonly string[], number: number): Step {
  return { id: others[number % 2] ?? "", to: "scheduled", anchor: { kind: "after", id: fixed } };
}

/** Makes the move, from the newer version when a re-spacing has touched the card in between. Gives its new version. */
async function take(shop: Workshop, step: Step, version: number): Promise<number> {
  const { id, to, anchor } = step;
  const result = await move(shop, { id, version }, to, { anchor, from: columns });
  if (result.kind === "moved") return result.current.card.version;
  if (result.kind === "refused" && result.current.kind === "card" && result.current.card.version > version)
    return take(shop, step, result.current.card.version);
  throw new Error(`expected the card to move, but: ${result.kind}`);
}

const movesBetweenChecks = 100;
/** Any steps and squeezing steps take turns of so many moves, the latter enough to use up all 128 characters. */
const movesBetweenTurns = 1_000;
const timeoutMs = 20 * 60_000;

/** MV5's own proof: the order stays what the moves made it, however many there are. */
export function orderContract(it: WorkshopTest, moves: number): void {
  it(
    `[MV5] keeps the order that ${moves} moves of 10 cards make, re-spacing included`,
    async (shop) => {
      const random = seededRandom(20_310_303);
      const ids = (await addCards(shop, 10)).map(({ id }) => id);
      const model: Model = { scheduled: [...ids], in_progress: [] };
      const versions = new Map(ids.map((id) => [id, 1]));
      for (let number = 0; number < moves; number++) {
        const squeezing = Math.floor(number / movesBetweenTurns) % 2 === 1;
        const step = squeezing ? squeeze(ids, number) : anyStep(ids, random);
        versions.set(step.id, await take(shop, step, versions.get(step.id) ?? 0));
        applyTo(model, step);
        if (number % movesBetweenChecks === 0 || number === moves - 1) await expectModel(shop, model);
      }
      // Versions beyond what the moves made come from re-spacing, without which this would prove little.
      if (moves >= 2 * movesBetweenTurns) expect(await versionSum(shop)).toBeGreaterThan(ids.length + moves);
    },
    timeoutMs,
  );
}

async function expectModel(shop: Workshop, model: Model): Promise<void> {
  for (const status of columns satisfies readonly Status[]) {
    expect(await columnIds(shop, status)).toEqual(model[status]);
    expectRanked(await column(shop, status));
  }
}

async function versionSum(shop: Workshop): Promise<number> {
  const cards = await Promise.all(columns.map((status) => column(shop, status)));
  return cards.flat().reduce((sum, { version }) => sum + version, 0);
}
