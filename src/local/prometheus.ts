import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { writtenAt } from "../domain/diff.ts";
import type { FileSource } from "../http/static-file.ts";
import type { Feed, FeedItem } from "../live/ports.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { objectives } from "../runtime/objectives.ts";

/** What is looked at only when somebody asks. */
export interface PrometheusOptions {
  release: string;
  clock: () => Date;
  /** How many screens are connected. */
  openSockets: () => number;
  /** The age of the newest backup in milliseconds, where backups are made; undefined while there is none. */
  backupAgeMs?: () => number | undefined;
}

/** The numbers of one process, and the page that tells them. */
export interface Prometheus {
  metrics: Metrics;
  /** `GET /metrics`, in Prometheus' text format. */
  page: FileSource;
  /** The same feed, and how long its oldest change has been waiting is known. */
  watchFeed: (feed: Feed) => Feed;
}

const perSecond = 1_000;
const byObjective = Object.values(objectives.withinMs).map((ms) => ms / perSecond);
const ascending = (one: number, other: number) => one - other;
/** The bounds of what counts as slow are among them, so that the promises can be read off. */
const requestSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 5, ...byObjective].sort(ascending);
const pushSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30];
const outcomes = ["sent", "gone", "closed"] as const;
const screens = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500];

/** Keeps the numbers of this process for a Prometheus server that comes to fetch them. */
export function openPrometheus({ release, clock, openSockets, backupAgeMs }: PrometheusOptions): Prometheus {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number | undefined) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read() ?? Number.NaN);
      },
    });
  const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name, help, labelNames, registers });

  const requests = new Histogram({
    name: "status_board_request_duration_seconds",
    help: "Requests by route and class of status, and the time that they took",
    labelNames: ["route", "status"],
    buckets: requestSeconds,
    registers,
  });
  const conflicts = counter("status_board_conflicts_total", "Writes refused because the card had changed", ["route"]);
  const latency = new Histogram({
    name: "status_board_push_latency_seconds",
    help: "From a write to the last screen that took it at the first try",
    buckets: pushSeconds,
    registers,
  });
  const fanOuts = new Histogram({
    name: "status_board_push_screens",
    help: "Screens that a push went to",
    buckets: screens,
    registers,
  });
  const pushes = counter("status_board_pushes_total", "Pushes by what became of them, each to one screen", ["outcome"]);
  for (const outcome of outcomes) pushes.inc({ outcome }, 0);
  const revisions = counter("status_board_revisions_total", "Revisions that were published");
  const subscriptions = counter("status_board_subscriptions_total", "Subscriptions by how they began", ["beginning"]);

  let underWay: { items: readonly FeedItem[]; begunAt: Date } | undefined;
  const feedLagMs = () =>
    underWay === undefined ? 0 : Math.max(0, clock().getTime() - oldestOf(underWay.items, underWay.begunAt));
  const startedAt = Date.now() / perSecond - process.uptime();
  gauge("status_board_open_sockets", "Screens that are connected", openSockets);
  gauge(
    "status_board_feed_lag_seconds",
    "Age of the oldest change under way to the screens, 0 when there is none",
    () => feedLagMs() / perSecond,
  );
  if (backupAgeMs !== undefined)
    gauge("status_board_backup_age_seconds", "Age of the newest backup", () => {
      const ageMs = backupAgeMs();
      return ageMs === undefined ? undefined : ageMs / perSecond;
    });
  new Gauge({ name: "status_board_info", help: "The release", labelNames: ["release"], registers }).set({ release }, 1);
  gauge("process_resident_memory_bytes", "Memory of the process", () => process.memoryUsage.rss());
  gauge("nodejs_heap_size_used_bytes", "Memory in use by JavaScript", () => process.memoryUsage().heapUsed);
  gauge("process_start_time_seconds", "When the process began, in seconds since 1970", () => startedAt);
  new Counter({
    name: "process_cpu_seconds_total",
    help: "CPU time of the process",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1_000_000);
    },
  });

  return {
    metrics: {
      request({ route, status, durationMs, isConflict }) {
        requests.observe({ route, status: `${Math.floor(status / 100)}xx` }, durationMs / perSecond);
        if (isConflict) conflicts.inc({ route });
      },
      published({ latencyMs, revisions: count, fanOut }) {
        revisions.inc(count);
        fanOuts.observe(fanOut.sent + fanOut.gone + fanOut.closed);
        for (const outcome of outcomes) if (fanOut[outcome] > 0) pushes.inc({ outcome }, fanOut[outcome]);
        if (latencyMs !== undefined) latency.observe(latencyMs / perSecond);
      },
      subscribed: (beginning) => subscriptions.inc({ beginning }),
    },
    page: {
      routeId: "getMetrics",
      owns: (path) => path === "/metrics",
      read: async () => ({
        contentType: registry.contentType,
        headers: { "cache-control": "no-store" },
        body: await registry.metrics(),
      }),
    },
    watchFeed: (feed) => ({
      ...feed,
      start: (handle, isAwaited) =>
        feed.start(async (items) => {
          underWay ??= { items, begunAt: clock() };
          await handle(items);
          underWay = undefined;
        }, isAwaited),
    }),
  };
}

/** When the oldest of the changes was written; now, where none of them tells. */
function oldestOf(items: readonly FeedItem[], now: Date): number {
  const moments = items.map((item) => (item.kind === "change" ? Date.parse(writtenAt(item.change) ?? "") : Number.NaN));
  return Math.min(now.getTime(), ...moments.filter((moment) => !Number.isNaN(moment)));
}
