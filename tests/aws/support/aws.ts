import { join } from "node:path";
import * as z from "zod";
import { region } from "./emulator.ts";
import { run } from "./run.ts";

/** Keys that sign requests. */
export interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** The account's own: the stand-in lets them do everything, as AWS does its root user. */
export const rootKeys: Keys = { accessKeyId: "test", secretAccessKey: "test" };

/** What the AWS CLI answered; `refusal` is what it said when it failed. */
export type CliAnswer = { kind: "done"; output: unknown } | { kind: "failed"; refusal: string };

/** The AWS CLI at the stand-in. */
export interface Aws {
  /** Never throws. */
  try: (args: readonly string[], keys?: Keys) => Promise<CliAnswer>;
  /** What a call that must succeed answers. */
  call: (args: readonly string[], keys?: Keys) => Promise<unknown>;
}

/** The variables by which programs find the stand-in. */
export const variablesOf = (endpoint: string, keys: Keys): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  ...(keys.sessionToken !== undefined && { AWS_SESSION_TOKEN: keys.sessionToken }),
  AWS_PAGER: "",
});

/** `programs` is the folder with `aws`. */
export function awsAt(endpoint: string, programs: string): Aws {
  const tried: Aws["try"] = async (args, keys = rootKeys) => {
    const variables = variablesOf(endpoint, keys);
    const { code, out, err } = await run(
      join(programs, "aws"),
      [...args, "--endpoint-url", endpoint, "--output", "json"],
      variables,
    );
    return code === 0 ? { kind: "done", output: parsed(out) } : { kind: "failed", refusal: err };
  };
  return {
    try: tried,
    call: async (args, keys) => {
      const answer = await tried(args, keys);
      if (answer.kind === "failed") throw new Error(`aws ${args.join(" ")}: ${answer.refusal}`);
      return answer.output;
    },
  };
}

/** Some commands answer JSON, some a progress in words, some nothing. */
function parsed(out: string): unknown {
  try {
    return JSON.parse(out);
  } catch {
    return out;
  }
}

const keysSchema = z
  .object({
    AccessKeyId: z.string(),
    SecretAccessKey: z.string(),
    SessionToken: z.string().optional(),
  })
  .transform(
    ({ AccessKeyId, SecretAccessKey, SessionToken }): Keys => ({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken !== undefined && { sessionToken: SessionToken }),
    }),
  );

/** A new IAM user that may do what the policies allow, and its keys. */
export async function newUser(
  aws: Aws,
  name: string,
  policyArns: readonly string[],
): Promise<{ arn: string; keys: Keys }> {
  const made = await aws.call(["iam", "create-user", "--user-name", name]);
  const { User } = z.object({ User: z.object({ Arn: z.string() }) }).parse(made);
  for (const arn of policyArns) await aws.call(["iam", "attach-user-policy", "--user-name", name, "--policy-arn", arn]);
  const key = await aws.call(["iam", "create-access-key", "--user-name", name]);
  return { arn: User.Arn, keys: z.object({ AccessKey: keysSchema }).parse(key).AccessKey };
}

/** The keys of a role, which must let the caller in. */
export async function assumeRole(aws: Aws, arn: string, keys: Keys): Promise<Keys> {
  const answer = await aws.call(["sts", "assume-role", "--role-arn", arn, "--role-session-name", "test"], keys);
  return z.object({ Credentials: keysSchema }).parse(answer).Credentials;
}
