import { z } from "zod";
import { artifactLimits } from "./artifact-limits.ts";
import type { Chunk, Part } from "./message/chunk.ts";
import { idSchema, timestampSchema } from "./identifiers.ts";

export { artifactLimits };

/** The type of the part that shows which artifact an answer wrote. */
export const artifactPartType = "data-natter-artifact";

export const artifactKindSchema = z.enum(["document", "code", "html", "svg"]);

export type ArtifactKind = z.infer<typeof artifactKindSchema>;

export const artifactTitleSchema = z.string().trim().min(1).max(artifactLimits.title);
export const artifactContentSchema = z.string().max(artifactLimits.characters);
const artifactLanguageSchema = z.string().regex(/^[A-Za-z0-9+#._-]{1,32}$/, "must be the name of a language");

/** What a new artifact is made of. */
export const artifactDraftSchema = z.strictObject({
  kind: artifactKindSchema.describe("document: Markdown; html and svg are shown in a frame that can reach nothing"),
  title: artifactTitleSchema,
  language: artifactLanguageSchema.optional().describe("Of code"),
  content: artifactContentSchema,
});

export type ArtifactDraft = z.infer<typeof artifactDraftSchema>;

const referenceSchema = z.strictObject({
  artifactId: idSchema,
  version: z.int().min(1),
  title: z.string().max(artifactLimits.title),
  kind: artifactKindSchema,
});

/** A version of an artifact, as messages and tools name it. */
export type ArtifactReference = Readonly<z.infer<typeof referenceSchema>>;

const versionShape = {
  version: z.int().min(1),
  title: z.string(),
  writtenBy: z.enum(["person", "agent"]),
  authorId: z.string().nullable().describe("Who wrote it, or asked the agent to"),
  authorName: z.string().nullable(),
  completionId: z.string().nullable(),
  createdAt: timestampSchema.describe("When this version was written"),
};

/** A version without what is in it. */
export const artifactVersionSchema = z.object({ ...versionShape, characters: z.int() }).meta({ id: "ArtifactVersion" });

export type ArtifactVersion = z.infer<typeof artifactVersionSchema>;

/** An artifact as it is listed. */
export const listedArtifactSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    kind: artifactKindSchema,
    language: z.string().nullable(),
    title: z.string(),
    version: z.int().describe("The newest"),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: "ListedArtifact" });

export type ListedArtifact = z.infer<typeof listedArtifactSchema>;

/** One version of an artifact with what is in it. */
export const artifactSchema = z
  .object({
    id: idSchema,
    conversationId: idSchema,
    kind: artifactKindSchema,
    language: z.string().nullable(),
    ...versionShape,
    content: z.string(),
    isNewest: z.boolean(),
  })
  .meta({ id: "Artifact" });

export type Artifact = z.infer<typeof artifactSchema>;

const diffLineSchema = z.object({ type: z.enum(["same", "added", "removed"]), text: z.string() });

/** What a version has that another has not, by lines, with a few of those around. */
export const artifactDiffSchema = z
  .object({
    artifactId: idSchema,
    from: z.int().describe("The version that is compared with"),
    to: z.int(),
    fromTitle: z.string(),
    toTitle: z.string(),
    added: z.int().describe("Lines"),
    removed: z.int().describe("Lines"),
    hunks: z.array(
      z.object({
        fromLine: z.int().describe("Number of the first line in `from`, counted from 1"),
        toLine: z.int().describe("The same in `to`"),
        lines: z.array(diffLineSchema),
      }),
    ),
  })
  .meta({ id: "ArtifactDiff" });

export type ArtifactDiff = z.infer<typeof artifactDiffSchema>;

/** A piece of text to be replaced; it has to stand in the content exactly once. */
export interface ArtifactEdit {
  readonly find: string;
  readonly replaceWith: string;
}

/** What an agent makes of a version. */
export interface ArtifactChange {
  readonly artifactId: string;
  /** The version that it has read: refused when there is a newer one. */
  readonly version: number;
  readonly title?: string | undefined;
  /** All of it anew. */
  readonly content?: string | undefined;
  /** Or only these places, one after another. */
  readonly edits?: readonly ArtifactEdit[] | undefined;
}

/** What became of a change: the new version, or why there is none, as a model can read it. */
export type ArtifactOutcome =
  | { readonly type: "written"; readonly artifact: ArtifactReference }
  | { readonly type: "refused"; readonly why: string }
  | { readonly type: "missing" };

/** The artifacts of the conversation that a tool works for. Each call writes once, however often it is started. */
export interface ToolArtifacts {
  create(draft: ArtifactDraft, callId: string): Promise<ArtifactOutcome>;
  update(change: ArtifactChange, callId: string): Promise<ArtifactOutcome>;
  /** Null: there is none of that id, or no such version. */
  read(artifactId: string, version?: number): Promise<(ArtifactReference & { readonly content: string }) | null>;
}

/** The reference that a value is; null: it is none. */
export const readReference = (value: unknown): ArtifactReference | null => {
  const parsed = referenceSchema.safeParse(value);
  return parsed.success ? parsed.data : null;
};

/** The artifacts that a message shows. */
export const artifactParts = (parts: readonly Part[]): ArtifactReference[] =>
  parts.flatMap((part) => (part.type === artifactPartType && "data" in part ? (readReference(part.data) ?? []) : []));

/** Shows a version; a later one of the same artifact takes its place in the message. */
export const artifactChunk = (artifact: ArtifactReference): Chunk => ({
  type: artifactPartType,
  id: artifact.artifactId,
  data: artifact,
});
