import type { Metrics } from "../runtime/metrics.ts";
import { isSlow } from "../runtime/objectives.ts";

/** Where CloudWatch keeps them. The dimensions are Stage, and for what belongs to a route also Stage and Route. */
export const namespace = "StatusBoard";

/** Every metric there is, with its unit. What is counted is written only when there is something to count, but for Slow. */
export const metricUnits = {
  /** Of a request; as many as there were requests. */
  Duration: "Milliseconds",
  ClientErrors: "Count",
  ServerErrors: "Count",
  /** Of a request to a route that promises a time: 1 if it took longer, else 0. */
  Slow: "Count",
  Conflicts: "Count",
  /** Socket events that failed by our own fault. */
  SocketErrors: "Count",
  /** From a write to the last screen that took it at once. */
  PushLatency: "Milliseconds",
  /** Screens that a push went to. */
  FanOut: "Count",
  Gone: "Count",
  /** Screens given up because they could not be reached in time. */
  Closed: "Count",
  Subscriptions: "Count",
  Resumes: "Count",
  /** Screens that had something and had to begin anew. */
  Refetches: "Count",
  ColdStarts: "Count",
  /** 1 for a walk of the canary that went well, 0 for one that did not. */
  CanarySuccess: "Count",
  CanaryDuration: "Milliseconds",
  CanaryPushLatency: "Milliseconds",
} as const;
export type MetricName = keyof typeof metricUnits;

type Values = Partial<Record<MetricName, number>>;

/** Writes one line in CloudWatch's embedded metric format; `route` is one of a fixed set. */
export type WriteMetrics = (values: Values, route?: string) => void;

/** What a line goes to, and how it knows the stage and the time. */
export interface EmfOptions {
  stage: string;
  clock: () => Date;
  /** Takes a line with its end; standard output, on AWS. */
  write: (line: string) => void;
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
export function emfWriter({ stage, clock, write }: EmfOptions): WriteMetrics {
  const known = metricUnits as Readonly<Record<string, string>>;
  return (values, route) => {
    const Metrics = Object.keys(values).map((Name) => ({ Name, Unit: known[Name] }));
    const Dimensions = route === undefined ? [["Stage"]] : [["Stage"], ["Stage", "Route"]];
    const CloudWatchMetrics = [{ Namespace: namespace, Dimensions, Metrics }];
    const _aws = { Timestamp: clock().getTime(), CloudWatchMetrics };
    write(`${JSON.stringify({ _aws, Stage: stage, ...(route !== undefined && { Route: route }), ...values })}\n`);
  };
}

/** Events of sockets come by the million, and Lambda itself counts them: only what fails is worth a line. */
const socketRoutes: ReadonlySet<string> = new Set(["liveConnect", "liveDisconnect", "liveMessage"]);

/** Counts in CloudWatch by lines on standard output. The first thing that an instance does tells of its cold start, too. */
export function emfMetrics(options: EmfOptions): Metrics {
  const write = emfWriter(options);
  let isCold = true;
  function warm(): void {
    if (isCold) write({ ColdStarts: 1 });
    isCold = false;
  }
  return {
    request({ route, status, durationMs, isConflict }) {
      warm();
      const isOurFault = status >= 500;
      if (socketRoutes.has(route)) {
        if (isOurFault) write({ SocketErrors: 1 }, route);
        return;
      }
      const slow = isSlow(route, durationMs);
      write(
        {
          Duration: durationMs,
          ...(isOurFault && { ServerErrors: 1 }),
          ...(status >= 400 && !isOurFault && { ClientErrors: 1 }),
          ...(slow !== undefined && { Slow: Number(slow) }),
          ...(isConflict && { Conflicts: 1 }),
        },
        route,
      );
    },
    published({ latencyMs, fanOut: { sent, gone, closed } }) {
      warm();
      write({
        FanOut: sent + gone + closed,
        ...(latencyMs !== undefined && { PushLatency: latencyMs }),
        ...(gone > 0 && { Gone: gone }),
        ...(closed > 0 && { Closed: closed }),
      });
    },
    subscribed(how) {
      warm();
      write({
        Subscriptions: 1,
        ...(how === "resumed" && { Resumes: 1 }),
        ...(how === "refetched" && { Refetches: 1 }),
      });
    },
  };
}
