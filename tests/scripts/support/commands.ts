import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Account } from "./account.ts";

/** What a command of the AWS CLI answers: JSON on standard output, or what it says on standard error. */
export type Answer = { out: unknown } | { problem: string };

export const region = "eu-central-1";
export const artifacts = `status-board-artifacts-123456789012-${region}`;
export const pageBucket = "page-bucket";

const refused = (code: string, operation: string, message = ""): Answer => ({
  problem: `\nAn error occurred (${code}) when calling the ${operation} operation: ${message}`,
});
const done: Answer = { out: {} };

/** The options of a command by name; flags are "true". */
function optionsOf(args: readonly string[]) {
  const options = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (!arg.startsWith("--")) rest.push(arg);
    else if (["--only-show-errors", "--recursive"].includes(arg)) options.set(arg, "true");
    else options.set(arg, args[++at] ?? "");
  }
  return { rest, option: (name: string) => options.get(`--${name}`) ?? "" };
}

const keyOf = (url: string) => url.replace("s3://", "");
const templateAt = (account: Account, url: string): string => {
  const key = url.replace(/^https:\/\/s3\..+?\.amazonaws\.com\//, "");
  return String(account.objects.get(key)?.body ?? "");
};

const allowed = new Map([["LogLevel", ["debug", "info"]]]);

/** The parameters that a template declares, with their defaults; one line each in the templates of these tests. */
const declared = (template: string) =>
  [...template.matchAll(/^# parameter (\w+)(?:=(.*))?$/gm)].map(([, name = "", value]) => ({
    ParameterKey: name,
    ...(value !== undefined && { DefaultValue: value }),
    ParameterConstraints: { ...(allowed.has(name) && { AllowedValues: allowed.get(name) }) },
  }));

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((file) => statSync(file).isFile());
}

function copy(account: Account, args: readonly string[]): Answer {
  const { rest, option } = optionsOf(args.slice(2));
  const [from = "", to = ""] = rest;
  const excluded = (name: string) =>
    name === option("exclude") || (option("exclude") === "assets/*" && name.startsWith("assets/"));
  const put = (key: string, body: string, cacheControl = option("cache-control")) =>
    account.objects.set(key, { body, ...(cacheControl !== "" && { cacheControl }) });
  if (option("recursive") === "") {
    if (!from.startsWith("s3://")) put(keyOf(to), readFileSync(from, "utf8"));
    else {
      const found = account.objects.get(keyOf(from));
      if (found === undefined)
        return {
          problem: `fatal error: An error occurred (404) when calling the HeadObject operation: Key "${from}" does not exist`,
        };
      if (to.startsWith("s3://")) put(keyOf(to), found.body, found.cacheControl);
      else writeFileSync(to, found.body);
    }
    return done;
  }
  if (from.startsWith("s3://")) {
    const prefix = `${keyOf(from)}/`;
    for (const [key, { body, cacheControl }] of [...account.objects])
      if (key.startsWith(prefix) && !excluded(key.slice(prefix.length)))
        put(`${keyOf(to)}/${key.slice(prefix.length)}`, body, cacheControl);
  } else
    for (const file of filesUnder(from))
      if (!excluded(relative(from, file))) put(`${keyOf(to)}/${relative(from, file)}`, readFileSync(file, "utf8"));
  return done;
}

function remove(account: Account, args: readonly string[]): Answer {
  const { rest } = optionsOf(args.slice(2));
  const keepsRecord = args.includes("--include");
  for (const key of [...account.objects.keys()])
    if (key.startsWith(keyOf(rest[0] ?? "")) && !(keepsRecord && key.endsWith(".json"))) account.objects.delete(key);
  return done;
}

function describeStack({ stack }: Account): Answer {
  if (stack === undefined)
    return refused("ValidationError", "DescribeStacks", "Stack with id status-board-dev does not exist");
  const next = stack.coming.shift();
  if (next) Object.assign(stack, next);
  const { Release = "", AuthMode = "" } = stack.parameters;
  const outputs = {
    ...{ ApiUrl: "$SITE", PublicUrl: "$SITE", PageBucket: pageBucket, DistributionId: "E1", BoardTable: "board-t" },
    ...{ LiveTable: "live-t", AuthMode, Release },
  };
  return {
    out: {
      Stacks: [
        {
          StackStatus: stack.status,
          Parameters: Object.entries(stack.parameters).map(([ParameterKey, ParameterValue]) => ({
            ParameterKey,
            ParameterValue,
          })),
          Outputs:
            stack.status === "REVIEW_IN_PROGRESS"
              ? []
              : Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
        },
      ],
    },
  };
}

function createChangeSet(account: Account, args: readonly string[]): Answer {
  const { option } = optionsOf(args.slice(2));
  const given: { ParameterKey: string; ParameterValue?: string }[] = JSON.parse(
    readFileSync(option("parameters").replace("file://", ""), "utf8"),
  );
  const { stack } = account;
  if (stack && /_IN_PROGRESS$|FAILED$|^ROLLBACK_COMPLETE$/.test(stack.status) && stack.status !== "REVIEW_IN_PROGRESS")
    return refused("ValidationError", "CreateChangeSet", `Stack is in ${stack.status} state and can not be updated.`);
  const template = templateAt(account, option("template-url"));
  const parameters = Object.fromEntries(
    given.map(({ ParameterKey, ParameterValue }) => [
      ParameterKey,
      ParameterValue ?? stack?.parameters[ParameterKey] ?? "",
    ]),
  );
  const isSame = stack?.template === template && JSON.stringify(stack.parameters) === JSON.stringify(parameters);
  account.stack ??= { status: "REVIEW_IN_PROGRESS", template: "", parameters: {}, coming: [] };
  account.changeSets.set(option("change-set-name"), {
    template,
    parameters,
    ...(isSame
      ? { status: "FAILED", reason: "The submitted information didn't contain changes." }
      : { status: "CREATE_COMPLETE" }),
  });
  return done;
}

function describeChangeSet(account: Account, args: readonly string[]): Answer {
  const found = account.changeSets.get(optionsOf(args.slice(2)).option("change-set-name"));
  if (!found) return refused("ChangeSetNotFound", "DescribeChangeSet");
  const dangerous = found.template.includes("# replaces the board table");
  const change = dangerous
    ? { Action: "Modify", Replacement: "True", LogicalResourceId: "BoardTable", ResourceType: "AWS::DynamoDB::Table" }
    : {
        Action: "Modify",
        Replacement: "False",
        LogicalResourceId: "BoardFunction",
        ResourceType: "AWS::Lambda::Function",
      };
  return { out: { Status: found.status, StatusReason: found.reason, Changes: [{ ResourceChange: change }] } };
}

function executeChangeSet(account: Account, args: readonly string[]): Answer {
  const found = account.changeSets.get(optionsOf(args.slice(2)).option("change-set-name"));
  const { stack } = account;
  if (!found || !stack) return refused("ChangeSetNotFound", "ExecuteChangeSet");
  const isNew = stack.status === "REVIEW_IN_PROGRESS";
  const kind = isNew ? "CREATE" : "UPDATE";
  const { template, parameters } = found;
  stack.status = `${kind}_IN_PROGRESS`;
  stack.coming = template.includes("# cannot be deployed")
    ? [{ status: `${kind}_IN_PROGRESS` }, { status: isNew ? "ROLLBACK_COMPLETE" : "UPDATE_ROLLBACK_COMPLETE" }]
    : [{ status: `${kind}_IN_PROGRESS` }, { status: `${kind}_COMPLETE`, template, parameters }];
  return done;
}

const failedEvent = {
  LogicalResourceId: "BoardFunction",
  ResourceStatus: "UPDATE_FAILED",
  ResourceStatusReason: "the handler is too large",
  Timestamp: "2999-01-01T00:00:00Z",
};

function parameterOf({ parameters }: Account, args: readonly string[], operation: string): Answer {
  const { option } = optionsOf(args.slice(2));
  const name = option("name");
  const value = parameters.get(name);
  if (operation === "put-parameter") {
    if (value !== undefined) return refused("ParameterAlreadyExists", "PutParameter", "The parameter already exists.");
    parameters.set(name, option("value"));
    return done;
  }
  if (value === undefined) return refused("ParameterNotFound", "GetParameter");
  if (operation === "delete-parameter") parameters.delete(name);
  return { out: { Parameter: { Name: name, Value: value } } };
}

/** What a call changes, besides those that only look. */
export const looks = /^(get|describe|head|list|configure)/;

/** Carries out one command of the AWS CLI on the account. */
export function carryOut(account: Account, args: readonly string[]): Answer {
  const [service = "", operation = ""] = args;
  const { option } = optionsOf(args.slice(2));
  const bucket = option("bucket");
  const object = `${bucket}/${option("key")}`;
  switch (`${service} ${operation}`) {
    case "sts get-caller-identity":
      return { out: { Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/ops" } };
    case "configure export-credentials":
      return { out: { AccessKeyId: "AKIATEST", SecretAccessKey: "hush" } };
    case "s3 cp":
      return copy(account, args);
    case "s3 rm":
      return remove(account, args);
    case "s3api head-bucket":
      return account.buckets.has(bucket) ? done : refused("404", "HeadBucket", "Not Found");
    case "s3api create-bucket":
      account.buckets.set(bucket, {});
      return done;
    case "s3api get-bucket-versioning":
      return { out: account.buckets.get(bucket)?.versioning ? { Status: "Enabled" } : {} };
    case "s3api put-public-access-block":
    case "s3api put-bucket-encryption":
    case "s3api put-bucket-policy":
    case "s3api put-bucket-versioning": {
      const settings = account.buckets.get(bucket);
      if (settings) settings[operation.split("-").at(-1) ?? ""] = args.at(-1) ?? "";
      return done;
    }
    case "s3api get-object": {
      const found = account.objects.get(object);
      if (!found) return refused("NoSuchKey", "GetObject", "The specified key does not exist.");
      writeFileSync(args.at(-1) ?? "", found.body);
      return done;
    }
    case "s3api put-object":
      account.objects.set(object, { body: readFileSync(option("body"), "utf8") });
      return done;
    case "s3api delete-object":
      account.objects.delete(object);
      return done;
    case "cloudformation package": {
      const source = readFileSync(option("template-file"), "utf8");
      const code = `${option("s3-prefix")}/${createHash("sha256").update(source).digest("hex").slice(0, 8)}`;
      account.objects.set(`${option("s3-bucket")}/${code}`, { body: "code" });
      writeFileSync(option("output-template-file"), `${source}\n# code ${code}\n`);
      return done;
    }
    case "cloudformation get-template-summary":
      return { out: { Parameters: declared(templateAt(account, option("template-url"))) } };
    case "cloudformation describe-stacks":
      return describeStack(account);
    case "cloudformation create-change-set":
      return createChangeSet(account, args);
    case "cloudformation describe-change-set":
      return describeChangeSet(account, args);
    case "cloudformation delete-change-set":
      account.changeSets.delete(option("change-set-name"));
      return done;
    case "cloudformation execute-change-set":
      return executeChangeSet(account, args);
    case "cloudformation describe-stack-events":
      return { out: { StackEvents: [failedEvent] } };
    case "cloudfront create-invalidation":
      account.invalidations++;
      return { out: { Invalidation: { Id: "I1", Status: "InProgress" } } };
    case "cloudfront get-invalidation":
      return { out: { Invalidation: { Id: "I1", Status: "Completed" } } };
    case "ssm get-parameter":
    case "ssm put-parameter":
    case "ssm delete-parameter":
      return parameterOf(account, args, operation);
    default:
      return { problem: `the stand-in does not know aws ${service} ${operation}` };
  }
}
