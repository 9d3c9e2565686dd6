import { hash } from "node:crypto";
import type { JSONSchema7 } from "ai";
import { z } from "zod";
import { canonicalJson } from "../../foundation/canonical-json.ts";
import { gateJson, gateText } from "../../foundation/text-gate.ts";

/** A tool as its server lists it, gated and within its size. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JSONSchema7;
  /** Whether it may destroy something: unless it says that it only reads, or only adds. */
  readonly isDestructive: boolean;
}

const maxTools = 200;
const maxSchemaBytes = 65_536;
const maxDescription = 4_000;

/** Characters that no person sees and that models read: Unicode's tags. */
const invisible = /[\u{E0000}-\u{E007F}]/gu;

const schemaSchema = z.custom<JSONSchema7>(
  (value) => typeof value === "object" && value !== null && "type" in value && value.type === "object",
);

const listedSchema = z.object({
  name: z.string().min(1).max(128),
  description: z.string().optional(),
  inputSchema: schemaSchema,
  annotations: z
    .object({ readOnlyHint: z.boolean().optional(), destructiveHint: z.boolean().optional() })
    .optional()
    .catch(undefined),
});

const readTool = (value: unknown): ListedTool | null => {
  const parsed = listedSchema.safeParse(value);
  if (!parsed.success) return null;
  const { name, description = "", inputSchema, annotations = {} } = parsed.data;
  const { readOnlyHint = false, destructiveHint = true } = annotations;
  return {
    name: gateText(name),
    description: gateText(description).replaceAll(invisible, "").slice(0, maxDescription),
    inputSchema: schemaSchema.parse(gateJson(inputSchema, { maxBytes: maxSchemaBytes })),
    isDestructive: !readOnlyHint && destructiveHint,
  };
};

/** The tools of a server that can be offered; `onRefused` is told what was left out, and why. */
export const readTools = (
  values: readonly unknown[],
  onRefused: (fields: { readonly at: number; readonly err?: unknown }) => void,
): ListedTool[] => {
  const tools = new Map<string, ListedTool>();
  for (const [at, value] of values.entries()) {
    try {
      const read = at < maxTools ? readTool(value) : null;
      if (read === null || tools.has(read.name)) onRefused({ at });
      else tools.set(read.name, read);
    } catch (err) {
      onRefused({ at, err });
    }
  }
  return [...tools.values()];
};

/** The same text for a tool that models and people are told the same of. */
export const fingerprintOf = ({ name, description, inputSchema, isDestructive }: ListedTool): string =>
  `${name}@${hash("sha256", canonicalJson({ description, inputSchema, isDestructive })).slice(0, 16)}`;
