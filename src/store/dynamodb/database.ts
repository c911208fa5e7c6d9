import {
  BatchGetItemCommand,
  type ConsumedCapacity,
  type Delete,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  type Put,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  type Update,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { StoreUnavailable } from "../store.ts";
import { type Item, keyItem, text } from "./attributes.ts";
import { type Failure, readFailure, type Verdict } from "./errors.ts";
import type { Key } from "./keys.ts";
import { again, type Persist } from "./tries.ts";

type Placed = "TableName" | "ReturnValuesOnConditionCheckFailure";
/** A write as the SDK words it; the table, and the wish to see what a condition met, are added to it. */
export type PutWrite = Omit<Put, Placed>;
export type UpdateWrite = Omit<Update, Placed>;
export type DeleteWrite = Omit<Delete, Placed>;
/** One write of a transaction. */
export type Write = { Put: PutWrite } | { Update: UpdateWrite } | { Delete: DeleteWrite };

/**
 * Of a partition, those items whose sort key, or place when `by` says so, begins with `prefix`, or is one `from` the one
 * `to` the other.
 */
export interface Range {
  pk: string;
  prefix?: string;
  from?: string;
  to?: string;
  by?: "sk" | "place";
  projection?: Projection;
  /** The first items only: one call, which answers no more than these, and fewer if they are large. */
  maxItems?: number;
}

/** The attributes to answer; all of them when there is none. What is not asked for need not be parsed either. */
export interface Projection {
  ProjectionExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
}

type Refused = { kind: "refused"; verdicts: readonly Verdict[] };

/** One call and its price in capacity units. */
export type OnCapacity = (use: { operation: string; units: number }) => void;

/**
 * The few calls the store makes of a table. Reads are consistent. A condition that fails is a value, with the item that
 * it met; conflicts with transactions are tried again; everything else that fails is {@link StoreUnavailable} or a bug.
 */
export interface Database {
  get(key: Key): Promise<Item | undefined>;
  /** Those items of the keys that exist, in no order. At most 100 keys, none of them twice. */
  getMany(keys: readonly Key[], projection?: Projection): Promise<Item[]>;
  /** In the order of the key. `pages` tells how many calls it took: what moves between two of them is seen twice or not at all. */
  query(range: Range): Promise<{ items: Item[]; pages: number }>;
  put(write: PutWrite): Promise<{ kind: "written" } | Refused>;
  /** Answers the item that it deleted. */
  delete(write: DeleteWrite): Promise<{ kind: "deleted"; item: Item | undefined } | Refused>;
  /** Answers the item as it is after the update. */
  update(write: UpdateWrite): Promise<{ kind: "written"; item: Item } | Refused>;
  /** All or none of them. The verdicts are in the order of the writes. */
  transact(writes: readonly Write[]): Promise<{ kind: "written" } | Refused>;
}

interface Metered {
  ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[] | undefined;
}

/** The index that keeps a board's items in the order of their columns and ranks. */
export const byPlace = "byPlace";

const withOld = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

function placed(write: Write, TableName: string) {
  if ("Put" in write) return { Put: { ...write.Put, TableName, ...withOld } };
  if ("Update" in write) return { Update: { ...write.Update, TableName, ...withOld } };
  return { Delete: { ...write.Delete, TableName, ...withOld } };
}

/** The condition on the key that a range stands for, and the values in it. */
function keyCondition({ pk, prefix, from, to, by = "sk" }: Range) {
  const values = { ":pk": text(pk) };
  if (prefix !== undefined)
    return {
      KeyConditionExpression: `pk = :pk AND begins_with(${by}, :prefix)`,
      ExpressionAttributeValues: { ...values, ":prefix": text(prefix) },
    };
  if (from !== undefined && to !== undefined)
    return {
      KeyConditionExpression: `pk = :pk AND ${by} BETWEEN :from AND :to`,
      ExpressionAttributeValues: { ...values, ":from": text(from), ":to": text(to) },
    };
  return { KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: values };
}

/** Opens a table. `newId` names transactions, so that one whose answer was lost is not done twice. */
export function openDatabase(options: {
  client: DynamoDBClient;
  table: string;
  persist: Persist;
  newId: () => string;
  onCapacity?: OnCapacity | undefined;
}): Database {
  const { client, table: TableName, persist, newId, onCapacity } = options;
  const metering = onCapacity && ({ ReturnConsumedCapacity: "TOTAL" } as const);

  function meter(operation: string, { ConsumedCapacity: consumed = [] }: Metered) {
    const parts = Array.isArray(consumed) ? consumed : [consumed];
    onCapacity?.({ operation, units: parts.reduce((sum, { CapacityUnits }) => sum + (CapacityUnits ?? 0), 0) });
  }

  /** The answer, or the failure if the caller has a choice to make on it. */
  async function call<Output extends Metered>(
    operation: string,
    send: () => Promise<Output>,
  ): Promise<{ kind: "done"; output: Output } | Exclude<Failure, { kind: "unavailable" | "bug" }>> {
    try {
      const output = await send();
      if (onCapacity) meter(operation, output);
      return { kind: "done", output };
    } catch (error) {
      const failure = readFailure(error);
      if (failure.kind === "bug") throw error;
      if (failure.kind === "unavailable")
        throw new StoreUnavailable(`the database did not answer ${operation}`, { cause: error });
      return failure;
    }
  }

  /** Reads have no conditions, and stand beside transactions without a conflict. */
  async function read<Output extends Metered>(operation: string, send: () => Promise<Output>): Promise<Output> {
    const answer = await call(operation, send);
    if (answer.kind === "done") return answer.output;
    throw new Error(`${operation}, a read, was answered as if it were a write: ${answer.kind}`);
  }

  const change = <Output extends Metered>(operation: string, send: () => Promise<Output>) =>
    persist(async () => {
      const answer = await call(operation, send);
      return answer.kind === "conflict" ? again : answer;
    });

  return {
    async get(key) {
      const input = { TableName, Key: keyItem(key), ConsistentRead: true, ...metering };
      const { Item: item } = await read("GetItem", () => client.send(new GetItemCommand(input)));
      return item;
    },

    async getMany(keys, projection) {
      const items: Item[] = [];
      let Keys: Item[] = keys.map(keyItem);
      if (Keys.length === 0) return items;
      return persist(async () => {
        const RequestItems = { [TableName]: { Keys, ConsistentRead: true, ...projection } };
        const command = new BatchGetItemCommand({ RequestItems, ...metering });
        const { Responses, UnprocessedKeys } = await read("BatchGetItem", () => client.send(command));
        items.push(...(Responses?.[TableName] ?? []));
        Keys = UnprocessedKeys?.[TableName]?.Keys ?? [];
        return Keys.length === 0 ? items : again;
      });
    },

    async query(range) {
      const { by, projection, maxItems } = range;
      const input = {
        TableName,
        ConsistentRead: true,
        ...keyCondition(range),
        ...(by === "place" && { IndexName: byPlace }),
        ...(maxItems !== undefined && { Limit: maxItems }),
        ...projection,
        ...metering,
      };
      const items: Item[] = [];
      let ExclusiveStartKey: Item | undefined;
      let pages = 0;
      do {
        const command = new QueryCommand({ ...input, ExclusiveStartKey });
        const page = await read("Query", () => client.send(command));
        items.push(...(page.Items ?? []));
        ExclusiveStartKey = page.LastEvaluatedKey;
        pages++;
      } while (ExclusiveStartKey !== undefined && maxItems === undefined);
      return { items, pages };
    },

    async put(put) {
      const command = new PutItemCommand({ ...put, TableName, ...withOld, ...metering });
      const answer = await change("PutItem", () => client.send(command));
      return answer.kind === "done" ? { kind: "written" } : answer;
    },

    async delete(write) {
      const input = { ...write, TableName, ReturnValues: "ALL_OLD", ...withOld, ...metering } as const;
      const answer = await change("DeleteItem", () => client.send(new DeleteItemCommand(input)));
      return answer.kind === "done" ? { kind: "deleted", item: answer.output.Attributes } : answer;
    },

    async update(update) {
      const input = { ...update, TableName, ReturnValues: "ALL_NEW", ...withOld, ...metering } as const;
      const answer = await change("UpdateItem", () => client.send(new UpdateItemCommand(input)));
      return answer.kind === "done" ? { kind: "written", item: answer.output.Attributes ?? {} } : answer;
    },

    async transact(writes) {
      const TransactItems = writes.map((one) => placed(one, TableName));
      const input = { TransactItems, ClientRequestToken: newId(), ...metering };
      const answer = await change("TransactWriteItems", () => client.send(new TransactWriteItemsCommand(input)));
      return answer.kind === "done" ? { kind: "written" } : answer;
    },
  };
}
