import { del, get, update } from "idb-keyval";
import type { OutboxMemory, StoredMessage } from "natter/client";
import { isKeeping } from "../../kept/forget.ts";
import { isRecord } from "../../ui/stored-value.ts";

const keyOf = (conversationId: string): string => `natter.outbox.${conversationId}`;

// only this module writes there; what an older version of the app wrote is left out
const isStored = (value: unknown): value is StoredMessage =>
  isRecord(value) &&
  typeof value["id"] === "string" &&
  typeof value["idempotencyKey"] === "string" &&
  Array.isArray(value["parts"]) &&
  isRecord(value["options"]) &&
  typeof value["createdAt"] === "string";

const parseMessages = (stored: unknown): readonly StoredMessage[] =>
  Array.isArray(stored) ? stored.filter(isStored) : [];

const others = (stored: unknown, messageId: string): readonly StoredMessage[] =>
  parseMessages(stored).filter(({ id }) => id !== messageId);

/** Keeps messages that were not sent yet in IndexedDB, so that a reload loses nothing. */
export const outboxMemory: OutboxMemory = {
  read: async (conversationId) => parseMessages(await get(keyOf(conversationId))),
  put: async (conversationId, message) => {
    if (isKeeping()) await update(keyOf(conversationId), (stored: unknown) => [...others(stored, message.id), message]);
  },
  delete: async (conversationId, messageId) => {
    if (!isKeeping()) return;
    await update(keyOf(conversationId), (stored: unknown) => others(stored, messageId));
    if (parseMessages(await get(keyOf(conversationId))).length === 0) await del(keyOf(conversationId));
  },
};
