import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Appointment } from "@status-board/contracts";
import * as z from "zod";
import { buildAws, type FunctionName } from "../../scripts/build-aws.ts";
import { type Engine, startDynoxide } from "../../tests/support/engines.ts";
import { pairingCode, startBoard } from "../board.ts";
import { makeBoard, readBoard } from "../cards.ts";
import { openAws } from "./doubles.ts";
import { asBrowser, host, site } from "./events.ts";
import type { Called } from "./instance.ts";

/** The functions' bundles, tables with a board of cards, and somebody who is signed in. */
export interface Account {
  bundleOf: (name: FunctionName) => string;
  /** A module in which there is nothing: what an import takes of itself. */
  emptyFile: string;
  database: Engine;
  cards: readonly Appointment[];
  /** The cookie of a manager's device, sealed as on AWS. */
  cookie: string;
  /** Starts an instance; `database` names another way to the tables. */
  start: (database?: string) => Instance;
  close: () => Promise<void>;
}

/** A process in which bundles run. */
export interface Instance {
  /** Imports the bundle when it is new here, and calls it. Rejects for what the function throws, or refuses. */
  call: (bundle: string, event?: object) => Promise<Called>;
  stop: () => void;
}

/** One of this name is a variable of each function. */
const secretArn = (name: string) => `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-AbCdEf`;
export const cookieSecretArn = secretArn("cookie");

const variablesOf = (aws: string, database: string): Record<string, string> => ({
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
  AWS_ENDPOINT_URL: aws,
  AWS_ENDPOINT_URL_DYNAMODB: database,
  STAGE: "bench",
  RELEASE: "1.0.0",
  BOARD_TABLE: "status-board",
  LIVE_TABLE: "status-board-live",
  LIVE_URL: `wss://live.${host}/bench`,
  CONNECTIONS_ENDPOINT: aws,
  AUTH_MODE: "oidc",
  SHOP_ID: "workshop",
  ALLOWED_HOSTS: host,
  PUBLIC_URL: site,
  OIDC_ISSUER: "https://issuer.bench",
  OIDC_CLIENT_ID: "board",
  OIDC_ROLE_MAP: '{"office":"manager"}',
  COOKIE_SECRET_ARN: cookieSecretArn,
  ORIGIN_SECRET_ARN: secretArn("origin"),
  DISTRIBUTION_ID: "E1A2B3C4D5E6F7",
  PRE_TRAFFIC_TARGETS: '{"http":[],"live":[],"publisher":[]}',
  CANARY_URL: aws,
});

const refusedSchema = z.object({ statusCode: z.number().min(400), body: z.string() });

function startInstance(variables: Record<string, string>): Instance {
  const child = fork(join(import.meta.dirname, "instance.ts"), [], {
    env: variables,
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // Its log is no part of what is measured here, and what it dies of is.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  return {
    async call(bundle, event) {
      const ended = new AbortController();
      const { signal } = ended;
      const answered = once(child, "message", { signal });
      const died = once(child, "exit", { signal }).then(([code]) => Promise.reject(new Error(`it ended with ${code}`)));
      child.send({ bundle: pathToFileURL(bundle).href, ...(event && { event }) });
      try {
        const [called]: Called[] = await Promise.race([answered, died]);
        if (called === undefined) throw new Error("it told nothing");
        const refused = refusedSchema.safeParse(called.result).data;
        if (refused) throw new Error(`${bundle} answered ${refused.statusCode}: ${refused.body}`);
        return called;
      } finally {
        died.catch(() => {});
        answered.catch(() => {});
        ended.abort();
      }
    },
    stop: () => void child.kill("SIGKILL"),
  };
}

/** Fills the tables by the local root, which makes them, and takes a code with which a device can be paired. */
async function fillTables(endpoint: string, date: string, cardCount: number) {
  const server = await startBoard({ DATABASE: "dynamodb", DYNAMODB_ENDPOINT: endpoint });
  try {
    await makeBoard(server, date, cardCount);
    return { cards: await readBoard(server, date), code: await pairingCode(server.url) };
  } finally {
    await server.stop();
  }
}

export async function openAccount(date: string, cardCount: number): Promise<Account> {
  const directory = mkdtempSync(join(tmpdir(), "board-functions-"));
  await buildAws(directory);
  const bundleOf = (name: FunctionName) => join(directory, "aws", name, "index.mjs");
  const emptyFile = join(directory, "empty.mjs");
  writeFileSync(emptyFile, "");
  const [database, aws] = [await startDynoxide(), await openAws()];
  const { cards, code } = await fillTables(database.endpoint, date, cardCount);
  const start = (endpoint = database.endpoint) => startInstance(variablesOf(aws.url, endpoint));
  const pairing = start();
  const { result } = await pairing.call(bundleOf("auth"), asBrowser("POST", "/auth/pair", { body: { code } }));
  pairing.stop();
  const [set = ""] = z.object({ cookies: z.array(z.string()) }).parse(result).cookies;
  const close = async () => {
    aws.close();
    await database.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { bundleOf, emptyFile, database, cards, cookie: set.split(";")[0] ?? "", start, close };
}
