import { CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } from "@aws-sdk/client-codedeploy";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { readPreTrafficEnvironment } from "../runtime/pre-traffic-environment.ts";
import { beforeTraffic } from "./check-versions.ts";

const lambda = new LambdaClient({});
const codeDeploy = new CodeDeployClient({});

/** The Lambda entry that CodeDeploy calls before a new version gets traffic. */
export const handler = beforeTraffic(readPreTrafficEnvironment(process.env), {
  async invoke(version, event) {
    const command = new InvokeCommand({ FunctionName: version, Payload: JSON.stringify(event) });
    const { FunctionError, Payload } = await lambda.send(command);
    return { failed: FunctionError !== undefined, text: Payload?.transformToString() ?? "" };
  },
  async report({ DeploymentId, LifecycleEventHookExecutionId }, status) {
    const input = { deploymentId: DeploymentId, lifecycleEventHookExecutionId: LifecycleEventHookExecutionId, status };
    await codeDeploy.send(new PutLifecycleEventHookExecutionStatusCommand(input));
  },
});
