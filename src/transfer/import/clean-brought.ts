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

/** Parents before their children, however they stand in the conversation; where parents go in a circle, it is opened. */
const parentsFirst = (messages: readonly BroughtMessage[]): BroughtMessage[] => {
  const children = Map.groupBy(messages, ({ parentId }) => parentId);
  const reached = new Set<string>();
  const ordered: BroughtMessage[] = [];
  const reach = (roots: readonly BroughtMessage[]): void => {
    for (let level = roots; level.length > 0;) {
      for (const message of level) reached.add(message.id);
      ordered.push(...level);
      level = level.flatMap(({ id }) => children.get(id) ?? []).filter(({ id }) => !reached.has(id));
    }
  };
  reach(children.get(null) ?? []);
  for (const message of messages) if (!reached.has(message.id)) reach([{ ...message, parentId: null }]);
  return ordered;
};

export interface CleanedMessages {
  /** Parents before their children. */
  readonly messages: readonly BroughtMessage[];
  /** Under which ids they are stored, by those that the file gives them. */
  readonly idOf: ReadonlyMap<string, string>;
  /** The last in order of sequence. */
  readonly lastId: string | null;
}

/** Messages as they may be stored: under usable ids, below parents that are there, with parts that may be brought, of the user who brings them. */
export const cleanMessages = (messages: Brought["messages"], userId: string): CleanedMessages => {
  const ids = nameAnew(messages);
  const idOf = new Map<string, string>();
  for (const [index, message] of messages.entries())
    if (!idOf.has(message.id)) idOf.set(message.id, ids[index] ?? message.id);
  const cleaned = messages.map((message, index): BroughtMessage => {
    const { role, author, deletedAt, vote } = message;
    return {
      id: ids[index] ?? message.id,
      parentId: message.parentId === null ? null : (idOf.get(message.parentId) ?? null),
      sequence: index + 1,
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
  return { messages: parentsFirst(cleaned), idOf, lastId: cleaned.at(-1)?.id ?? null };
};
