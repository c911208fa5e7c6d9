import { text } from "node:stream/consumers";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { serve } from "./serve.ts";

/** Stands in for CloudFront's API with one distribution, over the wire. */
export interface DistributionDouble {
  client: CloudFrontClient;
  id: string;
  /** The configuration as XML; setting it is a change by somebody else. */
  config: string;
  /** How many looks a roll-out takes; 0 at first. */
  looksUntilDeployed: number;
  /** What comes between the next read and the next write, if anything: somebody else's change. */
  beforeWrite: (() => void) | undefined;
  updates: number;
  /** The value of the header that the API's origin gets. */
  key: () => string | undefined;
}

const namespace = 'xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"';

const origin = (id: string, headers: string) =>
  `<Origin><Id>${id}</Id><DomainName>${id}.example.test</DomainName><OriginPath></OriginPath>${headers}</Origin>`;

const configWith = (key: string) =>
  `<DistributionConfig ${namespace}><CallerReference>made</CallerReference>` +
  `<Origins><Quantity>2</Quantity><Items>${origin("page", "<CustomHeaders><Quantity>0</Quantity></CustomHeaders>")}${origin(
    "api",
    `<CustomHeaders><Quantity>2</Quantity><Items><OriginCustomHeader><HeaderName>x-other</HeaderName><HeaderValue>stays</HeaderValue></OriginCustomHeader>` +
      `<OriginCustomHeader><HeaderName>X-Origin-Key</HeaderName><HeaderValue>${key}</HeaderValue></OriginCustomHeader></Items></CustomHeaders>`,
  )}</Items></Origins>` +
  `<DefaultCacheBehavior><TargetOriginId>page</TargetOriginId><ViewerProtocolPolicy>redirect-to-https</ViewerProtocolPolicy></DefaultCacheBehavior>` +
  `<Comment>board &amp; page</Comment><Enabled>true</Enabled><PriceClass>PriceClass_100</PriceClass></DistributionConfig>`;

/** Starts one for the test under way, which sends `key` to the API. */
export async function openDistributionDouble(key: string): Promise<DistributionDouble> {
  let config = configWith(key);
  let version = 1;
  let looks = 0;
  const id = "E1A2B3C4D5E6F7";
  const endpoint = await serve(async (request, response) => {
    const path = (request.url ?? "").split("?")[0];
    const etag = `E${version}`;
    if (request.method === "GET" && path === `/2020-05-31/distribution/${id}`) {
      const status = looks++ < double.looksUntilDeployed ? "InProgress" : "Deployed";
      const body = `<Distribution ${namespace}><Id>${id}</Id><Status>${status}</Status>${double.config}</Distribution>`;
      return void response.writeHead(200, { "content-type": "text/xml", etag }).end(body);
    }
    if (request.method !== "PUT" || path !== `/2020-05-31/distribution/${id}/config`)
      return void response.writeHead(404).end();
    double.beforeWrite?.();
    double.beforeWrite = undefined;
    const body = await text(request);
    if (request.headers["if-match"] !== `E${version}`) {
      const error = `<ErrorResponse ${namespace}><Error><Type>Sender</Type><Code>PreconditionFailed</Code><Message>no</Message></Error></ErrorResponse>`;
      return void response.writeHead(412, { "content-type": "text/xml" }).end(error);
    }
    looks = 0;
    double.updates++;
    double.config = body.replace(/^<\?xml[^>]*\?>/, "");
    response.writeHead(200, { "content-type": "text/xml", etag: `E${version}` });
    response.end(`<Distribution ${namespace}><Id>${id}</Id><Status>InProgress</Status>${double.config}</Distribution>`);
  });
  const double: DistributionDouble = {
    client: new CloudFrontClient({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    }),
    id,
    get config() {
      return config;
    },
    set config(value) {
      config = value;
      version++;
    },
    looksUntilDeployed: 0,
    beforeWrite: undefined,
    updates: 0,
    key: () => /<HeaderName>X-Origin-Key<\/HeaderName><HeaderValue>([^<]*)</.exec(config)?.[1],
  };
  return double;
}
