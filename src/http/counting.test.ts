import { expect, it } from "vitest";
import type { CountedRequest } from "../runtime/metrics.ts";
import { addCard, move } from "../testing/cards.ts";
import { host, openWorkshop } from "../testing/workshop.ts";
import { refuse } from "./dispatch.ts";

async function openCounted() {
  const workshop = await openWorkshop();
  const counted: CountedRequest[] = [];
  workshop.service.metrics = {
    request: (request) => void counted.push(request),
    published: () => {},
    subscribed: () => {},
  };
  const seen = () => counted.splice(0).map(({ route, status, isConflict }) => [route, status, isConflict]);
  return { ...workshop, counted, seen };
}

it("[HT6] counts each request once, by its route and status, and conflicts among them", async () => {
  const { manager, anonymous, seen } = await openCounted();
  const card = await addCard(manager);
  await move(manager, card, "ready");
  await manager.refused("moveAppointment", { id: card.id, body: { newStatus: "completed", expectedVersion: 1 } });
  await anonymous.send("getBoard", { query: { date: card.date } });
  expect(seen()).toEqual([
    ["createAppointment", 201, false],
    ["moveAppointment", 200, false],
    ["moveAppointment", 409, true],
    ["getBoard", 401, false],
  ]);
});

it("[HT6] counts under a name of its own only what there is, whatever a client asks for", async () => {
  const { manager, service, seen } = await openCounted();
  await manager.request({ path: "/api/admin/appointments/made-up/path" });
  await manager.request({ path: "/zoe@example.com" });
  await manager.request({ method: "BREW", path: "/health" });
  refuse({ method: "GET", path: "/%", query: "", headers: { host } }, { code: "not_found" }, service);
  expect(seen()).toEqual([
    ["none", 404, false],
    ["none", 404, false],
    ["none", 405, false],
    ["none", 404, false],
  ]);
});

it("[HT6] takes the time of a request as the log tells it", async () => {
  const { manager, counted, log } = await openCounted();
  await manager.ok("getHealth");
  const line = JSON.parse(log().at(-1) ?? "");
  expect(counted).toEqual([{ route: "getHealth", status: 200, durationMs: line.durationMs, isConflict: false }]);
});
