import type { ToolExecution } from "natter/client";
import { useThread } from "../thread-context.ts";
import { useConversation } from "../use-conversation.ts";

/** What became of a call that went to the background; undefined: it did not, or nothing is known of it yet. */
export const useExecution = (callId: string): ToolExecution | undefined => {
  const { store } = useThread();
  return useConversation(store, ({ executions }) => executions.find((execution) => execution.callId === callId));
};
