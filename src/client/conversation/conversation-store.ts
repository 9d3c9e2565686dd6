import type { Part } from "../../protocol/message/chunk.ts";
import type { ClientResult } from "../../protocol/question.ts";
import type { ChangeConversationBody, DecideBody } from "../calls/bodies.ts";
import type { Client } from "../client.ts";
import { dropOutgoing, putOutgoing } from "./conversation-changes.ts";
import type { AnswerOptions, ConversationDraft, OutgoingMessage } from "./conversation-state.ts";
import { changeConversation, draftedOptions, draftToCreate } from "./conversation-settings.ts";
import { ConversationSync } from "./conversation-sync.ts";
import { castVote } from "./conversation-votes.ts";
import type { ConversationView } from "./conversation-view.ts";
import { executionChanges } from "./executions.ts";
import { partsOf, type MessageContent } from "./message-content.ts";
import { questionChanges } from "./question-changes.ts";
import { revealMessage } from "./reveal.ts";
import type { ConversationStoreOptions } from "./store-options.ts";
import { waitingChanges } from "./waiting-changes.ts";

/** One conversation, live: read it with `subscribe` and `getSnapshot`, as React's `useSyncExternalStore` does. */
export interface ConversationStore {
  readonly conversationId: string;
  subscribe(listener: () => void): () => void;
  getSnapshot(): ConversationView;
  /** Sends a message under the branch shown; it is shown at once and sent as soon as it can be. Answers its id. */
  send(content: MessageContent, options?: AnswerOptions): string;
  /** Tries an `unsent` message again. */
  retry(messageId: string): void;
  /** Takes a message back that is not stored; answers what it said, so that no text is lost. */
  discard(messageId: string): readonly Part[];
  /** Says a user message in other words: a sibling of it, with an answer of its own. Answers its id until it is stored. */
  edit(messageId: string, content: MessageContent, options?: AnswerOptions): string;
  /** Answers a user message, or the one that an answer answers, again. @throws RequestError */
  regenerate(messageId: string, options?: AnswerOptions): Promise<void>;
  /** Stops the answer that is being written, or asked for just now; waiting sends stay. @throws RequestError */
  stop(): Promise<void>;
  /** Votes on an answer; null takes the vote back. @throws RequestError */
  vote(messageId: string, value: "up" | "down" | null, reason?: string): Promise<void>;
  /**
   * Changes settings, title and the like; before the first send a draft of them. @throws RequestError `precondition_failed`
   * when somebody else changed the same meanwhile, and shows what they set
   */
  change(body: ChangeConversationBody): Promise<void>;
  /** As `change`, before the first send alone: also whether the conversation is temporary. */
  draft(draft: ConversationDraft): void;
  /** Tells those who have the conversation open that this person writes, or does not any more. */
  setWriting(isWriting: boolean): void;
  /** Shows the branch that a message is on, on this device. */
  select(messageId: string): void;
  /** Shows a message, however far above and on whichever branch it is; false: it is not there. @throws RequestError */
  reveal(messageId: string): Promise<boolean>;
  /** Reads the page above. @throws RequestError */
  loadEarlier(): Promise<void>;
  /** Says a waiting message in other words. @throws RequestError */
  changeWaiting(id: string, content: MessageContent): Promise<void>;
  /** Takes a waiting message back. @throws RequestError */
  removeWaiting(id: string): Promise<void>;
  /** Stops the answer that is being written and sends a waiting message next. @throws RequestError */
  sendWaitingNow(id: string): Promise<void>;
  /**
   * Decides whether a call may run, once: `once`, `always` for later calls of the tool in this conversation, too, or `deny`,
   * with a reason that the model is told. @throws RequestError `conflict`: it is not open any more
   */
  decide(approvalId: string, decision: DecideBody["decision"], reason?: string): Promise<void>;
  /** Gives the result of a client tool's call, or says why there is none. @throws RequestError `conflict`: it is not awaited any more */
  answerTool(callId: string, result: ClientResult): Promise<void>;
  /** Ends a call in the background at once, by the id of its execution. @throws RequestError */
  cancelTool(id: string): Promise<void>;
  /** Has a call in the background done again that ended without success. @throws RequestError */
  retryTool(id: string): Promise<void>;
  /** Looks what changed elsewhere, and follows what runs. @throws RequestError */
  refresh(): Promise<void>;
  /** The network is back: tries at once what waits to be tried again. */
  reconnect(): void;
  /** Lets go of everything. What the conversation is answering goes on. */
  close(): void;
}

const createOutgoing = (
  content: MessageContent,
  message: Pick<OutgoingMessage, "options" | "edits" | "parentId" | "creates">,
): OutgoingMessage => ({
  ...message,
  id: crypto.randomUUID(),
  idempotencyKey: crypto.randomUUID(),
  parts: partsOf(content),
  createdAt: new Date().toISOString(),
  error: null,
});

const outgoingCalls = (sync: ConversationSync): Pick<ConversationStore, "send" | "edit" | "retry" | "discard"> => {
  const put = (message: OutgoingMessage): string => {
    sync.update(putOutgoing(message));
    sync.deliver();
    return message.id;
  };
  const find = (id: string): OutgoingMessage | undefined => sync.state.outgoing.find((message) => message.id === id);
  return {
    send: (content, options = {}) =>
      put(
        createOutgoing(content, {
          options: { ...draftedOptions(sync.state), ...options },
          edits: null,
          parentId: sync.sendsUnder(),
          creates: draftToCreate(sync.state),
        }),
      ),
    edit: (messageId, content, options = {}) =>
      put(
        createOutgoing(content, {
          options,
          edits: messageId,
          parentId: sync.state.tree.messages.get(messageId)?.parentId ?? null,
          creates: null,
        }),
      ),
    retry: (messageId) => {
      const message = find(messageId);
      if (message !== undefined) put({ ...message, error: null });
    },
    discard: (messageId) => {
      const message = find(messageId);
      sync.update(dropOutgoing(messageId));
      return message?.parts ?? [];
    },
  };
};

/**
 * Makes the live store of a conversation; without an id, of a new one that the first send makes.
 *
 * @example
 * const store = createConversationStore(client, conversationId);
 * const { messages, live } = useSyncExternalStore(store.subscribe, store.getSnapshot);
 */
export const createConversationStore = (
  client: Client,
  conversationId?: string,
  options: ConversationStoreOptions = {},
): ConversationStore => {
  const sync = new ConversationSync(client, conversationId, options);
  sync.begin();
  return {
    conversationId: sync.conversationId,
    subscribe: (listener) => sync.subscribe(listener),
    getSnapshot: () => sync.view,
    ...outgoingCalls(sync),
    ...waitingChanges(sync, client),
    ...questionChanges(sync, client),
    ...executionChanges(sync, client),
    regenerate: (messageId, answer = {}) => sync.regenerate(messageId, answer),
    stop: () => sync.stop(),
    vote: (messageId, value, reason) => castVote(client, sync, messageId, { value, reason }),
    change: (body) => changeConversation(client, sync, body),
    draft: (draft) => sync.update((state) => ({ ...state, draft: { ...state.draft, ...draft } })),
    setWriting: (isWriting) => sync.setWriting(isWriting),
    select: (messageId) => sync.select(messageId),
    reveal: (messageId) => revealMessage(client, sync, messageId),
    loadEarlier: () => sync.loadEarlier(),
    refresh: () => sync.refresh(),
    reconnect: () => sync.reconnect(),
    close: () => sync.close(),
  };
};
