import fc from "fast-check";
import { expect, it } from "vitest";
import { errorOf, textOf } from "../testing/api.ts";
import { addCard, addCardIn, move } from "../testing/cards.ts";
import { hostileRequests, type Targets } from "../testing/hostile-requests.ts";
import { openWorkshop, type Workshop } from "../testing/workshop.ts";
import type { HttpRequest } from "./message.ts";

const requests = 6_000;

/** A board with something in it to break. */
async function filledWorkshop(): Promise<{ shop: Workshop; targets: Targets }> {
  const shop = await openWorkshop();
  const first = await addCard(shop.manager);
  const cards = [
    await move(shop.manager, first, "in_progress", { mutationId: "m-1" }),
    await addCardIn(shop.manager, "ready"),
    await addCardIn(shop.manager, "completed"),
  ];
  const { items } = await shop.manager.ok("listServices");
  const targets = { cardIds: cards.map(({ id }) => id), serviceIds: items.map(({ id }) => id) };
  return { shop, targets };
}

it(`[HT3] ${requests} hostile requests to all operations: no 5xx, every 4xx names its field, none of them writes`, async () => {
  const { shop, targets } = await filledWorkshop();
  const statuses = new Map<number, number>();
  let state = shop.everything();
  let rows = shop.rowsWritten();

  const judge = async (request: HttpRequest) => {
    const response = await shop.manager.request(request);
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
    expect(response.status).toBeLessThan(500);
    expect(response.headers["x-content-type-options"]).toBe("nosniff");
    const before = rows;
    rows = shop.rowsWritten();
    if (response.status < 400) {
      if (rows !== before) state = shop.everything();
      return;
    }
    expect(rows).toBe(before);
    const error = errorOf(response);
    if (error.code === "invalid_request") {
      expect(error.issues).not.toEqual([]);
      for (const { path, message } of error.issues) expect([path, message]).not.toContain("");
      expect(textOf(response).length).toBeLessThan(10_000);
    }
  };
  await fc.assert(fc.asyncProperty(hostileRequests(targets), judge), { numRuns: requests });

  expect(shop.everything()).toBe(state);
  for (const status of [200, 201, 400, 403, 404, 405, 409, 413, 415])
    expect(statuses.get(status), `${status}`).toBeDefined();
  expect(statuses.get(400)).toBeGreaterThan(requests / 5);
});
