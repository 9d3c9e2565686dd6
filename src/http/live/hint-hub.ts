import { relationOf, rules } from "../../auth/authorize.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { Signals, Unsubscribe } from "../../ports/signals.ts";
import { hintSignalSchema, type Hint, type HintSignal } from "../../protocol/hint.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { createTap } from "./tap.ts";

type Listener = (signal: HintSignal) => void;

/** Hints of all nodes, for the viewers of this one. Whoever listens decides by `mayRead` what a viewer is told. */
export interface HintHub {
  /** Those of a user's own conversations, deleted ones included. */
  ofOwner(principal: Principal, listener: Listener): Unsubscribe;
  /** Those of one conversation of the principal's workspace. */
  ofConversation(principal: Pick<Principal, "workspaceId">, conversationId: string, listener: Listener): Unsubscribe;
  /** Resolves when nothing that is published from now on is missed. */
  ready(): Promise<void>;
  close(): void;
}

/** Whether the conversation of a hint may be read, as it was after the change. */
export const mayRead = (principal: Principal, { isDeleted, ...access }: HintSignal): boolean =>
  rules[relationOf(principal, { ...access, deletedAt: isDeleted ? new Date() : null })].read.includes(principal.role);

/** What a viewer is told of it: nothing about who else may know. */
export const hintOf = ({ kind, id, conversationId, version }: HintSignal): Hint => ({
  kind,
  id,
  conversationId,
  version,
});

const ownerKey = (workspaceId: string, ownerId: string): string => `owner ${workspaceId} ${ownerId}`;
const conversationKey = (workspaceId: string, id: string): string => `conversation ${workspaceId} ${id}`;

export const createHintHub = (signals: Signals, logger: Logger): HintHub => {
  const listeners = new Map<string, Set<Listener>>();
  const tell = (signal: HintSignal, key: string): void => {
    for (const listener of listeners.get(key) ?? []) listener(signal);
  };
  const hear = (payload: string): void => {
    const parsed = hintSignalSchema.safeParse(JSON.parse(payload));
    if (!parsed.success) return logger.warn({ error: parsed.error }, "a hint of another version was not understood");
    const { workspaceId, ownerId, conversationId } = parsed.data;
    tell(parsed.data, ownerKey(workspaceId, ownerId));
    // what its owner has looked at is the owner's business
    if (parsed.data.kind !== "seen") tell(parsed.data, conversationKey(workspaceId, conversationId));
  };
  const tap = createTap(signals, "hint", hear, logger);
  const add = (key: string, listener: Listener): Unsubscribe => {
    void tap.open();
    const present = listeners.get(key) ?? new Set();
    listeners.set(key, present.add(listener));
    return () => {
      present.delete(listener);
      if (present.size === 0 && listeners.get(key) === present) listeners.delete(key);
    };
  };
  return {
    ofOwner: ({ workspaceId, userId }, listener) => add(ownerKey(workspaceId, userId), listener),
    ofConversation: ({ workspaceId }, id, listener) => add(conversationKey(workspaceId, id), listener),
    ready: () => tap.open(),
    close: () => tap.close(),
  };
};
