import type { Client } from "../client.ts";
import { dropOutgoing, type Change } from "./conversation-changes.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { ConversationSync } from "./conversation-sync.ts";
import { partsOf, sentParts } from "./message-content.ts";

/** Calls one after another; those that wait behind one that fails fail with it. */
const createTurns = () => {
  let last: Promise<void> = Promise.resolve();
  return (call: () => Promise<void>): Promise<void> => {
    const turn = last.then(call);
    last = turn;
    const forget = (): void => {
      if (last === turn) last = Promise.resolve();
    };
    turn.then(forget, forget);
    return turn;
  };
};

/** Changes of messages that wait, shown at once and made one after another: what is sent now was changed before. */
export const waitingChanges = (
  sync: ConversationSync,
  { waitingSends }: Client,
): Pick<ConversationStore, "changeWaiting" | "removeWaiting" | "sendWaitingNow"> => {
  const inTurn = createTurns();
  let open = 0;
  const act = async (id: string, optimistic: Change, call: (completionId: string) => Promise<void>): Promise<void> => {
    const entry = sync.state.waiting.find(({ messageId, completionId }) => messageId === id || completionId === id);
    if (entry === undefined) return sync.update(dropOutgoing(id));
    sync.update(optimistic);
    sync.optimistic.add(optimistic);
    open += 1;
    try {
      await inTurn(() => call(entry.completionId));
    } catch (thrown) {
      sync.optimistic.delete(optimistic);
      throw thrown;
    } finally {
      open -= 1;
      if (open === 0) await sync.refresh();
      if (open === 0) sync.optimistic.clear();
    }
  };
  const isIt = (id: string) => (entry: { messageId: string | null; completionId: string }) =>
    entry.messageId === id || entry.completionId === id;
  return {
    changeWaiting: (id, content) =>
      act(
        id,
        (state) => ({
          ...state,
          waiting: state.waiting.map((entry) => (isIt(id)(entry) ? { ...entry, parts: [...partsOf(content)] } : entry)),
        }),
        (completionId) => waitingSends.change(completionId, { message: { parts: sentParts(content) } }),
      ),
    removeWaiting: (id) =>
      act(
        id,
        (state) => ({ ...state, waiting: state.waiting.filter((entry) => !isIt(id)(entry)) }),
        waitingSends.remove,
      ),
    sendWaitingNow: (id) => act(id, (state) => state, waitingSends.sendNow),
  };
};
