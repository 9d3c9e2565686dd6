import { z } from "zod";
import { artifactContentSchema, artifactKindSchema, artifactLimits } from "./artifact.ts";
import { idSchema, timestampSchema } from "./identifiers.ts";
import { conversationStatusSchema, partSchema, visibilitySchema } from "./resources.ts";
import { settingsSchema } from "./settings.ts";

/** The version of the lines below. Version 1 had no artifacts, authors and end. */
export const exportVersion = 2;

/** The first line of an export, and `natter.json` of an archive. */
export const exportHeaderSchema = z.object({
  type: z.literal("natter-export"),
  version: z.union([z.literal(1), z.literal(exportVersion)]),
  exportedAt: timestampSchema,
});

/** Begins a conversation; its files, artifacts, messages and versions of artifacts follow, in this order. */
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

/** What is true of a file beside it in the archive. */
export const exportedFileSchema = z.object({
  type: z.literal("file"),
  path: z.string().min(1).max(1_000).describe("In the archive; parts of messages name it as their url"),
  sha256: z.string(),
});

export const exportedArtifactSchema = z.object({
  type: z.literal("artifact"),
  id: z.uuid(),
  kind: artifactKindSchema,
  language: z.string().max(32).nullable(),
  version: z.int().min(1).max(artifactLimits.versions).describe("The newest"),
  createdAt: timestampSchema,
  updatedAt: timestampSchema,
});

const authorSchema = z
  .object({ id: z.string().max(200).nullable(), name: z.string().max(500).nullable() })
  .describe("Who wrote it; the id as it was where the export was made");

export const exportedMessageSchema = z.object({
  type: z.literal("message"),
  id: idSchema,
  parentId: idSchema.nullable(),
  role: z.enum(["user", "assistant", "system"]),
  author: authorSchema.nullable().optional(),
  parts: z.array(partSchema).max(10_000),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  createdAt: timestampSchema,
  deletedAt: timestampSchema.nullable(),
  vote: z.object({ value: z.enum(["up", "down"]), reason: z.string().max(2_000).nullable() }).nullable(),
});

export const exportedVersionSchema = z.object({
  type: z.literal("artifact-version"),
  artifactId: z.uuid(),
  version: z.int().min(1).max(artifactLimits.versions),
  title: z.string().min(1).max(artifactLimits.title),
  content: artifactContentSchema,
  writtenBy: z.enum(["person", "agent"]),
  author: authorSchema.nullable(),
  createdAt: timestampSchema,
});

/** The last line: without it the file was cut off. */
const exportEndSchema = z.object({ type: z.literal("end"), conversations: z.int() });

/** One line of an export after its first. */
export const exportLineSchema = z.discriminatedUnion("type", [
  exportedConversationSchema,
  exportedFileSchema,
  exportedArtifactSchema,
  exportedMessageSchema,
  exportedVersionSchema,
  exportEndSchema,
]);

export type ExportLine = Readonly<z.infer<typeof exportLineSchema>>;
export type ExportedConversation = Readonly<z.infer<typeof exportedConversationSchema>>;
export type ExportedFile = Readonly<z.infer<typeof exportedFileSchema>>;
export type ExportedArtifact = Readonly<z.infer<typeof exportedArtifactSchema>>;
export type ExportedMessage = Readonly<z.infer<typeof exportedMessageSchema>>;
export type ExportedVersion = Readonly<z.infer<typeof exportedVersionSchema>>;
export type ExportedAuthor = Readonly<z.infer<typeof authorSchema>>;

/** zip: everything, with files beside the lines; jsonl: the same in one text, files within; markdown: to read. */
export const exportFormatSchema = z.enum(["zip", "jsonl", "markdown"]);

export type ExportFormat = z.infer<typeof exportFormatSchema>;

/** `GET /v1/export`. */
export const exportQuerySchema = z.strictObject({
  conversationId: idSchema.optional(),
  format: exportFormatSchema.optional(),
  workspaceId: z.string().max(128).optional().describe("Instead of the header, for a browser's own download"),
});

export const importItemSchema = z
  .object({
    position: z.int().describe("1, 2, 3 … in the file"),
    title: z.string().nullable(),
    outcome: z.enum(["imported", "skipped", "failed"]).describe("Skipped: it is there already"),
    conversationId: idSchema.nullable(),
    messages: z.int(),
    error: z.string().nullable(),
    leftOut: z.array(z.string()).describe("What of it could not be taken along, and why"),
  })
  .meta({ id: "ImportItem" });

export type ImportItem = Readonly<z.infer<typeof importItemSchema>>;

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

export const importReportSchema = importSchema.extend({
  items: z.array(importItemSchema),
  nextCursor: z.string().nullable(),
});

/** An import with a page of what became of each conversation. */
export type ImportReport = Readonly<z.infer<typeof importReportSchema>>;
