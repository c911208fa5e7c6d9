import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { Aws } from "./aws.ts";
import { root } from "./run.ts";

export const stackName = "status-board-dev";
const artifacts = "artifacts";

/** The id that emulator/start.py gives to an API of a stack. */
const apiId = (stack: string, name: "http" | "live") =>
  createHash("sha256").update(`${stack}-${name}`).digest("hex").slice(0, 8);

/** The addresses of a stage's APIs at the stand-in. They are known before there is a stack. */
export const addressesAt = (endpoint: string, stage: "dev" | "prod" = "dev") => {
  const stack = `status-board-${stage}`;
  const live = `/_aws/execute-api/${apiId(stack, "live")}/${stage}`;
  return {
    apiUrl: `${endpoint}/_aws/execute-api/${apiId(stack, "http")}`,
    liveUrl: endpoint.replace("http", "ws") + live,
    connectionsEndpoint: endpoint + live,
  };
};

/** The parameters of a stack at the stand-in, which has addresses of its own. */
export function parametersAt(endpoint: string, publicUrl: string, others: Record<string, string>) {
  const { liveUrl, connectionsEndpoint } = addressesAt(endpoint);
  return {
    Stage: "dev",
    Release: "0.0.1",
    ShopId: "workshop",
    ShopTimeZone: "Europe/Berlin",
    PublicUrl: publicUrl,
    LiveUrl: liveUrl,
    ConnectionsEndpoint: connectionsEndpoint,
    AllowedHosts: new URL(endpoint).hostname,
    ...others,
  };
}

const outputsSchema = z.object({
  Stacks: z.tuple([
    z.object({
      StackStatus: z.string(),
      Outputs: z.array(z.object({ OutputKey: z.string(), OutputValue: z.string() })),
    }),
  ]),
});
export type Outputs = Readonly<Record<string, string>>;

/** Packages template.yaml as it is, with what was built, and deploys it. Gives the stack's outputs. */
export async function deploy(aws: Aws, parameters: Record<string, string>): Promise<Outputs> {
  const scratch = await mkdtemp(join(tmpdir(), "status-board-deploy-"));
  try {
    await aws.try(["s3", "mb", `s3://${artifacts}`]);
    const packaged = join(scratch, "packaged.yaml");
    const template = join(root, "template.yaml");
    const place = ["--s3-bucket", artifacts];
    await aws.call([
      ...["cloudformation", "package", "--template-file", template, "--output-template-file", packaged],
      ...place,
    ]);
    await aws.call([
      ...["cloudformation", "deploy", "--template-file", packaged, "--stack-name", stackName, ...place],
      ...["--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
      ...["--no-fail-on-empty-changeset", "--parameter-overrides"],
      ...Object.entries({ ...parameters, Deployment: randomBytes(16).toString("hex") }).map(
        ([key, value]) => `${key}=${value}`,
      ),
    ]);
    return await outputsOf(aws);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The outputs of the stack, by their names. */
export async function outputsOf(aws: Aws): Promise<Outputs> {
  const answer = await aws.call(["cloudformation", "describe-stacks", "--stack-name", stackName]);
  const [stack] = outputsSchema.parse(answer).Stacks;
  return Object.fromEntries(stack.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}
