import { type RouteId, routes, visits } from "@status-board/contracts";
import { expect, it } from "vitest";
import * as handlersByGroup from "../http/handlers.ts";
import { requestTo } from "../testing/api.ts";
import { answerHttp } from "./answer-http.ts";
import { openDeployment } from "./testing/deployment.ts";
import { httpEvent } from "./testing/http-events.ts";

const groups: Record<string, handlersByGroup.Handlers> = { ...handlersByGroup };

const eventOf = (method: string, path: string) => httpEvent({ method, path });

const id = "01K00000000000000000000000";

it("[AU1] every operation is served by exactly one function", () => {
  const served = Object.values(groups).flatMap((handlers) => Object.keys(handlers));
  expect(served.toSorted()).toEqual(Object.keys(routes).toSorted());
});

it.each(Object.keys(groups))("[AU1] a function with %s answers those, and finds nothing else", async (name) => {
  const handlers = groups[name] ?? {};
  const { core } = await openDeployment();
  const answer = answerHttp({ service: { ...core.service, handlers } });
  for (const routeId of Object.keys(routes) as RouteId[]) {
    const { method, path } = requestTo(routeId, { id });
    const { statusCode, body } = await answer(eventOf(method, path));
    const isOpen = routes[routeId].roles === "public";
    const status = isOpen ? (routes[routeId].body === null ? 200 : 400) : 401;
    if (routeId in handlers) expect(statusCode, routeId).toBe(status);
    else expect([statusCode, JSON.parse(body).error.code], routeId).toEqual([404, "not_found"]);
  }
  expect((await answer(eventOf("GET", visits.signIn.path))).statusCode).toBe(404);
});

it("[HT2] the function of all that no other serves answers 405 for a wrong method, and 404 for the unknown", async () => {
  const { core } = await openDeployment();
  const answer = answerHttp({ service: { ...core.service, handlers: handlersByGroup.aboutHandlers } });
  const wrong = await answer(eventOf("PUT", routes.getBoard.path));
  expect([wrong.statusCode, wrong.headers.allow]).toEqual([405, "GET, HEAD"]);
  expect(await answer(eventOf("GET", "/nowhere"))).toMatchObject({ statusCode: 404 });
  expect(await answer(eventOf("GET", "/health"))).toMatchObject({ statusCode: 200 });
});
