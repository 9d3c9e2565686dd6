import type { BranchMemory } from "natter/client";
import { createStoredValue, isRecord } from "../../ui/stored-value.ts";

const mostKept = 200;

const parseBranches = (stored: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isRecord(stored) ? stored : {}).flatMap(([id, leaf]) =>
      typeof leaf === "string" ? [[id, leaf]] : [],
    ),
  );

const stored = createStoredValue("natter.branches", parseBranches);

/** Which branch of a conversation this device shows. */
export const branchMemory: BranchMemory = {
  read: (conversationId) => stored.get()[conversationId] ?? null,
  write: (conversationId, messageId) => {
    const { [conversationId]: _before, ...others } = stored.get();
    const kept = Object.entries(others).slice(-mostKept + 1);
    stored.set(Object.fromEntries(messageId === null ? kept : [...kept, [conversationId, messageId]]));
  },
};
