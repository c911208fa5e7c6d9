import * as z from "zod";
import { propertiesOf, templateFunctions, textsIn } from "./template.ts";

const statementSchema = z.object({
  Effect: z.literal("Allow"),
  Action: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  Resource: z.unknown(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const roleSchema = z.object({
  AssumeRolePolicyDocument: z.unknown(),
  Policies: z.tuple([
    z.object({ PolicyDocument: z.object({ Statement: z.array(z.record(z.string(), z.unknown())) }) }),
  ]),
});

/** The statements of a function's role; those that stand under a condition of the template count too. */
export function statementsOf(name: string): z.output<typeof statementSchema>[] {
  const { Policies } = roleSchema.parse(propertiesOf(`${templateFunctions.get(name)?.id.replace("Function", "Role")}`));
  return Policies[0].PolicyDocument.Statement.map((one) => {
    const choice = z.object({ "Fn::If": z.tuple([z.string(), z.unknown(), z.unknown()]) }).safeParse(one);
    return statementSchema.parse(choice.success ? choice.data["Fn::If"][1] : one);
  });
}

/** What a role may do with the tables: `GetItem board SHOP#*#DAY#*`, a line for each action, table and kind of key. */
export function tableRights(name: string): string[] {
  return statementsOf(name)
    .filter(
      ({ Action }) =>
        Action.every((one) => one.startsWith("dynamodb:")) &&
        !Action.some((one) => one.includes("Stream") || one.includes("Records") || one.includes("Shard")),
    )
    .flatMap(({ Action, Resource, Condition }) => {
      const keys = z.array(z.string()).parse(Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"]);
      const butNot = Condition?.["ForAllValues:StringNotLike"] === undefined ? "" : " alone";
      const table = textsIn(Resource).some((one) => one.includes("BoardTable")) ? "board" : "live";
      return Action.flatMap((action) =>
        keys.map((key) => `${action.slice("dynamodb:".length)} ${table} ${key}${butNot}`),
      );
    })
    .toSorted();
}

/** Whether a key is one of those that a pattern of IAM stands for. */
export const isLike = (pattern: string, key: string): boolean =>
  new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(key);
