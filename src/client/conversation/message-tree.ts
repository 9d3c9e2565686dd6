import type { Message } from "../../protocol/resources.ts";

/** The messages that are known of a conversation, and who hangs under whom. */
export interface MessageTree {
  readonly messages: ReadonlyMap<string, Message>;
  /** By parent, null for the roots; by sequence. */
  readonly children: ReadonlyMap<string | null, readonly Message[]>;
}

export const createTree = (messages: Iterable<Message>): MessageTree => {
  const bySequence = [...messages].toSorted((left, right) => left.sequence - right.sequence);
  const children = new Map<string | null, Message[]>();
  for (const message of bySequence) {
    const siblings = children.get(message.parentId);
    if (siblings === undefined) children.set(message.parentId, [message]);
    else siblings.push(message);
  }
  return { messages: new Map(bySequence.map((message) => [message.id, message])), children };
};

export const emptyTree: MessageTree = createTree([]);

/** From a message down to the newest leaf under it; messages that are not to be shown don't count. */
export const newestLeaf = (tree: MessageTree, id: string, isShown: (message: Message) => boolean): string => {
  let leaf = id;
  for (;;) {
    const next = tree.children.get(leaf)?.findLast(isShown);
    if (next === undefined) return leaf;
    leaf = next.id;
  }
};

export interface Path {
  /** From the root, or from the highest that is known, to the leaf. */
  readonly messages: readonly Message[];
  /** The next one above, which is not known; null: the path begins at a root. */
  readonly missing: string | null;
}

export const pathTo = (tree: MessageTree, leafId: string | null): Path => {
  const messages: Message[] = [];
  let above = leafId;
  while (above !== null) {
    const message = tree.messages.get(above);
    if (message === undefined) break;
    messages.push(message);
    above = message.parentId;
  }
  return { messages: messages.toReversed(), missing: above };
};
