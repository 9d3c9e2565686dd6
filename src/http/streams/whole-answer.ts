import { z } from "zod";
import type { Part } from "../../protocol/message/chunk.ts";
import { isToolPart } from "../../protocol/message/fold.ts";
import { idSchema, timestampSchema } from "../../protocol/identifiers.ts";
import { completionStatusSchema, messageSchema, usageSchema } from "../../protocol/resources.ts";

const toolCallSchema = z
  .object({
    toolCallId: z.string(),
    toolName: z.string(),
    state: z.string(),
    input: z.unknown(),
    output: z.unknown().optional(),
    errorText: z.string().optional(),
  })
  .meta({ id: "ToolCall" });

/** What `stream: false` answers. */
export const wholeAnswerSchema = z
  .object({
    conversationId: idSchema,
    completionId: idSchema,
    status: completionStatusSchema.describe("completed; or cancelled or waiting, with what there is so far"),
    message: messageSchema,
    toolCalls: z.array(toolCallSchema),
    usage: usageSchema.nullable(),
    createdAt: timestampSchema,
  })
  .meta({ id: "Answer" });

export type WholeAnswer = Readonly<z.infer<typeof wholeAnswerSchema>>;

/** The tool calls of a message, in their order. */
export const toolCallsOf = (parts: readonly Part[]): z.infer<typeof toolCallSchema>[] =>
  parts.filter(isToolPart).map((part) => ({
    toolCallId: part.toolCallId,
    toolName: part.type.slice("tool-".length),
    state: part.state,
    input: part.input,
    ...(part.state === "output-available" ? { output: part.output } : {}),
    ...(part.state === "output-error" ? { errorText: part.errorText } : {}),
  }));
