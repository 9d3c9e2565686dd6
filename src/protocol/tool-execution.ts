import { z } from "zod";
import { idSchema, timestampSchema } from "./identifiers.ts";

const maxNoteCharacters = 500;

/** Background tools of one user that are at work at a time, unless the server is told otherwise. */
export const usualBackgroundPerUser = 50;

export const executionStatusSchema = z
  .enum(["queued", "running", "waiting", "completed", "failed", "cancelled"])
  .describe("Waiting: its body has ended, and the result comes by a signed webhook");

export type ExecutionStatus = z.infer<typeof executionStatusSchema>;

export const toolProgressSchema = z
  .object({
    ratio: z.number().min(0).max(1).nullable().describe("How much of it is done; null: not known"),
    note: z.string().max(maxNoteCharacters).nullable(),
  })
  .meta({ id: "ToolProgress" });

/** How far a background tool is. */
export type ToolProgress = Readonly<z.infer<typeof toolProgressSchema>>;

/** The outcome of a call as it is told: `ToolOutcome`. */
export const toolOutcomeSchema = z
  .discriminatedUnion("type", [
    z.strictObject({ type: z.literal("completed"), data: z.unknown() }),
    z.strictObject({ type: z.literal("pending"), note: z.string() }),
    z.strictObject({ type: z.literal("validation-error"), issues: z.array(z.string()).readonly() }),
    z.strictObject({ type: z.literal("not-found"), what: z.string() }),
    z.strictObject({ type: z.literal("failed"), message: z.string() }),
  ])
  .meta({ id: "ToolOutcome" });

export const toolExecutionSchema = z
  .object({
    id: z.string(),
    conversationId: idSchema,
    completionId: idSchema,
    messageId: idSchema.describe("The answer that made the call"),
    callId: z.string(),
    tool: z.string(),
    input: z.unknown(),
    status: executionStatusSchema,
    attempts: z.int().describe("How often its body was started in this round"),
    round: z.int().describe("1, and one more for each retry"),
    progress: toolProgressSchema.nullable(),
    outcome: toolOutcomeSchema.nullable().describe("Null until it has ended"),
    createdAt: timestampSchema,
    startedAt: timestampSchema.nullable(),
    finishedAt: timestampSchema.nullable(),
  })
  .meta({ id: "ToolExecution" });

/** A call that goes on in the background, as the API tells it. */
export type ToolExecution = Readonly<z.infer<typeof toolExecutionSchema>>;
