import { randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { createSecretsClient } from "../secrets.ts";
import { serve } from "./serve.ts";

interface Version {
  id: string;
  text: string | undefined;
  stages: Set<string>;
}

/** Stands in for Secrets Manager, over the wire, with its rules of versions and stages. */
export interface SecretsDouble {
  client: SecretsManagerClient;
  /** Every call so far: the operation, and the stage that was asked for. */
  calls: string[];
  /** How it answers; `works` at first. */
  mood: "works" | "fails";
  /** Makes a secret with a current value, and gives its ARN. */
  add: (name: string, text: string) => string;
  /** The value at a stage. */
  valueAt: (arn: string, stage: string) => string | undefined;
  /** What a rotation begins with: a version that is pending and has no value. Gives its id. */
  beginRotation: (arn: string) => string;
  /** Runs the four steps of one rotation. */
  rotate: (arn: string, handler: (event: unknown) => Promise<void>) => Promise<void>;
}

export const rotationSteps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;

const inputSchema = z.looseObject({
  SecretId: z.string(),
  VersionId: z.string().optional(),
  VersionStage: z.string().optional(),
  ClientRequestToken: z.string().optional(),
  SecretString: z.string().optional(),
  VersionStages: z.array(z.string()).optional(),
  MoveToVersionId: z.string().optional(),
  RemoveFromVersionId: z.string().optional(),
});
type Input = z.output<typeof inputSchema>;

const failure = (type: string) => ({ status: 400, body: { __type: type, message: `${type} of the double` } });
const success = (body: object) => ({ status: 200, body });

/** Starts one for the test under way. */
export async function openSecretsDouble(): Promise<SecretsDouble> {
  const secrets = new Map<string, Version[]>();
  const at = (arn: string, stage: string) => secrets.get(arn)?.find(({ stages }) => stages.has(stage));

  /** A stage is at one version; where the current one goes away from is the previous one. */
  function move(arn: string, stage: string, to: Version): void {
    const from = at(arn, stage);
    from?.stages.delete(stage);
    to.stages.add(stage);
    if (stage === "AWSCURRENT" && from !== undefined && from !== to) move(arn, "AWSPREVIOUS", from);
  }

  const operations: Record<string, (input: Input) => { status: number; body: object }> = {
    GetSecretValue: ({ SecretId, VersionId, VersionStage = "AWSCURRENT" }) => {
      const version = at(SecretId, VersionStage);
      if (version?.text === undefined || (VersionId !== undefined && version.id !== VersionId))
        return failure("ResourceNotFoundException");
      return success({ ARN: SecretId, VersionId: version.id, SecretString: version.text, CreatedDate: 1.9e9 });
    },
    DescribeSecret: ({ SecretId }) => {
      const versions = secrets.get(SecretId)?.filter(({ stages }) => stages.size > 0) ?? [];
      return success({
        ARN: SecretId,
        VersionIdsToStages: Object.fromEntries(versions.map((v) => [v.id, [...v.stages]])),
      });
    },
    PutSecretValue: ({ SecretId, ClientRequestToken = "", SecretString = "", VersionStages = ["AWSCURRENT"] }) => {
      const known = secrets.get(SecretId)?.find(({ id }) => id === ClientRequestToken);
      if (known?.text !== undefined && known.text !== SecretString) return failure("ResourceExistsException");
      const version = known ?? { id: ClientRequestToken, text: SecretString, stages: new Set<string>() };
      version.text = SecretString;
      if (known === undefined) secrets.get(SecretId)?.push(version);
      for (const stage of VersionStages) move(SecretId, stage, version);
      return success({ ARN: SecretId, VersionId: version.id, VersionStages });
    },
    UpdateSecretVersionStage: ({ SecretId, VersionStage = "", MoveToVersionId, RemoveFromVersionId }) => {
      const target = secrets.get(SecretId)?.find(({ id }) => id === MoveToVersionId);
      if (target === undefined || at(SecretId, VersionStage)?.id !== RemoveFromVersionId)
        return failure("InvalidParameterException");
      move(SecretId, VersionStage, target);
      return success({ ARN: SecretId });
    },
  };

  const endpoint = await serve(async (request, response) => {
    const operation = String(request.headers["x-amz-target"]).replace("secretsmanager.", "");
    const input = inputSchema.parse(JSON.parse(await text(request)));
    double.calls.push([operation, input.VersionStage ?? ""].join(" ").trim());
    const answer =
      double.mood === "fails"
        ? { status: 500, body: { __type: "InternalServiceError" } }
        : (operations[operation]?.(input) ?? failure("UnknownOperationException"));
    response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(answer.body));
  });

  const beginRotation: SecretsDouble["beginRotation"] = (arn) => {
    const version: Version = { id: randomUUID(), text: undefined, stages: new Set() };
    secrets.get(arn)?.push(version);
    move(arn, "AWSPENDING", version);
    return version.id;
  };
  const double: SecretsDouble = {
    client: createSecretsClient({
      endpoint,
      region: "eu-central-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    }),
    calls: [],
    mood: "works",
    add: (name, value) => {
      const arn = `arn:aws:secretsmanager:eu-central-1:123456789012:secret:${name}-AbCdEf`;
      secrets.set(arn, [{ id: randomUUID(), text: value, stages: new Set(["AWSCURRENT"]) }]);
      return arn;
    },
    valueAt: (arn, stage) => at(arn, stage)?.text,
    beginRotation,
    rotate: async (arn, handler) => {
      const ClientRequestToken = beginRotation(arn);
      for (const Step of rotationSteps) await handler({ SecretId: arn, ClientRequestToken, Step });
    },
  };
  return double;
}
