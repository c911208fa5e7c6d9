import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Api } from "../../src/testing/api.ts";
import { addCard, edit, move } from "../../src/testing/cards.ts";
import { type ServerProcess, startServer } from "../../src/testing/server-process.ts";
import { day, temporaryDirectory } from "../../src/testing/workshop.ts";
import { httpApi } from "./support/http-api.ts";
import { expectAllEqual, openScreen, type Screen, untilLive } from "./support/screens.ts";

interface Course {
  server: ServerProcess;
  api: Api;
  screens: Screen[];
  data: string;
  backup: string;
  stop: () => Promise<void>;
  start: () => Promise<void>;
}

/** A server with a card on its board, watched by two screens; every start is on the same port. */
async function openCourse(): Promise<Course> {
  const directory = temporaryDirectory();
  const [data, backup] = [join(directory, "data"), join(directory, "backup")];
  mkdirSync(data);
  const launch = (port: string) => startServer({ DATA_DIR: data, PORT: port, SHOP_TIME_ZONE: "UTC" });
  let server = await launch("0");
  const api = httpApi(server.url);
  const port = String(server.port);
  const screens = [1, 2].map(() => openScreen({ baseUrl: server.url, date: day }));
  for (const screen of screens) await untilLive(screen);
  return {
    get server() {
      return server;
    },
    api,
    screens,
    data,
    backup,
    stop: async () => {
      server.signal("SIGTERM");
      await server.ended;
    },
    start: async () => {
      server = await launch(port);
    },
  };
}

/** Replaces the files by those of the backup, as somebody would with a server that is stopped. */
function restore({ data, backup }: Course): void {
  rmSync(data, { recursive: true });
  cpSync(backup, data, { recursive: true, preserveTimestamps: true });
}

const epochOf = async (api: Api) => (await api.ok("getBoard", { query: { date: day } })).epoch;

async function change(api: Api, times: number): Promise<void> {
  for (let made = 0; made < times; made++) await addCard(api, { serviceCodes: [] });
}

it("[LV5] a planned restart keeps the epoch, and clients go on where they were", async () => {
  const course = await openCourse();
  await change(course.api, 3);
  await expectAllEqual(course.screens, course.api);
  const epoch = await epochOf(course.api);
  await course.stop();
  await course.start();
  expect(await epochOf(course.api)).toBe(epoch);
  await change(course.api, 1);
  await expectAllEqual(course.screens, course.api);
});

it("[LV2] files copied from a running server are another epoch, and clients that know more follow", async () => {
  const course = await openCourse();
  const { api, screens } = course;
  const kept = await addCard(api, { serviceCodes: [] });
  cpSync(course.data, course.backup, { recursive: true });
  const epoch = await epochOf(api);
  await edit(api, kept, { notes: "to be lost" });
  await change(api, 4);
  await expectAllEqual(screens, api);
  await course.stop();
  restore(course);
  await course.start();
  expect(await epochOf(api)).not.toBe(epoch);
  await expectAllEqual(screens, api);
  expect(screens[0]?.board.getState().replica.cards.size).toBe(1);
  await move(api, kept, "ready");
  await expectAllEqual(screens, api);
});

it("[LV2] files copied from a stopped server are another epoch too, also when the board has gone on before anybody came back", async () => {
  const course = await openCourse();
  const { api, screens } = course;
  const kept = await addCard(api, { serviceCodes: [] });
  await expectAllEqual(screens, api);
  await course.stop();
  cpSync(course.data, course.backup, { recursive: true, preserveTimestamps: true });
  await course.start();
  const epoch = await epochOf(api);
  await edit(api, kept, { notes: "to be lost" });
  await change(api, 4);
  await expectAllEqual(screens, api);
  await course.stop();
  restore(course);
  await course.start();
  expect(await epochOf(api)).not.toBe(epoch);
  // As many revisions as the clients know, and one more: what they hold would seem to go on.
  await change(api, 6);
  await expectAllEqual(screens, api);
  expect(screens[0]?.board.getState().replica.cards.get(kept.id)?.notes).toBeUndefined();
});
