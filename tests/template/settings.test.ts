import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { functions } from "../../scripts/build-aws.ts";
import { createTables } from "../../src/store/dynamodb/tables.ts";
import { ofType, propertiesOf, template, templateFunctions, textsIn } from "./template.ts";

test("each entry of src/aws is a function here, and each function has its entry", () => {
  expect([...templateFunctions.keys()].toSorted()).toEqual([...functions].toSorted());
});

describe("tables", () => {
  /** What createTables asks a database for. */
  async function asked(): Promise<Record<string, unknown>[]> {
    const send = vi.fn(async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      if (command.constructor.name === "DescribeTableCommand") return { Table: { TableStatus: "ACTIVE" } };
      return {};
    });
    await createTables({ send, config: {} } as never, { boardTable: "BoardTable", liveTable: "LiveTable" });
    const inputs = send.mock.calls.map(([command]) => ({ ...command.input, call: command.constructor.name }));
    return inputs.filter(({ call }) => call === "CreateTableCommand" || call === "UpdateTimeToLiveCommand");
  }

  test("are made as the store makes them: keys, attributes, index, stream, expiry", async () => {
    const inputs = await asked();
    expect(inputs).toHaveLength(4);
    for (const { call, TableName, ...wanted } of inputs) {
      const { StreamSpecification: stream, ...given } = propertiesOf(String(TableName));
      // CloudFormation turns a stream on by naming what it shows.
      const withStream = stream
        ? { ...given, StreamSpecification: { StreamEnabled: true, ...(stream as object) } }
        : given;
      expect(withStream, `${call} ${TableName}`).toMatchObject(wanted);
      expect(withStream).toHaveProperty("BillingMode", "PAY_PER_REQUEST");
    }
    expect(propertiesOf("LiveTable")).not.toHaveProperty("StreamSpecification");
    expect(propertiesOf("LiveTable")).not.toHaveProperty("LocalSecondaryIndexes");
  });

  test.each(["BoardTable", "LiveTable"])(
    "%s can be restored, is encrypted, and is lost neither with the stack nor by hand",
    (name) => {
      expect(propertiesOf(name)).toMatchObject({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        DeletionProtectionEnabled: true,
      });
      expect(template.Resources[name]).toMatchObject({ DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
    },
  );
});

describe("what an emulator does not show", () => {
  test.each([...templateFunctions])(
    "%s: arm64, the newest runtime, traffic by the alias, logs kept for 30 days",
    (_name, { id, properties }) => {
      expect(template.Globals.Function).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        AutoPublishAlias: "live",
      });
      expect(properties.AutoPublishCodeSha256).toEqual({ Ref: "Deployment" });
      // Without a difference Lambda refuses the new version that a new Deployment asks for.
      expect(template.Globals.Function.Environment.Variables.DEPLOYMENT).toEqual({ Ref: "Deployment" });
      const group = id.replace("Function", "Logs");
      expect(properties.LoggingConfig).toEqual({ LogGroup: { Ref: group } });
      expect(propertiesOf(group).RetentionInDays).toBe(30);
    },
  );

  test("a version of what answers people, machines, sockets or the stream gets a tenth of the traffic first, after a check", () => {
    const gradual = [...templateFunctions].filter(
      ([, { properties }]) => properties.DeploymentPreference !== undefined,
    );
    expect(gradual.map(([name]) => name).toSorted()).toEqual([
      "appointments",
      "auth",
      "board",
      "health",
      "live",
      "publisher",
      "services",
      "stats",
    ]);
    const targets = JSON.stringify(propertiesOf("PreTrafficFunction").Environment);
    for (const [, { id, properties }] of gradual) {
      expect(properties.DeploymentPreference).toEqual({
        Enabled: { Ref: "GradualDeployment" },
        Type: "Canary10Percent5Minutes",
        Alarms: [{ Ref: id.replace("Function", "ErrorsAlarm") }],
        Hooks: { PreTraffic: { Ref: "PreTrafficFunction" } },
      });
      expect(targets).toContain(`\${${id}.Version}`);
    }
    // CodeDeploy's own role may call functions of no other name.
    expect(propertiesOf("PreTrafficFunction").FunctionName).toEqual({
      "Fn::Sub": expect.stringMatching(/^CodeDeployHook_/),
    });
  });

  test("secrets get another value every 90 days", () => {
    const rotated = ofType("AWS::SecretsManager::RotationSchedule").map(([, { Properties }]) => Properties);
    expect(rotated.map(({ SecretId }) => SecretId)).toEqual(
      ofType("AWS::SecretsManager::Secret").map(([name]) => ({ Ref: name })),
    );
    for (const schedule of rotated)
      expect(schedule).toMatchObject({
        RotationLambdaARN: { Ref: "RotationFunction.Alias" },
        RotationRules: { AutomaticallyAfterDays: 90 },
      });
  });

  test("both APIs have a throttle, and logs without paths or queries, kept for 30 days", () => {
    for (const api of ["HttpStage", "LiveApi"]) {
      const { DefaultRouteSettings, AccessLogSettings } = propertiesOf(api);
      expect(DefaultRouteSettings).toEqual({ ThrottlingBurstLimit: 500, ThrottlingRateLimit: 1_000 });
      const logged = textsIn(AccessLogSettings).join();
      expect(logged).not.toMatch(/context\.(path|http\.path|requestUri|rawPath)|queryString|authorizer|\.ip/);
    }
    for (const [name, { Properties }] of ofType("AWS::Logs::LogGroup"))
      expect(Properties.RetentionInDays, name).toBe(30);
  });

  test("[LV7] the stream's cards alone reach the publisher; what fails comes again a finite number of times, in halves", () => {
    expect(propertiesOf("PublisherMapping")).toMatchObject({
      FunctionName: { Ref: "PublisherFunction.Alias" },
      StartingPosition: "TRIM_HORIZON",
      MaximumRetryAttempts: 20,
      MaximumRecordAgeInSeconds: 3_600,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"APPT#"}]}}}}' }] },
      DestinationConfig: { OnFailure: { Destination: { "Fn::GetAtt": "DeadLetterQueue.Arn" } } },
    });
  });

  test("[CA5] the carry-over is called after every quarter of an hour, wherever midnight is", () => {
    expect(propertiesOf("CarryOverSchedule")).toMatchObject({
      ScheduleExpression: "cron(1/15 * * * ? *)",
      Target: { Arn: { Ref: "CarryOverFunction.Alias" }, RetryPolicy: { MaximumRetryAttempts: 3 } },
    });
  });

  test("queues, topic and bucket are encrypted, and the bucket is nobody's but the site's", () => {
    for (const [name, { Properties }] of ofType("AWS::SQS::Queue"))
      expect(Properties.SqsManagedSseEnabled, name).toBe(true);
    expect(propertiesOf("AlarmTopic").KmsMasterKeyId).toEqual({ Ref: "AlarmKey" });
    const { PublicAccessBlockConfiguration: block, BucketEncryption } = propertiesOf("PageBucket");
    expect(Object.values(z.record(z.string(), z.boolean()).parse(block))).toEqual([true, true, true, true]);
    expect(textsIn(BucketEncryption)).toContain("AES256");
    const allowed = z
      .object({ PolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }) })
      .parse(propertiesOf("PageBucketPolicy"))
      .PolicyDocument.Statement.filter(({ Effect }) => Effect === "Allow");
    expect(allowed).toMatchObject([{ Principal: { Service: "cloudfront.amazonaws.com" }, Action: "s3:GetObject" }]);
  });

  test("[AU1] a stage without sign-in must be named, another issuer must know this site, and a domain has a certificate", () => {
    expect(template.Rules).toMatchObject({
      NoSignInIsMeant: {
        RuleCondition: { "Fn::Equals": [{ Ref: "AuthMode" }, "none"] },
        Assertions: [{ Assert: { "Fn::Equals": [{ Ref: "AllowPublicNone" }, { Ref: "Stage" }] } }],
      },
      ForeignIssuerKnowsUs: expect.anything(),
      DomainHasCertificate: expect.anything(),
      FirewallStandsInVirginia: expect.anything(),
    });
    expect(template.Parameters).toMatchObject({ AuthMode: { Default: "oidc" }, AllowPublicNone: { Default: "" } });
  });

  test("every parameter allows certain values or a pattern, or is free for a reason", () => {
    const free = Object.entries(template.Parameters).filter(
      ([, { AllowedValues, AllowedPattern }]) => !AllowedValues && !AllowedPattern,
    );
    expect(free.map(([name]) => name)).toEqual(["OidcClientId", "OidcShopClaim", "AllowedHosts", "AllowedOrigins"]);
  });

  test("what costs or holds something is tagged", () => {
    const types = [
      "DynamoDB::Table",
      "SQS::Queue",
      "S3::Bucket",
      "SecretsManager::Secret",
      "SNS::Topic",
      "KMS::Key",
      "Logs::LogGroup",
      "CloudFront::Distribution",
      "ApiGatewayV2::Api",
      "Serverless::WebSocketApi",
      "WAFv2::WebACL",
    ];
    for (const type of types)
      for (const [name, { Properties }] of ofType(`AWS::${type}`))
        expect(textsIn(Properties.Tags), name).toContain("application");
    expect(template.Globals.Function.Tags).toEqual({ application: "status-board", stage: { Ref: "Stage" } });
  });
});
