import { z } from "zod";
import type { Tool, ToolContext, ToolOutcome } from "../protocol/tool.ts";
import { completed, isToolOutcome } from "./results.ts";

export interface ToolDefinition<Input extends z.ZodType> {
  /** When and how to use it, for the model. */
  readonly description?: string;
  readonly inputSchema: Input;
  /** True: the body may be started again after a crash inside it, with the same `idempotencyKey`. Default false. */
  readonly retrySafe?: boolean;
  /** Milliseconds until the call counts as failed. Default 60,000. */
  readonly timeout?: number;
  /** The body. A plain value means `completed`, a throw means `failed` with a safe text. */
  readonly execute: (input: z.output<Input>, context: ToolContext) => unknown;
}

/**
 * Makes a tool that runs inside the completion, at most once per call (promise 5).
 *
 * @example
 * const getOrder = tool({
 *   description: "Looks an order up",
 *   inputSchema: z.object({ orderId: z.string() }),
 *   execute: async ({ orderId }) => (await orders.find(orderId)) ?? notFound(`order ${orderId}`),
 * });
 */
export const tool = <Input extends z.ZodType>(definition: ToolDefinition<Input>): Tool => {
  const { inputSchema, execute } = definition;
  return {
    ...(definition.description === undefined ? {} : { description: definition.description }),
    inputSchema: toJsonSchema(inputSchema),
    retrySafe: definition.retrySafe ?? false,
    timeout: definition.timeout ?? 60_000,
    validate: async (input) => {
      const parsed = await inputSchema.safeParseAsync(input);
      // not what the schema made of it: that is no input any more, and `execute` makes it again
      if (parsed.success) return { value: input };
      return { issues: parsed.error.issues.map((issue) => `${issue.path.join(".") || "input"}: ${issue.message}`) };
    },
    execute: async (input, context): Promise<ToolOutcome> => {
      const value = await execute(await inputSchema.parseAsync(input), context);
      return isToolOutcome(value) ? value : completed(value ?? null);
    },
  };
};

/** A plain copy: zod's own object carries hidden members that are no JSON Schema. */
const toJsonSchema = (schema: z.ZodType): Tool["inputSchema"] =>
  JSON.parse(JSON.stringify(z.toJSONSchema(schema, { target: "draft-7", io: "input" })));
