import { createId } from "../../foundation/ids.ts";
import { gateJson, gateText } from "../../foundation/text-gate.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import type { ExportedAuthor } from "../../protocol/transfer.ts";
import type { BroughtMessage } from "../../store/transfer/brought-rows.ts";
import type { Brought } from "./brought.ts";
import { cleanParts } from "./clean-parts.ts";

/** Ids that are fit to be kept; others, and repeated ones, become new ones. */
const nameAnew = (messages: Brought["messages"]): string[] => {
  const taken = new Set<string>();
  return messages.map(({ id }) => {
    const kept = idSchema.safeParse(id).success && !taken.has(id) ? id : createId();
    taken.add(kept);
    return kept;
  });
};

const isFuture = (time: string): boolean => Date.parse(time) > Date.now();

/** A time that can have been. */
export const cleanTime = (time: string): string =>
  isFuture(time) || Date.parse(time) < 0 ? new Date().toISOString() : time;

/** Whoever brings a file may say what they wrote themselves, and not what others did. Undefined: the file tells nobody. */
export const authorIdOf = (author: ExportedAuthor | null | undefined, userId: string): string | null =>
  author === undefined || author?.id === userId ? userId : null;

type Metadata = Readonly<Record<string, unknown>> | null;

const cleanMetadata = (metadata: Metadata, author: ExportedAuthor | null | undefined, userId: string): Metadata => {
  const isOther = author !== undefined && author !== null && author.id !== userId && author.name !== null;
  const told = isOther ? { ...metadata, natterAuthor: author.name } : metadata;
  return told === null ? null : JSON.parse(JSON.stringify(gateJson({ ...told })));
};

/** Messages as they may be stored: under usable ids, below parents that are there, with parts that may be brought, of the user who brings them. */
export const cleanMessages = (
  messages: Brought["messages"],
  userId: string,
): { messages: BroughtMessage[]; idOf: Map<string, string> } => {
  const ids = nameAnew(messages);
  const idOf = new Map<string, string>();
  const cleaned = messages.map((message, index): BroughtMessage => {
    const { role, author, deletedAt, vote } = message;
    const parentId = message.parentId === null ? null : (idOf.get(message.parentId) ?? null);
    const id = ids[index] ?? createId();
    idOf.set(message.id, id);
    return {
      id,
      parentId,
      role,
      authorId: role === "user" ? authorIdOf(author, userId) : null,
      parts: deletedAt === null ? cleanParts(message.parts) : [],
      metadata: cleanMetadata(message.metadata, author, userId),
      createdAt: cleanTime(message.createdAt),
      deletedAt: deletedAt === null ? null : cleanTime(deletedAt),
      vote:
        vote === null || role !== "assistant"
          ? null
          : { value: vote.value, reason: vote.reason === null ? null : gateText(vote.reason) },
    };
  });
  return { messages: cleaned, idOf };
};
