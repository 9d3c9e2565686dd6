import { NatterError } from "../../foundation/errors.ts";

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

const arrayElement = (value: unknown): string => {
  if (value === null) return "null";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") return String(value);
  throw new NatterError("internal", "An array parameter holds strings, numbers and nulls only");
};

const maximumParameters = 65_534;

const encodeParameter = (value: unknown): string | null => {
  if (typeof value === "string" || value === null) return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map(arrayElement).join(",")}}`;
  throw new NatterError("internal", `A parameter of type ${typeof value} reached the database; serialise it first`);
};

/**
 * A statement's parameters in PostgreSQL's text format; null stays null. The server infers their types from the
 * statement. Throws `internal` for objects and undefined (JSON goes in as `${JSON.stringify(x)}::jsonb`), and for more
 * than the protocol can count.
 */
export const encodeParameters = (values: readonly unknown[]): (string | null)[] => {
  if (values.length > maximumParameters) {
    throw new NatterError("internal", `A statement has ${values.length} parameters; pass an array instead`);
  }
  return values.map(encodeParameter);
};
