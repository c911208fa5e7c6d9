import { DescribeTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard as SdkShard,
} from "@aws-sdk/client-dynamodb-streams";

/** A part of a stream. A parent's records come before those of its children. */
export interface Shard {
  /** The name of the stream that it is part of; a table that was made anew has another one. */
  stream: string;
  id: string;
  parentId: string | undefined;
}

/** Some records of a shard, and where those after them begin; nowhere when the shard has ended. */
export interface Page {
  records: readonly { dynamodb?: { SequenceNumber?: string | undefined } | undefined }[];
  next: string | undefined;
}

/** The few calls that are made of the board table's stream. */
export interface StreamReader {
  shards(signal: AbortSignal): Promise<Shard[]>;
  /** Where the records after that sequence number begin, or all that the shard still holds. */
  iterator(shard: Shard, after: string | undefined, signal: AbortSignal): Promise<string>;
  read(iterator: string, signal: AbortSignal): Promise<Page>;
}

interface StreamReaderOptions {
  client: DynamoDBClient;
  streams: DynamoDBStreamsClient;
  boardTable: string;
  batchMaxRecords: number;
}

/** Reads the stream that the board table has at that time. */
export function streamReader({ client, streams, boardTable, batchMaxRecords }: StreamReaderOptions): StreamReader {
  async function streamOf(abortSignal: AbortSignal): Promise<string> {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: boardTable }), { abortSignal });
    if (Table?.LatestStreamArn === undefined) throw new Error("the board table has no stream");
    return Table.LatestStreamArn;
  }

  return {
    async shards(abortSignal) {
      const StreamArn = await streamOf(abortSignal);
      const shards: SdkShard[] = [];
      let ExclusiveStartShardId: string | undefined;
      do {
        const command = new DescribeStreamCommand({ StreamArn, ExclusiveStartShardId });
        const { StreamDescription: page } = await streams.send(command, { abortSignal });
        shards.push(...(page?.Shards ?? []));
        ExclusiveStartShardId = page?.LastEvaluatedShardId;
      } while (ExclusiveStartShardId !== undefined);
      return shards.flatMap(({ ShardId: id, ParentShardId: parentId }) =>
        id === undefined ? [] : [{ stream: StreamArn, id, parentId }],
      );
    },

    async iterator({ stream: StreamArn, id: ShardId }, after, abortSignal) {
      const from =
        after === undefined
          ? ({ ShardIteratorType: "TRIM_HORIZON" } as const)
          : ({ ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: after } as const);
      const command = new GetShardIteratorCommand({ StreamArn, ShardId, ...from });
      const { ShardIterator } = await streams.send(command, { abortSignal });
      if (ShardIterator === undefined) throw new Error("the stream gave no iterator");
      return ShardIterator;
    },

    async read(ShardIterator, abortSignal) {
      const command = new GetRecordsCommand({ ShardIterator, Limit: batchMaxRecords });
      const { Records = [], NextShardIterator } = await streams.send(command, { abortSignal });
      return { records: Records, next: NextShardIterator ?? undefined };
    },
  };
}
