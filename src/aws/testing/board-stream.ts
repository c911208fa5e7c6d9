import { z } from "zod";

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

/** Local databases look at its form alone. */
const authorization =
  "AWS4-HMAC-SHA256 Credential=test/20310303/eu-central-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00";

const answers = {
  DescribeTable: z.object({ Table: z.object({ LatestStreamArn: z.string() }) }),
  DescribeStream: z.object({ StreamDescription: z.object({ Shards: z.array(z.object({ ShardId: z.string() })) }) }),
  GetShardIterator: z.object({ ShardIterator: z.string() }),
  GetRecords: z.object({ Records: z.array(recordSchema), NextShardIterator: z.string().nullish() }),
};

export async function openBoardStream(endpoint: string, TableName: string): Promise<BoardStream> {
  async function call<Name extends keyof typeof answers>(
    service: string,
    name: Name,
    input: object,
  ): Promise<z.infer<(typeof answers)[Name]>> {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `${service}.${name}`,
        "x-amz-date": "20310303T080000Z",
        authorization,
      },
      body: JSON.stringify(input),
    });
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(body));
    return answers[name].parse(body) as z.infer<(typeof answers)[Name]>;
  }

  const streams = "DynamoDBStreams_20120810";
  const { Table } = await call("DynamoDB_20120810", "DescribeTable", { TableName });
  const StreamArn = Table.LatestStreamArn;
  const iterators = new Map<string, string>();

  async function read(ShardId: string): Promise<StreamRecord[]> {
    let iterator = iterators.get(ShardId);
    if (iterator === undefined) {
      const input = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
      iterator = (await call(streams, "GetShardIterator", input)).ShardIterator;
    }
    const records: StreamRecord[] = [];
    for (;;) {
      const page = await call(streams, "GetRecords", { ShardIterator: iterator });
      records.push(...page.Records);
      iterator = page.NextShardIterator ?? iterator;
      iterators.set(ShardId, iterator);
      if (page.Records.length === 0) return records;
    }
  }

  return {
    async next() {
      const { StreamDescription } = await call(streams, "DescribeStream", { StreamArn });
      const Records: StreamRecord[] = [];
      for (const { ShardId } of StreamDescription.Shards) Records.push(...(await read(ShardId)));
      return { Records: Records.map((record) => ({ ...record, eventSourceARN: StreamArn })) };
    },
  };
}
