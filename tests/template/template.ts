import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CollectionTag, parse, Scalar, type ScalarTag, YAMLMap } from "yaml";
import * as z from "zod";

/** CloudFormation's functions in their short form. */
const functions = ["If", "Sub", "GetAtt", "Not", "Equals", "And", "Or", "Join", "Select", "Split"];
const longNames = new Map([["!Ref", "Ref"], ...functions.map((name) => [`!${name}`, `Fn::${name}`] as const)]);

const tags = [...longNames].flatMap(([tag, long]) => {
  const asMap = (value: unknown) => {
    const map = new YAMLMap();
    map.add({ key: new Scalar(long), value });
    return map;
  };
  const collections = (["seq", "map"] as const).map(
    (collection): CollectionTag => ({ tag, collection, resolve: (value) => asMap(value) }),
  );
  return [{ tag, resolve: (value: string) => ({ [long]: value }) } satisfies ScalarTag, ...collections];
});

const resourceSchema = z.looseObject({
  Type: z.string(),
  Condition: z.string().optional(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
  Properties: z.record(z.string(), z.unknown()).default({}),
});
export type Resource = z.output<typeof resourceSchema>;

const templateSchema = z.object({
  Parameters: z.record(z.string(), z.looseObject({ Type: z.string() })),
  Rules: z.record(z.string(), z.unknown()),
  Conditions: z.record(z.string(), z.unknown()),
  Globals: z.object({
    Function: z.looseObject({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) }),
  }),
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.looseObject({})),
});

const file = join(import.meta.dirname, "../../template.yaml");

/** template.yaml, its short forms written out. */
export const template = templateSchema.parse(parse(readFileSync(file, "utf8"), { customTags: tags }));

/** The resources of a type, by their names. */
export const ofType = (type: string): [string, Resource][] =>
  Object.entries(template.Resources).filter(([, { Type }]) => Type === type);

/** The properties of a resource that must be there. */
export function propertiesOf(name: string): Record<string, unknown> {
  const resource = template.Resources[name];
  if (resource === undefined) throw new Error(`template.yaml has no ${name}`);
  return resource.Properties;
}

const functionSchema = z.looseObject({
  CodeUri: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).default({ Variables: {} }),
});

/** A function as its entry in src/aws is called. */
export interface TemplateFunction {
  /** The resource. */
  id: string;
  properties: z.output<typeof functionSchema>;
  /** The names of its variables, those that all functions have included. */
  variables: readonly string[];
}

/** The functions by the name of their entry. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map(
  ofType("AWS::Serverless::Function").map(([id, { Properties }]) => {
    const properties = functionSchema.parse(Properties);
    const common = Object.keys(template.Globals.Function.Environment.Variables);
    const variables = [...common, ...Object.keys(properties.Environment.Variables)];
    return [
      /^dist\/aws\/([a-z-]+)\/$/.exec(properties.CodeUri)?.[1] ?? properties.CodeUri,
      { id, properties, variables },
    ];
  }),
);

/** All strings in a value, at any depth, keys of maps included. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
  return [];
}
