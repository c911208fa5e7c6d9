import {
  type CloudFrontClient,
  type DistributionConfig,
  GetDistributionCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { isSameSecret } from "../auth/key-ring.ts";
import { originHeader } from "./origin-header.ts";

/** A roll-out takes a few minutes as a rule; a function may take 15. */
const rollOutMaxMs = 10 * 60_000;
const rollOutPollMs = 15_000;

/** The places of a distribution's configuration that hold the key, each changeable in place. */
function keyPlaces(config: DistributionConfig | undefined) {
  const origins = config?.Origins?.Items ?? [];
  const headers = origins.flatMap(({ CustomHeaders }) => CustomHeaders?.Items ?? []);
  return headers.filter(({ HeaderName }) => HeaderName?.toLowerCase() === originHeader);
}

async function read(client: CloudFrontClient, Id: string) {
  const { Distribution, ETag } = await client.send(new GetDistributionCommand({ Id }));
  const places = keyPlaces(Distribution?.DistributionConfig);
  if (places.length === 0) throw new Error(`the distribution sends no ${originHeader}`);
  const sends = (key: string) => places.every(({ HeaderValue = "" }) => isSameSecret(HeaderValue, key));
  return {
    config: Distribution?.DistributionConfig,
    isRolledOut: Distribution?.Status === "Deployed",
    places,
    sends,
    ETag,
  };
}

/** Lets the distribution send this key. Somebody else's change at the same moment fails it, and undoes nothing. */
export async function sendKey(client: CloudFrontClient, Id: string, key: string): Promise<void> {
  const { config, places, sends, ETag } = await read(client, Id);
  if (sends(key)) return;
  for (const place of places) place.HeaderValue = key;
  await client.send(new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig: config }));
}

/** Waits until every edge of the distribution sends this key; throws when it is another one, or it takes too long. */
export async function rolledOut(
  client: CloudFrontClient,
  Id: string,
  key: string,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  for (let waitedMs = 0; waitedMs < rollOutMaxMs; waitedMs += rollOutPollMs) {
    const { isRolledOut, sends } = await read(client, Id);
    if (!sends(key)) throw new Error("the distribution sends another key than the pending one");
    if (isRolledOut) return;
    await wait(rollOutPollMs);
  }
  throw new Error("the distribution has not rolled out in time");
}
