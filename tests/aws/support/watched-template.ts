import { parse } from "yaml";
import * as z from "zod";

/** A metric that an alarm or a dashboard reads. `*` stands for every route. */
export interface Read {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  stat: string;
  periodSeconds?: number;
}

export interface Alarm {
  description: string;
  reads: Read[];
  /** Of several metrics, what becomes of them. */
  expression?: string;
  threshold: number;
  operator: string;
  periods: number;
  silence: string;
  actions: string[];
}

export interface Dashboard {
  reads: Read[];
  expressions: string[];
}

/** CloudFormation's functions as texts: `!Ref Stage` is `<Stage>`, and so is what stands for it in a `!Sub`. */
const customTags = [
  ...["!Ref", "!GetAtt"].map((tag) => ({ tag, resolve: (name: string) => `<${name}>` })),
  { tag: "!Sub", resolve: (text: string) => text.replace(/\$\{([^}]+)\}/g, "<$1>") },
  ...["!If", "!Equals", "!Not", "!And", "!Or", "!Sub", "!Select", "!Split", "!Join"].map((tag) => ({
    tag,
    collection: "seq" as const,
    resolve: () => tag,
  })),
];

const dimensionsSchema = z
  .array(z.strictObject({ Name: z.string(), Value: z.string() }))
  .transform((pairs) => Object.fromEntries(pairs.map(({ Name, Value }) => [Name, Value])));

const judgedSchema = z.object({
  AlarmDescription: z.string(),
  Threshold: z.number(),
  ComparisonOperator: z.string(),
  EvaluationPeriods: z.number(),
  TreatMissingData: z.string(),
  AlarmActions: z.array(z.string()),
});
const simpleSchema = judgedSchema.extend({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: dimensionsSchema,
  Statistic: z.string(),
  Period: z.number(),
});
const mathSchema = judgedSchema.extend({
  Metrics: z.array(
    z.union([
      z.strictObject({ Id: z.string(), Label: z.string(), Expression: z.string() }),
      z.strictObject({
        Id: z.string(),
        ReturnData: z.literal(false),
        MetricStat: z.strictObject({
          Metric: z.strictObject({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensionsSchema }),
          Stat: z.string(),
          Period: z.number(),
        }),
      }),
    ]),
  ),
});

function readAlarm(properties: unknown): Alarm {
  const math = mathSchema.safeParse(properties);
  const judged = judgedSchema.parse(properties);
  const alarm = {
    description: judged.AlarmDescription,
    threshold: judged.Threshold,
    operator: judged.ComparisonOperator,
    periods: judged.EvaluationPeriods,
    silence: judged.TreatMissingData,
    actions: judged.AlarmActions,
  };
  if (!math.success) {
    const { Namespace, MetricName, Dimensions, Statistic, Period } = simpleSchema.parse(properties);
    const read = { namespace: Namespace, name: MetricName, dimensions: Dimensions, stat: Statistic };
    return { ...alarm, reads: [{ ...read, periodSeconds: Period }] };
  }
  const reads: Read[] = [];
  const expressions: string[] = [];
  for (const metric of math.data.Metrics)
    if ("Expression" in metric) expressions.push(metric.Expression);
    else {
      const { Metric, Stat, Period } = metric.MetricStat;
      const { Namespace, MetricName, Dimensions } = Metric;
      reads.push({ namespace: Namespace, name: MetricName, dimensions: Dimensions, stat: Stat, periodSeconds: Period });
    }
  const [expression] = expressions;
  if (expression === undefined || expressions.length > 1) throw new Error("an alarm judges one expression");
  return { ...alarm, reads, expression };
}

const widgetSchema = z.object({
  type: z.literal("metric"),
  properties: z.object({
    title: z.string(),
    region: z.literal("<AWS::Region>"),
    metrics: z.array(z.array(z.unknown())),
  }),
});
const expressionSchema = z.tuple([z.object({ expression: z.string() })]);
const searchPattern = /^SEARCH\('\{([^,}]+),([^}]+)\} Stage="([^"]+)" MetricName="([^"]+)"', '([^']+)', [0-9]+\)$/;

function readDashboard(body: string): Dashboard {
  const { widgets } = z.object({ widgets: z.array(widgetSchema) }).parse(JSON.parse(body));
  const dashboard: Dashboard = { reads: [], expressions: [] };
  for (const metric of widgets.flatMap(({ properties }) => properties.metrics)) {
    const expression = expressionSchema.safeParse(metric).data?.[0].expression;
    if (expression === undefined) dashboard.reads.push(readMetric(metric));
    else if (expression.startsWith("SEARCH(")) dashboard.reads.push(readSearch(expression));
    else dashboard.expressions.push(expression);
  }
  return dashboard;
}

/** `[namespace, name, dimension, value, …, { stat }]` */
function readMetric(metric: readonly unknown[]): Read {
  const { stat } = z.object({ stat: z.string() }).parse(metric.at(-1));
  const [namespace = "", name = "", ...pairs] = z.array(z.string()).parse(metric.slice(0, -1));
  const dimensions: Record<string, string> = {};
  for (let place = 0; place < pairs.length; place += 2) dimensions[pairs[place] ?? ""] = pairs[place + 1] ?? "";
  return { namespace, name, dimensions, stat };
}

function readSearch(expression: string): Read {
  const [, namespace = "", names = "", Stage = "", name = "", stat = ""] = searchPattern.exec(expression) ?? [];
  if (namespace === "") throw new Error(`a search that this test cannot read: ${expression}`);
  const dimensions = Object.fromEntries(names.split(",").map((dimension) => [dimension, "*"]));
  return { namespace, name, dimensions: { ...dimensions, Stage }, stat };
}

const templateSchema = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) })),
});

/** What of a template watches, and what is to be watched. */
export function readTemplate(text: string) {
  const resources = Object.entries(templateSchema.parse(parse(text, { customTags })).Resources);
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const alarms = ofType("AWS::CloudWatch::Alarm");
  const dashboards = ofType("AWS::CloudWatch::Dashboard");
  return {
    alarms: new Map(alarms.map(([name, { Properties }]) => [name, readAlarm(Properties)])),
    dashboards: new Map(
      dashboards.map(([name, { Properties }]) => [name, readDashboard(z.string().parse(Properties.DashboardBody))]),
    ),
    functions: ofType("AWS::Serverless::Function").map(([name]) => name),
  };
}
