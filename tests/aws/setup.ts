import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { awsAt, rootKeys, variablesOf } from "./support/aws.ts";
import { deploy, type Outputs, parametersAt } from "./support/deployment.ts";
import { freePort, startEmulator } from "./support/emulator.ts";
import { startFront } from "./support/front.ts";
import { pythonPrograms } from "./support/python.ts";
import { mustRun, root } from "./support/run.ts";
import { startWarmCli } from "./support/warm-cli.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The stand-in for AWS. */
    endpoint: string;
    /** The folder of the AWS CLI. */
    programs: string;
    /** The site as browsers reach it. */
    publicUrl: string;
    parameters: Record<string, string>;
    outputs: Outputs;
  }
}

/** The account of the stand-in. */
const account = "000000000000";

/** Who may call /machine: a user for each role that a test needs. */
const machineRoles = {
  [`arn:aws:iam::${account}:user/smoke`]: "manager",
  [`arn:aws:iam::${account}:user/tv`]: "viewer",
};

/** Builds what is deployed, deploys template.yaml as it is, and takes it all away at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const environment = await pythonPrograms("requirements.txt");
  await mustRun("npm", ["run", "--silent", "build:aws"]);
  if (!existsSync(join(root, "frontend-client/app/dist/index.html")))
    await mustRun("npm", ["run", "--silent", "build:page"]);
  const { programs, stop: stopCli } = await startWarmCli(environment);
  const emulator = await startEmulator(environment);
  const front = await startFront(emulator.endpoint, await freePort());
  const stop = async () => {
    front.stop();
    await emulator.stop();
    await stopCli();
  };
  try {
    const aws = awsAt(emulator.endpoint, programs);
    const parameters = parametersAt(emulator.endpoint, front.url, {
      AuthMode: "none",
      AllowPublicNone: "dev",
      CanaryEnabled: "true",
      MachineRoles: JSON.stringify(machineRoles),
    });
    const outputs = await deploy(aws, parameters);
    front.serve(output(outputs, "DistributionDomain"));
    const tables = ["--board-table", output(outputs, "BoardTable"), "--live-table", output(outputs, "LiveTable")];
    const shop = ["--shop-id", parameters.ShopId, "--shop-time-zone", parameters.ShopTimeZone];
    const migrate = ["run", "--silent", "migrate", "--", "up", ...tables, ...shop];
    await mustRun("npm", migrate, variablesOf(emulator.endpoint, rootKeys));
    const page = join(root, "frontend-client/app/dist");
    await aws.call(["s3", "cp", "--recursive", page, `s3://${output(outputs, "PageBucket")}`]);
    project.provide("endpoint", emulator.endpoint);
    project.provide("programs", programs);
    project.provide("publicUrl", front.url);
    project.provide("parameters", parameters);
    project.provide("outputs", outputs);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

function output(outputs: Outputs, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`the stack has no output ${name}`);
  return value;
}
