import type { JSONSchema7 } from "ai";
import type { Checked } from "../protocol/agent/tool.ts";

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

type Validated<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[]; readonly value?: unknown };

/** A schema of zod, or of any library that implements Standard Schema and Standard JSON Schema (standardschema.dev). */
export interface Schema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly validate: (value: unknown) => Validated<Output> | Promise<Validated<Output>>;
    readonly jsonSchema: { readonly input: (options: { readonly target: "draft-07" }) => Record<string, unknown> };
  };
}

/** What fits a schema, before the schema makes something of it. */
export type InputOf<Given extends Schema> = NonNullable<Given["~standard"]["types"]>["input"];

/** What a schema makes of a value that fits. */
export type OutputOf<Given extends Schema> = NonNullable<Given["~standard"]["types"]>["output"];

const nameOf = (step: PropertyKey | { readonly key: PropertyKey }): string =>
  String(typeof step === "object" ? step.key : step);

const tell =
  (root: string) =>
  ({ path = [], message }: Issue): string =>
    `${path.map(nameOf).join(".") || root}: ${message}`;

/** Checks a value. Answers the value as it came: what a schema makes of it is no input any more. `root` names it in issues. */
export const check = async (schema: Schema, value: unknown, root: string): Promise<Checked> => {
  const { issues } = await schema["~standard"].validate(value);
  return issues === undefined ? { value } : { issues: issues.map(tell(root)) };
};

/** What the schema makes of a value that was checked before. */
export const convert = async <Given extends Schema>(schema: Given, value: unknown): Promise<OutputOf<Given>> => {
  const validated = await schema["~standard"].validate(value);
  if (validated.issues === undefined) return validated.value;
  throw new TypeError(`The value does not fit its schema any more: ${validated.issues.map(tell("value")).join("; ")}`);
};

/** JSON Schema draft 7 of what goes in, as a plain copy: zod's own object carries hidden members that are no JSON Schema. */
export const toJsonSchema = (schema: Schema): JSONSchema7 =>
  JSON.parse(JSON.stringify(schema["~standard"].jsonSchema.input({ target: "draft-07" })));
