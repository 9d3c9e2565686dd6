import type { Conversation } from "natter/client";
import { useSyncExternalStore } from "react";
import { createStoredValue, isRecord } from "../ui/stored-value.ts";

/** Which version of each conversation was seen on this device, and since when it keeps count. */
export interface SeenVersions {
  readonly since: string;
  readonly versions: Readonly<Record<string, number>>;
}

const mostKept = 500;

const parseSeen = (stored: unknown): SeenVersions => {
  const { since, versions } = isRecord(stored) ? stored : {};
  const known = isRecord(versions) ? versions : {};
  return {
    since: typeof since === "string" ? since : new Date().toISOString(),
    versions: Object.fromEntries(
      Object.entries(known).flatMap(([id, version]) => (typeof version === "number" ? [[id, version]] : [])),
    ),
  };
};

const stored = createStoredValue("natter.seen", parseSeen);

/** Whether a conversation ended an answer that this device has not shown. */
export const isUnread = ({ since, versions }: SeenVersions, { id, version, updatedAt }: Conversation): boolean => {
  const seen = versions[id];
  return seen === undefined ? updatedAt > since : version > seen;
};

/** This device shows a conversation as it is. */
export const markSeen = ({ id, version }: Pick<Conversation, "id" | "version">): void => {
  const { since, versions } = stored.get();
  if ((versions[id] ?? -1) >= version) return;
  const { [id]: _before, ...others } = versions;
  const kept = Object.entries(others).slice(-mostKept + 1);
  stored.set({ since, versions: Object.fromEntries([...kept, [id, version]]) });
};

export const useSeenVersions = (): SeenVersions => useSyncExternalStore(stored.subscribe, stored.get);
