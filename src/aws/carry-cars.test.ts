import { expect, it } from "vitest";
import { dynamoError, noFault } from "../../tests/support/fault-proxy.ts";
import { addCardIn, columnIds } from "../testing/cards.ts";
import { day, nextDay } from "../testing/workshop.ts";
import { onSchedule } from "./carry-cars.ts";
import { onRecords } from "./publish-records.ts";
import { createSetAside } from "./set-aside.ts";
import { openDeployment } from "./testing/deployment.ts";

const hourMs = 3_600_000;

/** From nine in the morning in the shops to an hour past their midnight. */
const toTheNight = 16 * hourMs;

it("[CA5] the schedule carries the cars of every shop that stayed overnight, once", async () => {
  const deployment = await openDeployment();
  const carry = onSchedule(deployment.core);
  const north = deployment.as("manager");
  const south = deployment.as("manager", "south");
  const stayed = await addCardIn(north, "in_progress");
  const left = await addCardIn(north, "completed");
  const elsewhere = await addCardIn(south, "ready");
  expect(await carry()).toEqual({ carried: 0 });
  expect(await columnIds(north, "in_progress")).toEqual([stayed.id]);

  deployment.advance(toTheNight);
  expect(await carry()).toEqual({ carried: 2 });
  expect(deployment.log().at(-1)).toMatchObject({ route: "carryOver", carried: 2, durationMs: expect.any(Number) });
  expect(await columnIds(north, "in_progress")).toEqual([]);
  expect(await columnIds(north, "in_progress", nextDay)).toEqual([stayed.id]);
  expect(await columnIds(north, "completed")).toEqual([left.id]);
  expect(await columnIds(south, "ready", nextDay)).toEqual([elsewhere.id]);
  expect(await north.ok("getAppointment", { id: stayed.id })).toMatchObject({ date: nextDay, carriedFrom: day });
  expect(await carry()).toEqual({ carried: 0 });
});

it("[CA5] fails when the database is away, so that the schedule comes again, and then does the rest", async () => {
  const deployment = await openDeployment();
  const carry = onSchedule(deployment.core);
  const { id } = await addCardIn(deployment.as("manager"), "ready");
  deployment.advance(toTheNight);
  deployment.database.fault = ({ operation }) =>
    operation === "TransactWriteItems" ? dynamoError("InternalServerError", 500) : undefined;
  await expect(carry()).rejects.toThrow();
  deployment.database.fault = noFault;
  expect(await carry()).toEqual({ carried: 1 });
  expect(await columnIds(deployment.as("manager"), "ready", nextDay)).toEqual([id]);
});

it("[CA5] [LV1] what was carried goes to the screens of both days through the stream", async () => {
  const deployment = await openDeployment();
  const { core, gateway } = deployment;
  const publish = onRecords(core, gateway, createSetAside(undefined, core.service.logger));
  const { id } = await addCardIn(deployment.as("manager"), "ready");
  await deployment.records();
  deployment.advance(toTheNight);
  await deployment.watch("today=", day);
  await deployment.watch("tomorrow=", nextDay);
  await onSchedule(core)();
  expect(await publish(await deployment.records())).toEqual({ batchItemFailures: [] });
  const by = { id: "system" };
  expect(deployment.connections.messages("today=").slice(1)).toMatchObject([
    { type: "diff", date: day, ops: [{ op: "remove", id, movedTo: nextDay, by }] },
  ]);
  expect(deployment.connections.messages("tomorrow=").slice(1)).toMatchObject([
    { type: "diff", date: nextDay, ops: [{ op: "upsert", card: { id, carriedFrom: day, updatedBy: by } }] },
  ]);
});
