import { createHash, createHmac } from "node:crypto";

/** Keys of an IAM principal; those of a role come with a token. */
export interface AwsKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  region: string;
}

/** What is signed: a URL, and what goes with it. */
export interface Signable {
  method: string;
  url: string;
  body: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The keys of the environment, by the names that AWS' own tools read; or the names of those that are not set. */
export function keysOf(variables: Variables): { kind: "keys"; keys: AwsKeys } | { kind: "missing"; names: string[] } {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: token,
  } = variables;
  const region = variables.AWS_REGION || variables.AWS_DEFAULT_REGION;
  if (!accessKeyId || !secretAccessKey || !region) {
    const given = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_REGION: region };
    return { kind: "missing", names: Object.entries(given).flatMap(([name, value]) => (value ? [] : [name])) };
  }
  return { kind: "keys", keys: { accessKeyId, secretAccessKey, region, ...(token ? { sessionToken: token } : {}) } };
}

const service = "execute-api";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** As AWS encodes: encodeURIComponent leaves five characters alone that AWS does not. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalQuery = ({ searchParams }: URL) =>
  [...searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted()
    .join("&");

/**
 * The headers that sign a request to API Gateway (Signature Version 4), to be sent beside its own.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signatureOf({ method, url, body }: Signable, keys: AwsKeys, now: Date): Record<string, string> {
  const target = new URL(url);
  const at = now.toISOString().replace(/[-:]|\.[0-9]{3}/g, "");
  const day = at.slice(0, 8);
  const signed: Record<string, string> = {
    host: target.host,
    "x-amz-date": at,
    ...(keys.sessionToken !== undefined && { "x-amz-security-token": keys.sessionToken }),
  };
  const names = Object.keys(signed).join(";");
  const request = [
    method,
    target.pathname.split("/").map(encoded).join("/"),
    canonicalQuery(target),
    ...Object.entries(signed).map(([name, value]) => `${name}:${value}`),
    "",
    names,
    sha256(body),
  ].join("\n");
  const scope = `${day}/${keys.region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", at, scope, sha256(request)].join("\n");
  const key = [day, keys.region, service, "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  const { host: _, ...sent } = signed;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${hmac(key, text).toString("hex")}`,
  };
}

/** A fetch that signs each request. Bodies must be text. */
export const signedFetch =
  (keys: AwsKeys, inner: typeof fetch = fetch): typeof fetch =>
  (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const body = typeof init.body === "string" ? init.body : "";
    const headers = new Headers(init.headers);
    const signature = signatureOf({ method: init.method ?? "GET", url, body }, keys, new Date());
    for (const [name, value] of Object.entries(signature)) headers.set(name, value);
    return inner(url, { ...init, headers });
  };
