import * as z from "zod";

/** A part of a JSON document. */
export type Json = Record<string, unknown>;

/** How a document wants its schemas: the draft it is written in, and whether they say what comes in or what goes out. */
export interface SchemaStyle {
  io: "input" | "output";
  /** OpenAPI 3.1 speaks 2020-12, AsyncAPI 3.0 draft 7. */
  target: "draft-2020-12" | "draft-7";
}

/** Beside these a pattern is only a long way to say the same; nobody could read the documents. */
const formatsThatSayAll: ReadonlySet<string> = new Set(["date", "date-time", "email"]);

/** JSON Schema of a schema. Its named parts go into `components`, and are referred to under `#/components/schemas`. */
export function jsonSchema(schema: z.ZodType, { io, target }: SchemaStyle, components: Json): Json {
  const { $schema, $defs, definitions, ...rest }: Json & { $defs?: Json; definitions?: Json } = z.toJSONSchema(schema, {
    io,
    target,
    unrepresentable: "any",
    override: ({ jsonSchema: written }) => {
      if (typeof written.format === "string" && formatsThatSayAll.has(written.format)) delete written.pattern;
      if (written.maximum === Number.MAX_SAFE_INTEGER) delete written.maximum;
      if (written.minimum === Number.MIN_SAFE_INTEGER) delete written.minimum;
      if (written.queryType === undefined) return;
      written.type = written.queryType as "integer" | "boolean";
      for (const key of ["queryType", "pattern", "enum"]) delete written[key];
    },
  });
  const { id, ...inline } = rest;
  for (const [name, definition] of Object.entries({ ...$defs, ...definitions }))
    components[name] = relocate(definition);
  if (typeof id !== "string") return relocateEntries(inline);
  components[id] = relocateEntries(inline);
  return { $ref: `#/components/schemas/${id}` };
}

/** Points references at the document's components, and drops the ids that only named them. */
function relocate(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocate);
  return value === null || typeof value !== "object" ? value : relocateEntries(value);
}

const relocateEntries = (value: object): Json =>
  Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !(key === "id" && typeof entry === "string"))
      .map(([key, entry]) =>
        key === "$ref" && typeof entry === "string"
          ? [key, entry.replace(/^#\/(\$defs|definitions)\//, "#/components/schemas/")]
          : [key, relocate(entry)],
      ),
  );
