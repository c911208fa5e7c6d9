import type { ServerMessage } from "@status-board/contracts";
import { describe, expect, it } from "vitest";
import { createLogger } from "../runtime/logger.ts";
import { createGateway } from "./gateway.ts";
import { openConnectionsDouble, type Treatment } from "./testing/connections-double.ts";

/** As API Gateway words them. */
const id = "L0SM9cOFvHcCIhw=";
const bye = { type: "bye", code: "slow" } as const;
const reset: ServerMessage = { type: "reset", date: "2031-03-03", epoch: "E1", rev: 3 };
const message = JSON.stringify(reset);

async function open(closeStepMs = patienceMs) {
  const double = await openConnectionsDouble();
  const lines: string[] = [];
  const logger = createLogger({ level: "info", release: "1", destination: { write: (line) => void lines.push(line) } });
  const gateway = createGateway({ ...anywhere, endpoint: double.endpoint }, logger, closeStepMs);
  return { double, gateway, lines };
}

const anywhere = { region: "eu-central-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

const silent = createLogger({ level: "silent", release: "1" });
const patienceMs = 60_000;
/** How long a test waits for an answer that never comes. A call reaches the double long before, also on a busy machine. */
const hangMs = 1_000;

describe("a post", () => {
  it("[LV8] arrives as it was written, signed, at the connection that it names", async () => {
    const { double, gateway } = await open();
    const text = JSON.stringify({ name: "Zoë 🚗" });
    expect(await gateway.post(id, text, patienceMs)).toBe("sent");
    expect(double.calls).toEqual([{ method: "POST", connectionId: id, body: text }]);
  });

  it("[LV8] to somebody who is not there any more is gone", async () => {
    const { double, gateway, lines } = await open();
    double.treat(id, 410);
    expect(await gateway.post(id, message, patienceMs)).toBe("gone");
    expect(lines).toEqual([]);
  });

  const passing: Treatment[] = [429, 500, 503, "break", "garble"];
  it.each(passing)("[LV8] that is answered by %s has failed, and is not tried again here", async (treatment) => {
    const { double, gateway, lines } = await open();
    double.treat(id, treatment, 200);
    expect(await gateway.post(id, message, patienceMs)).toBe("failed");
    expect(double.count("POST", id)).toBe(1);
    expect(lines).toEqual([]);
    expect(await gateway.post(id, message, patienceMs)).toBe("sent");
  });

  const refusals: Treatment[] = [400, 403, 413];
  it.each(refusals)(
    "[LV8] that is refused with %i has failed, and the log says so without its content",
    async (status) => {
      const { double, gateway, lines } = await open();
      double.treat(id, status);
      expect(await gateway.post(id, message, patienceMs)).toBe("failed");
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0] ?? "")).toMatchObject({ level: "error", connectionId: id, status });
      expect(lines[0]).not.toContain("2031-03-03");
    },
  );

  it("[LV8] that is never answered has failed when its time is over", async () => {
    const { double, gateway } = await open();
    double.treat(id, "hang");
    // The first of all calls also loads what the SDK has not loaded yet, and opens the socket.
    expect(await gateway.post("before", message, patienceMs)).toBe("sent");
    expect(await gateway.post(id, message, hangMs)).toBe("failed");
    expect(double.count("POST", id)).toBe(1);
  });

  it("[LV8] has failed where nobody listens at all", async () => {
    const { gateway } = await open();
    const nowhere = createGateway({ ...anywhere, endpoint: "http://127.0.0.1:1/prod" }, silent);
    expect(await nowhere.post(id, message, patienceMs)).toBe("failed");
    await nowhere.close(id, bye);
    expect(await gateway.post(id, message, patienceMs)).toBe("sent");
  });

  it("[LV8] does not wait for a hundred others that hang", async () => {
    const { double, gateway } = await open();
    const others = Array.from({ length: 100 }, (_, index) => `other-${index}`);
    for (const other of others) double.treat(other, "hang");
    const hanging = others.map((other) => gateway.post(other, message, 1_000));
    expect(await gateway.post(id, message, patienceMs)).toBe("sent");
    expect(new Set(await Promise.all(hanging))).toEqual(new Set(["failed"]));
  });
});

describe("a close", () => {
  it("[WS6] says why, then closes", async () => {
    const { double, gateway } = await open();
    await gateway.close(id, bye);
    expect(double.calls.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
    expect(double.messages(id)).toEqual([bye]);
    expect(await gateway.post(id, message, patienceMs)).toBe("gone");
  });

  it("[WS6] of somebody who is gone asks no more", async () => {
    const { double, gateway } = await open();
    double.treat(id, 410);
    await gateway.close(id, bye);
    expect(double.calls).toHaveLength(1);
  });

  const troubles: Treatment[] = [403, 429, 500, "break", "hang"];
  it.each(troubles)("[LV8] that meets %s is tried once and never throws", async (treatment) => {
    const { double, gateway } = await open(treatment === "hang" ? hangMs : patienceMs);
    double.treat(id, treatment);
    expect(await gateway.post("before", message, patienceMs)).toBe("sent");
    double.calls.length = 0;
    await gateway.close(id, bye);
    expect(double.calls.map(({ method }) => method)).toEqual(["POST", "DELETE"]);
  });
});
