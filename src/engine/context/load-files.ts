import type { FilePart, TextPart } from "ai";
import { attachmentIdOf } from "../../conversations/files/attachments.ts";
import type { ModelMessage } from "../../protocol/agent/model.ts";
import { fileNote, readFile, type AttachedFiles } from "./attached-files.ts";
import type { EngineDependencies } from "../dependencies.ts";

/** Bytes of files in one call: providers take no more in a request. */
const maxBytes = 33_554_432;

const idOf = ({ data }: FilePart): string | null => (typeof data === "string" ? attachmentIdOf(data) : null);

const filesOf = ({ role, content }: ModelMessage): FilePart[] =>
  (role === "user" || role === "assistant") && typeof content !== "string"
    ? content.flatMap((part) => (part.type === "file" ? [part] : []))
    : [];

type Content = Uint8Array | "gone" | "too-much";

/** By id; the newest first, while there is room. */
const readAll = async (
  dependencies: EngineDependencies,
  messages: readonly ModelMessage[],
  known: AttachedFiles,
): Promise<ReadonlyMap<string, Content>> => {
  const contents = new Map<string, Content>();
  const files = messages.flatMap(filesOf).toReversed();
  let left = maxBytes;
  for (const id of new Set(files.flatMap((file) => idOf(file) ?? []))) {
    const bytes = known.get(id)?.bytes ?? 0;
    contents.set(id, bytes > left ? "too-much" : ((await readFile(dependencies, id, bytes)) ?? "gone"));
    if (bytes <= left) left -= bytes;
  }
  return contents;
};

/** The messages with the attachments that they name as bytes, or as a note why there are none. */
export const loadFiles = async (
  dependencies: EngineDependencies,
  messages: readonly ModelMessage[],
  known: AttachedFiles,
): Promise<readonly ModelMessage[]> => {
  if (known.size === 0) return messages;
  const contents = await readAll(dependencies, messages, known);
  const fill = (part: FilePart): FilePart | TextPart => {
    const content = contents.get(idOf(part) ?? "");
    if (content === undefined) return part;
    return typeof content === "string" ? fileNote(part, content) : { ...part, data: content };
  };
  return messages.map((message): ModelMessage => {
    if (typeof message.content === "string" || filesOf(message).length === 0) return message;
    if (message.role === "user")
      return { ...message, content: message.content.map((part) => (part.type === "file" ? fill(part) : part)) };
    if (message.role === "assistant")
      return { ...message, content: message.content.map((part) => (part.type === "file" ? fill(part) : part)) };
    return message;
  });
};
