import type { Hint } from "../../protocol/hint.ts";
import type { Client } from "../client.ts";
import { forgetMessage, receiveMessages, type Change } from "../conversation/conversation-changes.ts";
import type { ConversationState } from "../conversation/conversation-state.ts";
import { receiveExecutions } from "../conversation/executions.ts";
import { asRequestError } from "../requests/request-error.ts";

export interface HintHost {
  readonly state: ConversationState;
  update(change: Change): void;
  refresh(): Promise<void>;
}

/** Reads what hints are about: each message that they name, and the conversation once for all that came meanwhile. */
export const createHintReader = (client: Client, host: HintHost): ((hint: Hint) => void) => {
  let refreshing: Promise<void> | null = null;
  let newest = 0;
  const refresh = async (): Promise<void> => {
    while ((host.state.conversation?.version ?? 0) < newest) {
      const asked = newest;
      await host.refresh();
      // a conversation may be told older than its hint by a replica; the next hint or look comes
      if (newest === asked) return;
    }
  };
  const readMessage = async ({ conversationId, id }: Hint): Promise<void> => {
    try {
      host.update(receiveMessages([await client.messages.get(conversationId, id)]));
    } catch (thrown) {
      if (asRequestError(thrown).status !== 404) throw thrown;
      host.update(forgetMessage(id));
    }
  };
  const readExecution = async ({ id }: Hint): Promise<void> =>
    host.update(receiveExecutions([await client.toolExecutions.get(id)]));
  const look = async (hint: Hint): Promise<void> => {
    if (hint.kind === "tool-execution") await readExecution(hint);
    const isAbove = host.state.tree.messages.has(hint.id);
    if (isAbove && (hint.kind === "message" || hint.kind === "vote")) await readMessage(hint);
    newest = Math.max(newest, hint.version);
    await (refreshing ??= refresh().finally(() => (refreshing = null)));
  };
  // a look that fails is made up for by the next one
  return (hint) => void look(hint).catch(() => undefined);
};
