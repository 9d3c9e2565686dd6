import type { BranchMessage, Claim } from "../../completions/claim.ts";
import { attachmentIdOf } from "../../conversations/files/attachments.ts";
import { isTextual } from "../../conversations/files/media-type.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import { fileNote, nameOfFile, readFile, type AttachedFiles } from "./attached-files.ts";
import type { EngineDependencies } from "../dependencies.ts";

/** Characters of a text file that a model is shown. */
const maxCharacters = 100_000;
const mostBytesOfCharacter = 4;

type File = Extract<Part, { type: "file" }>;

const asText = async (dependencies: EngineDependencies, id: string, file: File): Promise<Part> => {
  const content = await readFile(dependencies, id, maxCharacters * mostBytesOfCharacter);
  if (content === null) return fileNote(file, "gone");
  const text = new TextDecoder().decode(content);
  const shown = text.length > maxCharacters ? `${text.slice(0, maxCharacters).toWellFormed()}\n[cut off here]` : text;
  return { type: "text", text: `[The file ${nameOfFile(file)}:]\n${shown}\n[End of the file.]` };
};

/**
 * The branch as the claim's model can read it: text files as text, and a note in place of a file that is gone or that the
 * model cannot read. What is left are files that `loadFiles` fills.
 */
export const describeFiles = async (
  dependencies: EngineDependencies,
  { branch, model }: Claim,
  known: AttachedFiles,
): Promise<readonly BranchMessage[]> => {
  const describe = async (part: Part): Promise<Part> => {
    const id = part.type === "file" ? attachmentIdOf(part.url) : null;
    if (part.type !== "file" || id === null) return part;
    const facts = known.get(id);
    if (facts === undefined) return fileNote(part, "gone");
    const file: File = { ...part, mediaType: facts.mediaType };
    if (isTextual(facts.mediaType)) return asText(dependencies, id, file);
    return dependencies.models.takesFile(model, facts.mediaType) ? file : fileNote(file, "unreadable");
  };
  return Promise.all(
    branch.map(async (message) =>
      message.parts.some(({ type }) => type === "file")
        ? { ...message, parts: await Promise.all(message.parts.map(describe)) }
        : message,
    ),
  );
};
