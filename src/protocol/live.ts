import { z } from "zod";
import type { Hint } from "./hint.ts";
import { idSchema } from "./identifiers.ts";
import type { Role } from "./people/principal.ts";

/** What a client says over `/v1/live`, one JSON text frame each. */
export const liveRequestSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("hello"),
    token: z.string().max(8_192).optional(),
    workspaceId: z.string().max(128).optional(),
  }),
  z.object({ type: z.enum(["subscribe", "unsubscribe"]), conversationId: idSchema }),
  z.object({ type: z.literal("watch"), completionId: idSchema, lastEventId: z.string().max(64).optional() }),
  z.object({ type: z.literal("unwatch"), completionId: idSchema }),
  z.object({ type: z.literal("presence"), conversationId: idSchema, isWriting: z.boolean() }),
]);

export type LiveRequest = Readonly<z.infer<typeof liveRequestSchema>>;

export const presentUserSchema = z.object({ userId: z.string(), name: z.string().nullable(), isWriting: z.boolean() });

/** Somebody who looks at a conversation. */
export type PresentUser = Readonly<z.infer<typeof presentUserSchema>>;

/**
 * What the server says over `/v1/live` as JSON. Chunks come beside it, as text messages `<completionId>\n` and the same
 * frames as `/v1/completions/{completionId}/events`.
 */
export type LiveAnswer =
  | { readonly type: "welcome"; readonly userId: string; readonly workspaceId: string; readonly role: Role }
  | ({ readonly type: "hint" } & Hint)
  | { readonly type: "presence"; readonly conversationId: string; readonly users: readonly PresentUser[] }
  /** From here on frames of this completion answer the last `watch`; those before it belong to an earlier one. */
  | { readonly type: "watching"; readonly completionId: string }
  | {
      readonly type: "refused";
      readonly completionId?: string;
      readonly conversationId?: string;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: "ping" };
