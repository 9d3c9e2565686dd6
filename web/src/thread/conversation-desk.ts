import type { ConversationStore } from "natter/client";

/** What the thread and the composer of a conversation tell each other. */
export interface ConversationDesk {
  /** The message that is being said in other words. */
  getEdited(this: void): string | null;
  edit(this: void, messageId: string | null): void;
  /** Goes back to the box, with text that was taken out of it. */
  handBack(this: void, text: string): void;
  onEdit(this: void, listener: () => void): () => void;
  onHandBack(this: void, listener: (text: string) => void): () => void;
}

const createDesk = (): ConversationDesk => {
  const editListeners = new Set<() => void>();
  const textListeners = new Set<(text: string) => void>();
  let edited: string | null = null;
  return {
    getEdited: () => edited,
    edit(messageId) {
      edited = messageId;
      for (const listener of editListeners) listener();
    },
    handBack(text) {
      for (const listener of textListeners) listener(text);
    },
    onEdit(listener) {
      editListeners.add(listener);
      return () => editListeners.delete(listener);
    },
    onHandBack(listener) {
      textListeners.add(listener);
      return () => textListeners.delete(listener);
    },
  };
};

const desks = new WeakMap<ConversationStore, ConversationDesk>();

export const deskOf = (store: ConversationStore): ConversationDesk => {
  const desk = desks.get(store) ?? createDesk();
  desks.set(store, desk);
  return desk;
};
