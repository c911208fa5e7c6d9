import { describe, expect, it } from "vitest";
import type { FeedHandler } from "../live/ports.ts";
import { changeOf, itemOf } from "../live/testing/publishing.ts";
import { openPrometheus, type PrometheusOptions } from "./prometheus.ts";

const start = Date.parse("2031-03-03T08:00:00.000Z");

function open(more: Partial<PrometheusOptions> = {}) {
  let now = start;
  const prometheus = openPrometheus({ release: "1.2.3", clock: () => new Date(now), openSockets: () => 3, ...more });
  /** The page's samples, each by its name and labels. */
  async function samples(): Promise<Record<string, string>> {
    const file = await prometheus.page.read("/metrics", "");
    const lines = String(file?.body).split("\n");
    return Object.fromEntries(
      lines
        .filter((line) => line !== "" && !line.startsWith("#"))
        .map((line) => [line.slice(0, line.lastIndexOf(" ")), line.slice(line.lastIndexOf(" ") + 1)]),
    );
  }
  return {
    ...prometheus,
    samples,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

describe("the page of numbers", () => {
  it("[HT6] counts requests by route and class of status, their time, and conflicts", async () => {
    const { metrics, samples } = open();
    const request = { route: "moveAppointment", status: 200, durationMs: 3, isConflict: false };
    metrics.request(request);
    metrics.request({ ...request, durationMs: 401 });
    metrics.request({ ...request, status: 409, isConflict: true });
    const found = await samples();
    const duration = "status_board_request_duration_seconds";
    expect(found[`${duration}_count{route="moveAppointment",status="2xx"}`]).toBe("2");
    expect(found[`${duration}_bucket{le="0.4",route="moveAppointment",status="2xx"}`]).toBe("1");
    expect(found[`${duration}_count{route="moveAppointment",status="4xx"}`]).toBe("1");
    expect(found['status_board_conflicts_total{route="moveAppointment"}']).toBe("1");
  });

  it("[LV8] counts pushes by what became of them, and how long they took", async () => {
    const { metrics, samples } = open();
    metrics.published({ latencyMs: 40, revisions: 2, fanOut: { sent: 8, gone: 1, closed: 1 } });
    metrics.published({ revisions: 1, fanOut: { sent: 0, gone: 0, closed: 0 } });
    expect(await samples()).toMatchObject({
      'status_board_pushes_total{outcome="sent"}': "8",
      'status_board_pushes_total{outcome="gone"}': "1",
      'status_board_pushes_total{outcome="closed"}': "1",
      status_board_revisions_total: "3",
      status_board_push_latency_seconds_count: "1",
      'status_board_push_latency_seconds_bucket{le="0.05"}': "1",
      'status_board_push_latency_seconds_bucket{le="0.025"}': "0",
      'status_board_push_screens_bucket{le="0"}': "1",
      'status_board_push_screens_bucket{le="10"}': "2",
    });
  });

  it("[WS5] counts subscriptions by how they began", async () => {
    const { metrics, samples } = open();
    for (const how of ["fresh", "resumed", "resumed", "refetched"] as const) metrics.subscribed(how);
    expect(await samples()).toMatchObject({
      'status_board_subscriptions_total{beginning="fresh"}': "1",
      'status_board_subscriptions_total{beginning="resumed"}': "2",
      'status_board_subscriptions_total{beginning="refetched"}': "1",
    });
  });

  it("[HT6] tells of the process: memory, processor, start, release, screens", async () => {
    const found = await open().samples();
    expect(found).toMatchObject({ 'status_board_info{release="1.2.3"}': "1", status_board_open_sockets: "3" });
    for (const name of [
      "process_resident_memory_bytes",
      "nodejs_heap_size_used_bytes",
      "process_start_time_seconds",
      "process_cpu_seconds_total",
    ])
      expect(Number(found[name])).toBeGreaterThan(0);
  });

  it("[HT6] tells the age of the newest backup where backups are made, and no number while there is none", async () => {
    expect(await open().samples()).not.toHaveProperty("status_board_backup_age_seconds");
    let ageMs: number | undefined;
    const { samples } = open({ backupAgeMs: () => ageMs });
    expect((await samples()).status_board_backup_age_seconds).toBe("Nan");
    ageMs = 90_000;
    expect((await samples()).status_board_backup_age_seconds).toBe("90");
  });
});

describe("the lag of the feed", () => {
  /** A feed whose handler the test calls. */
  function watch({ watchFeed }: ReturnType<typeof open>, handle: FeedHandler): FeedHandler {
    let watched: FeedHandler | undefined;
    watchFeed({
      start: (given) => {
        watched = given;
      },
      stop: async () => {},
    }).start(handle);
    if (watched === undefined) throw new Error("the feed was not started");
    return watched;
  }

  const written = (ms: number) => itemOf(changeOf({ updatedAt: new Date(start - ms).toISOString() }));

  it("[LV7] is the age of the oldest change while a batch is under way or fails, and 0 after it", async () => {
    const prometheus = open();
    const lag = async () => (await prometheus.samples()).status_board_feed_lag_seconds;
    const outcomes: (Error | undefined)[] = [new Error("by order"), undefined];
    const handle = watch(prometheus, async () => {
      expect(await lag()).not.toBe("0");
      const outcome = outcomes.shift();
      if (outcome !== undefined) throw outcome;
    });
    expect(await lag()).toBe("0");
    const batch = [written(2_000), written(5_000), written(1_000)];
    await expect(handle(batch)).rejects.toThrow("by order");
    expect(await lag()).toBe("5");
    prometheus.advance(60_000);
    expect(await lag()).toBe("65");
    await handle(batch);
    expect(await lag()).toBe("0");
  });

  it("[LV7] begins now for what does not tell when it was written, and for a clock that went back", async () => {
    const prometheus = open();
    const handle = watch(prometheus, () => Promise.reject(new Error("by order")));
    await handle([{ kind: "unreadable", position: "1", reason: "damaged" }, written(-9_000)]).catch(() => {});
    expect((await prometheus.samples()).status_board_feed_lag_seconds).toBe("0");
    prometheus.advance(1_000);
    expect((await prometheus.samples()).status_board_feed_lag_seconds).toBe("1");
  });
});
