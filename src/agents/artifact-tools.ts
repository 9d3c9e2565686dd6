import { z } from "zod";
import {
  artifactContentSchema,
  artifactDraftSchema,
  artifactTitleSchema,
  type ArtifactOutcome,
} from "../protocol/artifact.ts";
import { idSchema } from "../protocol/identifiers.ts";
import type { Tool } from "../protocol/agent/tool.ts";
import { completed, notFound, validationError } from "../tools/results.ts";
import { tool } from "../tools/tool.ts";

const versionSchema = z.int().min(1);

const resultOf = (outcome: ArtifactOutcome) => {
  switch (outcome.type) {
    case "written":
      return completed(outcome.artifact);
    case "refused":
      return validationError([outcome.why]);
    case "missing":
      return notFound("an artifact with this id in this conversation");
  }
};

/** What an agent writes documents with, that stand beside the conversation and that the person can change. */
export const artifactTools = {
  create_artifact: tool({
    description:
      "Puts a document beside the conversation, where the person can read, change and keep it. For whole texts, programs, web pages and drawings; not for short answers. Don't repeat in your answer what is in it.",
    inputSchema: artifactDraftSchema,
    retrySafe: true,
    execute: async (draft, { context, callId }) => resultOf(await context.artifacts.create(draft, callId)),
  }),
  update_artifact: tool({
    description:
      "Writes a new version of an artifact: all of it by `content`, or only some places by `edits`, each of which must stand in it exactly once. Read it first if somebody may have changed it.",
    inputSchema: z
      .strictObject({
        artifactId: idSchema,
        version: versionSchema.describe("The version that you have read or written"),
        title: artifactTitleSchema.optional(),
        content: artifactContentSchema.optional(),
        edits: z
          .array(z.strictObject({ find: z.string().min(1).max(20_000), replaceWith: z.string().max(100_000) }))
          .min(1)
          .max(50)
          .optional(),
      })
      .refine(
        ({ title, content, edits }) =>
          (content === undefined || edits === undefined) && (title ?? content ?? edits) !== undefined,
        "must have a title, and either content or edits",
      ),
    retrySafe: true,
    execute: async (change, { context, callId }) => resultOf(await context.artifacts.update(change, callId)),
  }),
  read_artifact: tool({
    description: "Reads an artifact of this conversation: its newest version, or an earlier one.",
    inputSchema: z.strictObject({ artifactId: idSchema, version: versionSchema.optional() }),
    retrySafe: true,
    execute: async ({ artifactId, version }, { context }) => {
      const found = await context.artifacts.read(artifactId, version);
      if (found === null) return notFound("this artifact, or this version of it");
      const { content, ...artifact } = found;
      return completed({ artifact, content });
    },
  }),
};

/** The tools of an agent on a server that keeps no artifacts. */
export const withoutArtifacts = (tools: Readonly<Record<string, Tool>> = {}): Readonly<Record<string, Tool>> =>
  Object.fromEntries(Object.entries(tools).filter(([name]) => !Object.hasOwn(artifactTools, name)));
