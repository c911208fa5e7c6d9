import * as z from "zod";

/** The stream of a board table, read as it goes over the wire: its records have the very form that Lambda hands on. */
export interface BoardStream {
  /** What was written since the last call, as a function gets it. */
  next(): Promise<StreamEvent>;
}

export interface StreamEvent {
  Records: StreamRecord[];
}

const recordSchema = z.looseObject({
  eventName: z.enum(["INSERT", "MODIFY", "REMOVE"]),
  dynamodb: z.looseObject({
    Keys: z.record(z.string(), z.record(z.string(), z.string())),
    SequenceNumber: z.string(),
  }),
});
export type StreamRecord = z.infer<typeof recordSchema>;

const tableSchema = z.object({ Table: z.object({ LatestStreamArn: z.string() }) });
const shardsSchema = z.object({
  StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }),
});
const iteratorSchema = z.object({ ShardIterator: z.string() });
const pageSchema = z.object({ Records: z.array(recordSchema), NextShardIterator: z.string().nullish() });

/** Local databases look at its form alone. */
const authorization =
  "AWS4-HMAC-SHA256 Credential=test/20310303/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00";

/** Opens the stream at its beginning. */
export async function openBoardStream(endpoint: string, TableName: string): Promise<BoardStream> {
  async function call<Schema extends z.ZodType>(
    target: string,
    input: object,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": target,
        "x-amz-date": "20310303T080000Z",
        authorization,
      },
      body: JSON.stringify(input),
    });
    if (!response.ok) throw new Error(await response.text());
    return schema.parse(await response.json());
  }
  const callStreams = <Schema extends z.ZodType>(operation: string, input: object, schema: Schema) =>
    call(`DynamoDBStreams_20120810.${operation}`, input, schema);

  const { Table } = await call("DynamoDB_20120810.DescribeTable", { TableName }, tableSchema);
  const StreamArn = Table.LatestStreamArn;
  const iterators = new Map<string, string>();

  async function iteratorOf(ShardId: string): Promise<string> {
    const input = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
    return iterators.get(ShardId) ?? (await callStreams("GetShardIterator", input, iteratorSchema)).ShardIterator;
  }

  async function read(ShardId: string): Promise<StreamRecord[]> {
    const records: StreamRecord[] = [];
    for (;;) {
      const ShardIterator = await iteratorOf(ShardId);
      const page = await callStreams("GetRecords", { ShardIterator }, pageSchema);
      iterators.set(ShardId, page.NextShardIterator ?? ShardIterator);
      if (page.Records.length === 0) return records;
      records.push(...page.Records);
    }
  }

  return {
    async next() {
      const { StreamDescription } = await callStreams("DescribeStream", { StreamArn }, shardsSchema);
      const Records: StreamRecord[] = [];
      for (const { ShardId } of StreamDescription.Shards) Records.push(...(await read(ShardId)));
      return { Records: Records.map((record) => ({ ...record, eventSourceARN: StreamArn })) };
    },
  };
}
