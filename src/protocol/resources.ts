import { z } from "zod";
import type { Part } from "./message/chunk.ts";
import { idSchema, timestampSchema } from "./identifiers.ts";
import { settingsSchema } from "./settings.ts";

export const conversationStatusSchema = z.enum(["active", "completed", "archived"]);
export const visibilitySchema = z.enum(["private", "workspace"]);
export const completionStatusSchema = z.enum(["queued", "running", "waiting", "completed", "failed", "cancelled"]);

/** A message part as it is stored and sent: what AI SDK 7 calls a `UIMessagePart`. Checked when it came in, not again. */
export const partSchema = z
  .custom<Part>(
    (value) => typeof value === "object" && value !== null && "type" in value && typeof value.type === "string",
  )
  .meta({
    id: "Part",
    description: "A message part of AI SDK 7 (UIMessagePart)",
    type: "object",
    properties: { type: { type: "string" } },
    required: ["type"],
  });

export const usageSchema = z
  .object({
    inputTokens: z.int(),
    outputTokens: z.int(),
    cacheReadTokens: z.int().optional(),
    cacheWriteTokens: z.int().optional(),
    reasoningTokens: z.int().optional(),
    estimated: z.boolean().optional().describe("True when the provider did not count the tokens"),
  })
  .meta({ id: "Usage" });

export const conversationSchema = z
  .object({
    id: idSchema,
    workspaceId: z.string(),
    ownerId: z.string(),
    title: z.string().nullable(),
    status: conversationStatusSchema,
    activity: z.enum(["idle", "working", "waiting"]).describe("Waiting: for a person to answer it"),
    visibility: visibilitySchema,
    agent: z.string(),
    model: z.string().nullable().describe("Null: the agent's or the server's default"),
    settings: settingsSchema,
    pinned: z.boolean(),
    temporary: z.boolean(),
    unread: z.boolean().optional().describe("In lists alone: an answer has ended since you looked (PUT …/seen)"),
    messageCount: z.int(),
    activeLeafId: idSchema.nullable(),
    version: z.int().describe("Bumped by every write"),
    settingsVersion: z.int().describe("Bumped by PATCH; the ETag"),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
    deletedAt: timestampSchema.nullable(),
  })
  .meta({ id: "Conversation" });

/** A conversation as the API tells it. */
export type Conversation = Readonly<z.infer<typeof conversationSchema>>;

export const completionSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    messageId: idSchema.describe("The assistant message that it writes"),
    status: completionStatusSchema,
    crashes: z.int(),
    agent: z.string(),
    model: z.string(),
    usage: usageSchema.nullable(),
    costMicros: z.int().nullable().describe("Millionths of a dollar; null when a price is not known"),
    timing: z.object({
      createdAt: timestampSchema,
      startedAt: timestampSchema.nullable(),
      finishedAt: timestampSchema.nullable(),
    }),
    cancelledBy: z
      .object({ id: z.string(), name: z.string().nullable() })
      .nullable()
      .describe("Who stopped it; null: nobody, or the server by itself"),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .meta({ id: "Completion" });

/** A completion as the API tells it. */
export type Completion = Readonly<z.infer<typeof completionSchema>>;

const voteValueSchema = z.enum(["up", "down"]);

export const voteSchema = z
  .object({ value: voteValueSchema.nullable().describe("Null: no vote"), reason: z.string().nullable() })
  .meta({ id: "Vote" });

/** What one person says of an answer. */
export type Vote = Readonly<z.infer<typeof voteSchema>>;

export const messageSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    parentId: idSchema.nullable(),
    authorId: z.string().nullable().describe("Null: the assistant or the system"),
    sequence: z.int().describe("1, 2, 3 … in the conversation, without gaps"),
    role: z.enum(["user", "assistant", "system"]),
    parts: z.array(partSchema),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    completionId: idSchema.nullable().describe("The completion that wrote it"),
    completion: completionSchema.nullable().describe("That completion as it is now: status, usage, cost, timing"),
    vote: voteValueSchema.nullable().describe("Your own"),
    createdAt: timestampSchema,
    deletedAt: timestampSchema.nullable().describe("Set: it was removed, and keeps its place with `parts: []`"),
  })
  .meta({ id: "Message" });

/** A message as the API tells it. A removed one (`deletedAt`) keeps its place with `parts: []`. */
export type Message = Readonly<z.infer<typeof messageSchema>>;

/** A file that messages may name. */
export const attachmentSchema = z
  .object({
    id: idSchema,
    url: z.string().describe("What a file part names it by"),
    mediaType: z.string().describe("By what is in it"),
    filename: z.string().nullable(),
    bytes: z.int(),
    sha256: z.string(),
    createdAt: timestampSchema,
  })
  .meta({ id: "Attachment" });

export type Attachment = z.infer<typeof attachmentSchema>;
