import type { ToolExecution } from "natter/client";
import { useSyncExternalStore } from "react";
import { createStoredValue, isRecord } from "../../ui/stored-value.ts";

/** By conversation: the tool whose result came from the background while nobody looked. */
export type Landed = Readonly<Record<string, string>>;

const mostKept = 100;

const parseLanded = (stored: unknown): Landed =>
  Object.fromEntries(
    Object.entries(isRecord(stored) ? stored : {}).flatMap(([id, tool]) =>
      typeof tool === "string" ? [[id, tool]] : [],
    ),
  );

const stored = createStoredValue("natter.landed", parseLanded);

/** Something came from the background into a conversation that is not shown. */
export const noteLanded = ({ conversationId, tool }: Pick<ToolExecution, "conversationId" | "tool">): void => {
  const { [conversationId]: _before, ...others } = stored.get();
  stored.set(Object.fromEntries([...Object.entries(others).slice(-mostKept + 1), [conversationId, tool]]));
};

/** The conversation is shown. */
export const forgetLanded = (conversationId: string): void => {
  if (!Object.hasOwn(stored.get(), conversationId)) return;
  const { [conversationId]: _seen, ...others } = stored.get();
  stored.set(others);
};

export const useLanded = (): Landed => useSyncExternalStore(stored.subscribe, stored.get);
