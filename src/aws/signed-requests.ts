import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";

/** The keys of an IAM role or user. */
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface SignedRequestOptions {
  /** Where the API is, without a path. */
  url: string;
  region: string;
  keys: Keys;
  /** The present moment: a signature is good for five minutes. */
  clock: () => Date;
}

/** One request. `path` has no query. */
export interface ApiRequest {
  method: string;
  path: string;
  query?: Readonly<Record<string, string>>;
  body?: object;
}

/** The form in which the signer wants its hash. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    if (secret === undefined) this.#hash = createHash("sha256");
    else this.#hash = createHmac("sha256", typeof secret === "string" ? secret : bytesOf(secret));
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error("the signer makes a hash for each thing that it hashes");
  }
}

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);

/** Sends requests to an API behind the authorizer AWS_IAM, each signed with Signature Version 4. */
export function signedRequests({ url, region, keys, clock }: SignedRequestOptions) {
  const signer = new SignatureV4({ service: "execute-api", region, credentials: keys, sha256: Sha256 });
  const { protocol, host, hostname, pathname } = new URL(url);
  const prefix = pathname.replace(/\/$/, "");
  return async ({ method, path, query = {}, body }: ApiRequest, signal: AbortSignal): Promise<Response> => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const signed = await signer.sign(
      {
        method,
        protocol,
        hostname,
        path: `${prefix}${path}`,
        query: { ...query },
        headers: { host, ...(text !== undefined && { "content-type": "application/json" }) },
        body: text,
      },
      { signingDate: clock() },
    );
    const search = new URLSearchParams(query).toString();
    const address = `${protocol}//${host}${prefix}${path}${search === "" ? "" : `?${search}`}`;
    return fetch(address, { method, headers: signed.headers, signal, ...(text !== undefined && { body: text }) });
  };
}
