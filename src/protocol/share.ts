import { z } from "zod";
import { artifactKindSchema } from "./artifact.ts";
import { idSchema, timestampSchema } from "./identifiers.ts";
import { workspaceIdSchema } from "./people/people-requests.ts";

/** A link as its owner sees it; the token is told once, when it is made. */
export const shareSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    messageId: idSchema.describe("The last message that it shows"),
    createdAt: timestampSchema,
    expiresAt: timestampSchema.nullable(),
    views: z.int().describe("How often it was opened"),
  })
  .meta({ id: "Share" });

export type Share = z.infer<typeof shareSchema>;

export const newShareSchema = shareSchema
  .extend({ token: z.string(), path: z.string().describe("Of the page for everybody, below this server's address") })
  .meta({ id: "NewShare" });

export type NewShare = z.infer<typeof newShareSchema>;

/** Seconds: from a minute to ten years. */
export const createShareRequestSchema = z
  .strictObject({
    messageId: idSchema.optional().describe("The last message to show; default: the active leaf"),
    expiresIn: z.int().min(60).max(315_360_000).nullable().optional().describe("Seconds; default: until it is revoked"),
  })
  .meta({ id: "CreateShareRequest" });

/** `POST /v1/conversations/{conversationId}/copy`. */
export const copyRequestSchema = z
  .strictObject({ workspaceId: workspaceIdSchema.optional().describe("Where the copy is to be; default: here") })
  .meta({ id: "CopyConversationRequest" });

const sharedPartSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({ type: z.literal("file"), mediaType: z.string(), filename: z.string().nullable() }),
  z.object({
    type: z.literal("artifact"),
    kind: artifactKindSchema,
    title: z.string(),
    language: z.string().nullable(),
    content: z.string(),
  }),
]);

export type SharedPart = z.infer<typeof sharedPartSchema>;

/** What a link shows to anybody: what was said, and nothing of who said it or how it came about. */
export const sharedConversationSchema = z
  .object({
    title: z.string().nullable(),
    sharedAt: timestampSchema,
    expiresAt: timestampSchema.nullable(),
    messages: z.array(z.object({ role: z.enum(["user", "assistant"]), parts: z.array(sharedPartSchema) })),
  })
  .meta({ id: "SharedConversation" });

export type SharedConversation = z.infer<typeof sharedConversationSchema>;
