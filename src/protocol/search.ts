import { z } from "zod";
import { idSchema, timestampSchema } from "./identifiers.ts";
import { messageSchema } from "./resources.ts";
import { listOf } from "./page.ts";

const matchSchema = z.object({ start: z.int(), end: z.int() });

export const snippetSchema = z
  .object({
    text: z.string().describe("Plain text"),
    isCutBefore: z.boolean(),
    isCutAfter: z.boolean(),
    matches: z.array(matchSchema).describe("Where words of the query stand in it, in UTF-16 units"),
  })
  .meta({ id: "Snippet" });

/** A piece of a text, with what was looked for marked. */
export type Snippet = Readonly<z.infer<typeof snippetSchema>>;

export const foundMessageSchema = z
  .object({
    conversationId: idSchema,
    conversationTitle: z.string().nullable(),
    messageId: idSchema,
    role: messageSchema.shape.role,
    snippet: snippetSchema,
    createdAt: timestampSchema,
  })
  .meta({ id: "FoundMessage" });

export type FoundMessage = Readonly<z.infer<typeof foundMessageSchema>>;

export const foundConversationSchema = z
  .object({ conversationId: idSchema, snippet: snippetSchema.describe("Of the title"), updatedAt: timestampSchema })
  .meta({ id: "FoundConversation" });

export type FoundConversation = Readonly<z.infer<typeof foundConversationSchema>>;

export const foundPageSchema = listOf(foundMessageSchema).extend({
  conversations: z.array(foundConversationSchema).describe("By their titles; on the first page alone"),
});

/** Messages that were found; on the first page also conversations by their titles. */
export type FoundPage = Readonly<z.infer<typeof foundPageSchema>>;
