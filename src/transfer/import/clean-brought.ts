import { createId } from "../../foundation/ids.ts";
import { gateJson, gateText } from "../../foundation/text-gate.ts";
import type { Part } from "../../protocol/chunk.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { partSchema } from "../../protocol/resources.ts";
import type { BroughtMessage } from "../../store/transfer/import-rows.ts";
import type { Brought } from "./brought.ts";

const plainTypes = new Set(["text", "reasoning", "step-start", "data-natter-map", "data-natter-tool-result"]);
const endedStates = new Set(["output-available", "output-error", "output-denied"]);
const mostBytes = 134_217_728;

const isWebUrl = (url: unknown): boolean => typeof url === "string" && /^https?:\/\//i.test(url);

/** What may stand in a message that nobody here wrote: nothing that waits for anybody, or is somebody else's. */
const cleanPart = (part: Part): Part[] => {
  if (plainTypes.has(part.type) || part.type === "source-document") return [part];
  if (part.type === "file") {
    if (part.url.startsWith("data:")) return [part];
    return [{ type: "text", text: `[file: ${part.filename ?? part.mediaType}]` }];
  }
  if (part.type === "source-url") return isWebUrl(part.url) ? [part] : [];
  const isTool = part.type.startsWith("tool-") || part.type === "dynamic-tool";
  return isTool && "state" in part && endedStates.has(String(part.state)) ? [part] : [];
};

const gatedParts = (parts: readonly Part[]): Part[] =>
  parts.flatMap(cleanPart).map((part) => partSchema.parse(gateJson(part, { maxBytes: mostBytes })));

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

/** Messages as they may be stored: under usable ids, below parents that are there, with parts that may be brought. */
export const cleanMessages = (
  messages: Brought["messages"],
): { messages: BroughtMessage[]; idOf: Map<string, string> } => {
  const ids = nameAnew(messages);
  const idOf = new Map<string, string>();
  const cleaned = messages.map((message, index): BroughtMessage => {
    const parentId = message.parentId === null ? null : (idOf.get(message.parentId) ?? null);
    const id = ids[index] ?? createId();
    idOf.set(message.id, id);
    const { role, metadata, deletedAt, vote } = message;
    const record = metadata === null ? null : { ...metadata };
    return {
      id,
      parentId,
      role,
      parts: deletedAt === null ? gatedParts(message.parts) : [],
      metadata: record === null ? null : JSON.parse(JSON.stringify(gateJson(record))),
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
