import { ulid } from "ulid";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { addCard } from "../../../src/testing/cards.ts";
import { connect } from "../../live/support/peer.ts";
import { setVariables } from "../support/functions.ts";
import { aws, output, page } from "../support/site.ts";

const patiently = { timeout: 90_000, interval: 250 };
const times = (date: string) => ({ start: `${date}T09:00:00.000Z`, end: `${date}T10:00:00.000Z`, serviceCodes: [] });

const messagesSchema = z.object({ Messages: z.array(z.object({ Body: z.string() })).default([]) });

/** What lies in a queue; it stays there. */
async function bodiesIn(queue: "DeadLetterQueueUrl" | "SetAsideQueueUrl"): Promise<string[]> {
  const answer = await aws.call([
    ...["sqs", "receive-message", "--queue-url", output(queue), "--max-number-of-messages", "10"],
    ...["--visibility-timeout", "0"],
  ]);
  return messagesSchema.parse(answer === "" ? {} : answer).Messages.map(({ Body }) => Body);
}

test("[LV7] a record that cannot be read is set aside, its board starts anew, and the rest goes on", async () => {
  const date = "2041-07-01";
  const peer = await connect(page);
  await peer.subscribe(date);
  const id = ulid();
  const poison = { pk: `SHOP#workshop#DAY#${date}`, sk: `APPT#${id}`, place: "nowhere", version: 0, details: "{" };
  const item = Object.fromEntries(
    Object.entries(poison).map(([name, value]) => [
      name,
      typeof value === "number" ? { N: String(value) } : { S: value },
    ]),
  );
  await aws.call(["dynamodb", "put-item", "--table-name", output("BoardTable"), "--item", JSON.stringify(item)]);
  expect(await peer.next("reset")).toMatchObject({ date, rev: 1 });
  await expect.poll(async () => (await bodiesIn("SetAsideQueueUrl")).join(), patiently).toContain(date);
  const { pk, sk } = poison;
  const key = JSON.stringify({ pk: { S: pk }, sk: { S: sk } });
  await aws.call(["dynamodb", "delete-item", "--table-name", output("BoardTable"), "--key", key]);
  // Its removal cannot be read either.
  expect(await peer.next("reset")).toMatchObject({ rev: 2 });
  const next = "2041-07-02";
  await peer.subscribe(next);
  const card = await addCard(page, times(next));
  expect((await peer.next("diff")).ops).toEqual([{ op: "upsert", card }]);
});

test("a record that crashes the publisher again and again ends among the dead letters, and does not hold up the next", async () => {
  const publisher = output("PublisherFunctionName");
  const good = await aliasVersion(publisher);
  const restore = () => pointAlias(publisher, good);
  onTestFinished(restore);
  await pointAlias(publisher, await brokenVersion(publisher));
  const broken = await addCard(page, times("2041-07-03"));
  await expect
    .poll(async () => (await bodiesIn("DeadLetterQueueUrl")).join(), patiently)
    .toContain("RetryAttemptsExhausted");
  await restore();
  const date = "2041-07-04";
  const peer = await connect(page);
  await peer.subscribe(date);
  const card = await addCard(page, times(date));
  expect((await peer.next("diff")).ops).toEqual([{ op: "upsert", card }]);
  expect(broken.version).toBe(1);
});

const versionSchema = z.object({ Version: z.string() });

/** A version of the function that cannot even start. The function itself is put right again. */
async function brokenVersion(name: string): Promise<string> {
  const setBack = await setVariables(aws, name, { BOARD_TABLE: "" });
  const broken = await aws.call(["lambda", "publish-version", "--function-name", name]);
  await setBack();
  return versionSchema.parse(broken).Version;
}

async function aliasVersion(name: string): Promise<string> {
  const alias = await aws.call(["lambda", "get-alias", "--function-name", name, "--name", "live"]);
  return z.object({ FunctionVersion: z.string() }).parse(alias).FunctionVersion;
}

async function pointAlias(name: string, version: string): Promise<void> {
  await aws.call(["lambda", "update-alias", "--function-name", name, "--name", "live", "--function-version", version]);
}
