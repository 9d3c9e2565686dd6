import type { Conversation } from "natter/client";
import { useSyncExternalStore } from "react";
import { createStoredValue, isRecord } from "../../ui/stored-value.ts";
import { isUnreadSince, withSeen, type Seen } from "./seen.ts";

const parseSeen = (stored: unknown): Seen => {
  const { since, updates } = isRecord(stored) ? stored : {};
  const known = isRecord(updates) ? updates : {};
  return {
    since: typeof since === "string" ? since : new Date().toISOString(),
    updates: Object.fromEntries(
      Object.entries(known).flatMap(([id, update]) => (typeof update === "string" ? [[id, update]] : [])),
    ),
  };
};

const stored = createStoredValue("natter.seen", parseSeen);

/** This device shows a conversation as it is. */
export const markSeen = (conversation: Pick<Conversation, "id" | "updatedAt">): void => {
  const seen = stored.get();
  if (isUnreadSince(seen, conversation) || seen.updates[conversation.id] === undefined)
    stored.set(withSeen(seen, conversation));
};

export const useSeen = (): Seen => useSyncExternalStore(stored.subscribe, stored.get);
