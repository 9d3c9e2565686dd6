import { z } from "zod";
import type { Part } from "../../protocol/message/chunk.ts";
import { idSchema, timestampSchema } from "../../protocol/identifiers.ts";
import { conversationSchema, messageSchema, type Message } from "../../protocol/resources.ts";
import { toolCallsOf, wholeAnswerSchema, type WholeAnswer } from "../streams/whole-answer.ts";

const textOf = (parts: readonly Part[]): string =>
  parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");

/** The whole answer, with its id, text and time beside it (D2). */
export const userAnswerSchema = wholeAnswerSchema
  .extend({ messageId: idSchema, assistantMessage: z.string(), timestamp: timestampSchema })
  .meta({ id: "UserAnswer" });

export const userAnswerOf = (whole: WholeAnswer): z.infer<typeof userAnswerSchema> => ({
  ...whole,
  messageId: whole.message.id,
  assistantMessage: textOf(whole.message.parts),
  timestamp: whole.createdAt,
});

const userMessageSchema = messageSchema
  .extend({ content: z.string().describe("Its text"), toolCalls: wholeAnswerSchema.shape.toolCalls })
  .meta({ id: "UserMessage" });

export const userMessageOf = (message: Message): z.infer<typeof userMessageSchema> => ({
  ...message,
  content: textOf(message.parts),
  toolCalls: toolCallsOf(message.parts),
});

const pageShape = { nextCursor: z.string().nullable(), total: z.int() };

export const userConversationsSchema = z.object({ data: z.array(conversationSchema), ...pageShape });
export const userMessagesSchema = z.object({
  conversationId: idSchema,
  data: z.array(userMessageSchema),
  ...pageShape,
});
