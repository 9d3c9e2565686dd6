import { z } from "zod";
import { idSchema, timestampSchema } from "./identifiers.ts";
import { conversationStatusSchema, partSchema, visibilitySchema } from "./resources.ts";
import { settingsSchema } from "./settings.ts";

/** The version of the lines below. */
export const exportVersion = 1;

/** The first line of an export. */
export const exportHeaderSchema = z.object({
  type: z.literal("natter-export"),
  version: z.literal(exportVersion),
  exportedAt: timestampSchema,
});

/** Begins a conversation; its messages follow. */
export const exportedConversationSchema = z.object({
  type: z.literal("conversation"),
  id: idSchema,
  title: z.string().max(500).nullable(),
  status: conversationStatusSchema,
  visibility: visibilitySchema,
  agent: z.string().min(1).max(64),
  model: z.string().min(1).max(200).nullable(),
  settings: settingsSchema,
  pinned: z.boolean(),
  activeLeafId: idSchema.nullable(),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
});

export const exportedMessageSchema = z.object({
  type: z.literal("message"),
  id: idSchema,
  parentId: idSchema.nullable(),
  role: z.enum(["user", "assistant", "system"]),
  parts: z.array(partSchema).max(10_000),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  createdAt: timestampSchema,
  deletedAt: timestampSchema.nullable(),
  vote: z.object({ value: z.enum(["up", "down"]), reason: z.string().max(2_000).nullable() }).nullable(),
});

/** One line of an export after its first. */
export const exportLineSchema = z.discriminatedUnion("type", [exportedConversationSchema, exportedMessageSchema]);

export type ExportedConversation = Readonly<z.infer<typeof exportedConversationSchema>>;
export type ExportedMessage = Readonly<z.infer<typeof exportedMessageSchema>>;

export const importItemSchema = z
  .object({
    position: z.int().describe("1, 2, 3 … in the file"),
    title: z.string().nullable(),
    outcome: z.enum(["imported", "skipped", "failed"]).describe("Skipped: it is there already"),
    conversationId: idSchema.nullable(),
    messages: z.int(),
    error: z.string().nullable(),
  })
  .meta({ id: "ImportItem" });

export const importSchema = z
  .object({
    id: idSchema,
    status: z
      .enum(["queued", "running", "completed", "failed"])
      .describe("Failed: the file could not be read to its end"),
    error: z.string().nullable(),
    imported: z.int(),
    skipped: z.int(),
    failed: z.int(),
    createdAt: timestampSchema,
    finishedAt: timestampSchema.nullable(),
  })
  .meta({ id: "Import" });

export type ImportStatus = Readonly<z.infer<typeof importSchema>>;
