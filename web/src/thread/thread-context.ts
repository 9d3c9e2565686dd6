import type { AgentTool, ConversationStore } from "natter/client";
import { createContext, useContext } from "react";

export type ToolLookup = (agentId: string | null, toolName: string) => AgentTool | undefined;

/** What a message can ask for beyond its own. */
export interface ThreadContextValue {
  readonly store: ConversationStore;
  /** Whether this person can only read here: nothing is edited or asked again. */
  readonly isReadOnly?: boolean | undefined;
  /** Opens a copy of the branch that ends in a message; absent: there is no such place. */
  readonly onFork?: ((messageId: string) => void) | undefined;
  /** Shares the branch that ends in a message; absent: this person may not. */
  readonly onShare?: ((messageId: string) => void) | undefined;
  /** Lets the person choose another model. */
  readonly onChooseModel?: (() => void) | undefined;
  /** What a tool of an agent is; null: of the default one. */
  readonly toolOf: ToolLookup;
}

const ThreadContext = createContext<ThreadContextValue | null>(null);

export const ThreadProvider = ThreadContext.Provider;

export const useThread = (): ThreadContextValue => {
  const value = useContext(ThreadContext);
  if (value === null) throw new Error("a message is shown outside of a thread");
  return value;
};
