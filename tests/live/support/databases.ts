import { ulid } from "ulid";
import { temporaryDirectory } from "../../../src/testing/workshop.ts";
import { endpointOf } from "../../support/dynamodb.ts";

/** A kind of database, and the variables that give a server an empty one of its own. */
export interface Database {
  name: string;
  variables: () => Promise<Record<string, string>>;
}

export const sqlite: Database = {
  name: "SQLite",
  variables: async () => ({ DATA_DIR: temporaryDirectory() }),
};

export const dynamo: Database = {
  name: "DynamoDB",
  variables: async () => {
    const id = ulid();
    return {
      DATABASE: "dynamodb",
      DYNAMODB_ENDPOINT: await endpointOf("dynoxide"),
      BOARD_TABLE: `board-${id}`,
      LIVE_TABLE: `live-${id}`,
      DATA_DIR: temporaryDirectory(),
    };
  },
};

/** Everything that must hold holds on each of them. */
export const databases: readonly Database[] = [sqlite, dynamo];
