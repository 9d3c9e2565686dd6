import type { Claim } from "../../completions/claim.ts";
import type { AttachmentFacts } from "../../conversations/files/attachment-reader.ts";
import { namedAttachments } from "../../conversations/files/attachments.ts";
import type { EngineDependencies } from "../dependencies.ts";
import { persist } from "../claim/persist.ts";

/** The attachments of a branch, by id; one that is missing here is gone. */
export type AttachedFiles = ReadonlyMap<string, AttachmentFacts>;

/** Looks up what the branch of a claim names; a branch without files costs nothing. */
export const findFiles = async (
  dependencies: EngineDependencies,
  claim: Claim,
  signal: AbortSignal,
): Promise<AttachedFiles> => {
  const ids = [...new Set(claim.branch.flatMap(({ parts }) => namedAttachments(parts)))];
  if (ids.length === 0) return new Map();
  return persist(dependencies, signal, "files.find", () => dependencies.files.find(claim, ids));
};

/** The first bytes of a file; null when they can't be had, which must not end the completion. */
export const readFile = async (
  { files, logger }: EngineDependencies,
  id: string,
  most: number,
): Promise<Uint8Array | null> => {
  try {
    return await files.read(id, most);
  } catch (err) {
    logger.warn({ attachment: id, err }, "an attachment could not be read; the model is told that it is not there");
    return null;
  }
};

interface NamedFile {
  readonly mediaType: string;
  readonly filename?: string | undefined;
}

export const nameOfFile = ({ filename, mediaType }: NamedFile): string =>
  filename === undefined ? `of type ${mediaType}` : `"${filename}" (${mediaType})`;

const reasons = {
  gone: "it is not there any more",
  unreadable: "this model cannot read files of this type",
  "too-much": "it was left out, because the files of this conversation are too large together",
};

/** What a model reads in place of a file. */
export const fileNote = (file: NamedFile, why: keyof typeof reasons): { type: "text"; text: string } => ({
  type: "text",
  text: `[A file ${nameOfFile(file)} is attached here; ${reasons[why]}.]`,
});
