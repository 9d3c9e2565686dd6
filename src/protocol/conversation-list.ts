import { z } from "zod";
import { listOf } from "./page.ts";
import { conversationSchema } from "./resources.ts";

export const conversationListSchema = listOf(conversationSchema).extend({
  count: z.int().optional().describe("How many there are in all, where `count=true` asks for it"),
});

/** A page of conversations. */
export type ConversationList = Readonly<z.infer<typeof conversationListSchema>>;
