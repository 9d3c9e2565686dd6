import { isRecord } from "../../ui/stored-value.ts";
import { wordsOf } from "../tools/tool-words.ts";
import type { Bounds, FieldInput, FormField, FormValue, TextType } from "./form-field.ts";

type Schema = Readonly<Record<string, unknown>>;

/** What of a schema is looked at: more fields than these fill no form that a person wants. */
const mostFields = 60;
const mostOptions = 200;
const longFrom = 200;
const deepestReference = 8;

const types: Readonly<Record<string, TextType>> = {
  email: "email",
  uri: "url",
  date: "date",
  time: "time",
  "date-time": "datetime-local",
};

/** Where a schema stands. Objects within objects within objects are typed as JSON. */
interface Place {
  readonly root: Schema;
  readonly isTop: boolean;
  readonly isRequired: boolean;
}

const asSchema = (value: unknown): Schema => (isRecord(value) ? value : {});
const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);
const numberOf = (value: unknown): number | null =>
  typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null;
const bounds = (low: unknown, high: unknown): Bounds => ({ low: numberOf(low), high: numberOf(high) });

const isValue = (value: unknown): value is FormValue =>
  value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";

/** A schema without references to its own definitions, and without the `null` that it may be instead. */
const settled = (schema: Schema, root: Schema, depth = 0): Schema => {
  if (depth > deepestReference) return {};
  const reference = textOf(schema["$ref"]);
  if (reference !== null) {
    const [, place = "", name = ""] = /^#\/(\$defs|definitions)\/([^/]+)$/.exec(reference) ?? [];
    const target = asSchema(root[place]);
    const found = Object.hasOwn(target, name) ? asSchema(target[name]) : {};
    return settled({ ...found, ...withoutReference(schema) }, root, depth + 1);
  }
  const either = schema["anyOf"] ?? schema["oneOf"];
  if (!Array.isArray(either)) return schema;
  const real = either.map(asSchema).filter(({ type }) => type !== "null");
  const constants = real.map((option) => option["const"]);
  if (constants.length > 1 && constants.every(isValue)) return { ...schema, enum: constants };
  return real.length === 1 ? settled({ ...schema, anyOf: null, oneOf: null, ...real[0] }, root, depth + 1) : {};
};

const withoutReference = ({ $ref: _reference, ...rest }: Schema): Schema => rest;

const optionsOf = (schema: Schema): readonly FormValue[] | null => {
  const listed = "const" in schema ? [schema["const"]] : schema["enum"];
  return Array.isArray(listed) && listed.length > 0 && listed.length <= mostOptions && listed.every(isValue)
    ? listed
    : null;
};

const listInput = (schema: Schema, root: Schema): FieldInput => {
  const item = settled(asSchema(schema["items"]), root);
  const options = optionsOf(item);
  const counts = bounds(schema["minItems"], schema["maxItems"]);
  if (options !== null) return { kind: "choices", options, counts };
  const { type } = item;
  if (type === "string") return { kind: "list", item: "text", isWhole: false, counts };
  return type === "number" || type === "integer"
    ? { kind: "list", item: "number", isWhole: type === "integer", counts }
    : { kind: "json" };
};

const textInput = (schema: Schema): FieldInput => {
  const lengths = bounds(schema["minLength"], schema["maxLength"]);
  const format = textOf(schema["format"]) ?? "";
  const type = (Object.hasOwn(types, format) ? types[format] : undefined) ?? "text";
  return { kind: "text", type, lengths, isLong: type === "text" && (lengths.high ?? 0) > longFrom };
};

const inputOf = (schema: Schema, root: Schema, isTop: boolean): FieldInput => {
  const options = optionsOf(schema);
  if (options !== null) return { kind: "choice", options };
  switch (schema["type"]) {
    case "string":
      return textInput(schema);
    case "number":
    case "integer":
      return {
        kind: "number",
        isWhole: schema["type"] === "integer",
        range: bounds(schema["minimum"], schema["maximum"]),
      };
    case "boolean":
      return { kind: "flag" };
    case "array":
      return listInput(schema, root);
    case "object":
      return isTop && isRecord(schema["properties"])
        ? { kind: "group", fields: fieldsOf(schema, root, false) }
        : { kind: "json" };
    default:
      return { kind: "json" };
  }
};

const initialOf = ({ default: value }: Schema, { kind }: FieldInput): string => {
  if (!isValue(value) || value === null) return "";
  return kind === "flag" || kind === "choice" ? JSON.stringify(value) : String(value);
};

const fieldOf = (name: string, schema: Schema, place: Place): FormField => {
  const input = inputOf(schema, place.root, place.isTop);
  return {
    name,
    label: textOf(schema["title"]) ?? (name === "" ? "" : wordsOf(name)),
    hint: textOf(schema["description"]),
    isRequired: place.isRequired,
    initial: initialOf(schema, input),
    input,
  };
};

const fieldsOf = (schema: Schema, root: Schema, isTop: boolean): readonly FormField[] => {
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(asSchema(schema["properties"]))
    .slice(0, mostFields)
    .map(([name, property]) =>
      fieldOf(name, settled(asSchema(property), root), { root, isTop, isRequired: required.includes(name) }),
    );
};

/** What a form asks for. A value that is no object is the only field, without a name. */
export interface FormPlan {
  readonly fields: readonly FormField[];
  readonly isObject: boolean;
}

/** The fields that give a value which fits a JSON Schema; what no field is known for is typed as JSON. */
export const readSchema = (schema: unknown): FormPlan => {
  const root = asSchema(schema);
  const own = settled(root, root);
  if (own["type"] === "object" && isRecord(own["properties"]))
    return { isObject: true, fields: fieldsOf(own, root, true) };
  return { isObject: false, fields: [fieldOf("", own, { root, isTop: true, isRequired: true })] };
};
