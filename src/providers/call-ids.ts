import { randomBytes } from "node:crypto";
import type { ModelMessage } from "../protocol/agent/model.ts";

/** Names the tool calls of one model call: the provider's own id where it can serve, else a new one. */
export type CallIds = (wireId: string | undefined) => string;

const usable = /^[A-Za-z0-9_.:-]{1,64}$/;

const usedIds = (messages: readonly ModelMessage[]): Set<string> => {
  const used = new Set<string>();
  for (const { role, content } of messages) {
    if (role !== "assistant" || typeof content === "string") continue;
    for (const part of content) if (part.type === "tool-call") used.add(part.toolCallId);
  }
  return used;
};

/** Ids that no call in `messages`, and no other call of this model call, has: some servers begin at `call_0` each time. */
export const createCallIds = (messages: readonly ModelMessage[]): CallIds => {
  const used = usedIds(messages);
  return (wireId) => {
    const isFree = wireId !== undefined && usable.test(wireId) && !used.has(wireId);
    const id = isFree ? wireId : `call_${randomBytes(12).toString("hex")}`;
    used.add(id);
    return id;
  };
};
