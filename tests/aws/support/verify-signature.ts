import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";

const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Uint8Array, data: string) => createHmac("sha256", key).update(data).digest();
const form =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/([0-9]{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;

/** Whether a request is signed with that secret, worked out anew as AWS tells how to (no code of the signer's is used):
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
export function isSigned(
  { method = "", url = "/", headers }: IncomingMessage,
  body: Uint8Array,
  secret: string,
): boolean {
  const [, , day = "", region = "", service = "", names = "", signature] = form.exec(headers.authorization ?? "") ?? [];
  const moment = String(headers["x-amz-date"]);
  const { pathname, searchParams } = new URL(url, "http://host");
  const pairs = [...searchParams].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const signed = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, pathname, pairs.toSorted().join("&"), signed.join(""), names, sha256(body)].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", moment, scope, sha256(canonical)].join("\n");
  const key = [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${secret}`, day));
  return names.split(";").includes("host") && signature === hmac(key, text).toString("hex");
}
