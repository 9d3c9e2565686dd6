import { z } from "zod";
import { visibilitySchema } from "./resources.ts";

/** Something that a person sees has changed; whoever has an older `version` of the conversation reads it again. */
export const hintSchema = z
  .object({
    kind: z.enum(["conversation", "completion", "message", "vote", "tool-execution", "artifact", "seen"]),
    id: z.string(),
    conversationId: z.string(),
    version: z.int().describe("The conversation's version after the change"),
  })
  .meta({ id: "Hint" });

export type Hint = Readonly<z.infer<typeof hintSchema>>;

const revisionSchema = z.object({
  workspaceId: z.string(),
  conversationId: z.string(),
  ownerId: z.string(),
  visibility: visibilitySchema,
  isDeleted: z.boolean(),
  version: z.int(),
});

/** A conversation right after a write: its version, and who may know of it. */
export type ConversationRevision = Readonly<z.infer<typeof revisionSchema>>;

/** A hint between nodes: with what decides who may hear it, so that nobody has to ask the database. */
export const hintSignalSchema = hintSchema.extend(revisionSchema.shape);

export type HintSignal = Readonly<z.infer<typeof hintSignalSchema>>;
