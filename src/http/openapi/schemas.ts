import { z } from "zod";
import { idSchema } from "../../protocol/identifiers.ts";
import { databaseTimestampSchema } from "../request/cursor.ts";
import type { RouteAnswer } from "../route.ts";

export const conversationParams = z.object({ conversationId: idSchema });
export const messageParams = z.object({ conversationId: idSchema, messageId: idSchema });
export const completionParams = z.object({ completionId: idSchema });

export const eventsAnswer: RouteAnswer = {
  description: "Server-sent events: one UIMessageChunk of AI SDK 7 each, ids for Last-Event-ID, `[DONE]` at the end",
  contentType: "text/event-stream",
  schema: z.string(),
};

export const lastEventIdHeader = { "Last-Event-ID": "Id of the last event seen; only later ones are sent" };
export const idempotencyHeader = {
  "Idempotency-Key":
    "1 to 255 visible ASCII characters; a repeated request attaches to the same completion for 24 hours",
};

/** Where a list of conversations goes on. */
export const conversationCursorSchema = z.strictObject({ updatedAt: databaseTimestampSchema, id: idSchema });
