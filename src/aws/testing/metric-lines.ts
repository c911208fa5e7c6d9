import * as z from "zod";

/** One value of a metric, as CloudWatch takes it out of a line. */
export interface Metric {
  namespace: string;
  name: string;
  unit: string;
  value: number;
  /** The sets of dimensions that it is kept under, each from name to value. */
  dimensions: Record<string, string>[];
}

/** The embedded metric format, as far as CloudWatch insists on it. */
const lineSchema = z.looseObject({
  _aws: z.strictObject({
    Timestamp: z.int().positive(),
    CloudWatchMetrics: z
      .array(
        z.strictObject({
          Namespace: z.string().min(1).max(1024),
          Dimensions: z.array(z.array(z.string().min(1)).max(30)).min(1),
          Metrics: z
            .array(z.strictObject({ Name: z.string().min(1), Unit: z.enum(["Count", "Milliseconds"]) }))
            .min(1)
            .max(100),
        }),
      )
      .min(1),
  }),
});

/** The metrics in a line of the log; none in a line of another kind. Throws what CloudWatch would not understand. */
export function metricsOf(line: string): Metric[] {
  const json: unknown = JSON.parse(line);
  if (typeof json !== "object" || json === null || !("_aws" in json)) return [];
  const { _aws, ...members } = lineSchema.parse(json);
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.map(({ Name, Unit }) => ({
      namespace: Namespace,
      name: Name,
      unit: Unit,
      value: z.number().parse(members[Name]),
      dimensions: Dimensions.map((set) =>
        Object.fromEntries(set.map((name) => [name, z.string().min(1).parse(members[name])])),
      ),
    })),
  );
}
