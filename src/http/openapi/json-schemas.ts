import { z } from "zod";

type JsonSchema = Record<string, unknown>;

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const wholeNumberPattern = String.raw`^\d{1,9}$`;

const tidy = ({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void => {
  if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.pattern === wholeNumberPattern) {
    delete jsonSchema.pattern;
    Object.assign(jsonSchema, { type: "integer", minimum: 0 });
  }
};

// what zod calls the nameless recursive schema: z.json()
const nameOf = (definition: string): string => (definition.startsWith("__schema") ? "Json" : definition);

const withReferences = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withReferences);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) =>
      key === "$ref" && typeof member === "string"
        ? [key, member.replace(/^#\/\$defs\/(.+)$/, (_all, name: string) => `#/components/schemas/${nameOf(name)}`)]
        : [key, withReferences(member)],
    ),
  );
};

/** JSON Schemas (2020-12, the dialect of OpenAPI 3.1) of zod schemas; those with an id come to stand in `components`. */
export interface JsonSchemas {
  readonly components: Readonly<Record<string, unknown>>;
  /** `input`: what a caller sends; `output`: what it gets. */
  of(schema: z.ZodType, io: "input" | "output"): JsonSchema;
}

export const createJsonSchemas = (): JsonSchemas => {
  const components: Record<string, unknown> = {};
  return {
    components,
    of(schema, io) {
      const {
        $schema: _dialect,
        $defs: definitions = {},
        ...root
      } = z.toJSONSchema(schema, { io, unrepresentable: "any", override: tidy });
      for (const [name, definition] of Object.entries(definitions))
        components[nameOf(name)] = withReferences(definition);
      const rewritten = withReferences(root);
      return isObject(rewritten) ? rewritten : {};
    },
  };
};
