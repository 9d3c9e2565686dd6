import type { Part } from "../../protocol/message/chunk.ts";
import type { Completion, Conversation, Message } from "../../protocol/resources.ts";
import { isOpen, isOver, type ConversationState, type OutgoingMessage } from "./conversation-state.ts";
import { isSame } from "./is-same.ts";
import type { LiveEnding, LiveSnapshot } from "../live/live-message.ts";
import { createTree } from "./message-tree.ts";
import type { WaitingSend } from "../../protocol/waiting-send.ts";

export type Change = (state: ConversationState) => ConversationState;

const withMessages = (state: ConversationState, messages: readonly Message[]): ConversationState => {
  const known = new Map(state.tree.messages);
  let isNews = false;
  for (const message of messages) {
    const before = known.get(message.id);
    if (before !== undefined && isSame(before, message)) continue;
    const parts = before !== undefined && isSame(before.parts, message.parts) ? before.parts : message.parts;
    const completion =
      before !== undefined && isSame(before.completion, message.completion) ? before.completion : message.completion;
    known.set(message.id, { ...message, parts, completion });
    isNews = true;
  }
  return isNews ? { ...state, tree: createTree(known.values()) } : state;
};

/** A live answer has its place from this device until its completion was claimed, and its text until it is stored. */
const isAheadOf = ({ live }: ConversationState, message: Message): boolean => {
  if (live === null) return false;
  if (message.id === live.messageId && message.parts.length === 0 && isOpen(message)) return true;
  return isUnclaimed(live) && message.id === live.start.userMessageId;
};

/** An answer that was read before its end is no news after it. */
const isBehind = ({ tree }: ConversationState, message: Message): boolean =>
  isOpen(message) && isOver(tree.messages.get(message.id)?.completion?.status);

const isUnclaimed = (live: LiveSnapshot | null): boolean => live !== null && live.ending === null && !live.hasBegun;

/** Rows that the server told; `knownFrom`: that they are all from this sequence number on. */
export const receiveMessages =
  (messages: readonly Message[], knownFrom?: number): Change =>
  (state) => {
    const isNew = (message: Message): boolean =>
      !state.tree.messages.has(message.id) || (!isAheadOf(state, message) && !isBehind(state, message));
    const next = withMessages(state, messages.filter(isNew));
    return knownFrom === undefined || knownFrom >= (state.knownFrom ?? Number.POSITIVE_INFINITY)
      ? next
      : { ...next, knownFrom };
  };

/** The own vote on a message. */
export const receiveVote =
  (id: string, vote: Message["vote"]): Change =>
  (state) => {
    const row = state.tree.messages.get(id);
    return row === undefined ? state : withMessages(state, [{ ...row, vote }]);
  };

/** Somebody removed a message; it keeps its place. */
export const forgetMessage =
  (id: string): Change =>
  (state) => {
    const row = state.tree.messages.get(id);
    if (row === undefined || row.deletedAt !== null) return state;
    return withMessages(state, [{ ...row, parts: [], deletedAt: new Date().toISOString() }]);
  };

export interface Overview {
  readonly conversation: Conversation;
  readonly waiting: readonly WaitingSend[];
}

export const receiveOverview =
  ({ conversation, waiting }: Overview): Change =>
  (state) => ({
    ...state,
    conversation: isSame(state.conversation, conversation) ? state.conversation : conversation,
    activeLeafId: isUnclaimed(state.live) ? state.activeLeafId : (conversation.activeLeafId ?? state.activeLeafId),
    waiting: isSame(state.waiting, waiting) ? state.waiting : waiting,
    load: "ready",
    error: null,
  });

const provisional = (
  { conversationId }: ConversationState,
  message: Pick<Message, "id" | "parentId" | "sequence" | "role" | "completionId" | "completion"> & {
    parts: readonly Part[];
  },
): Message => ({
  ...message,
  parts: [...message.parts],
  conversationId,
  authorId: null,
  metadata: null,
  vote: null,
  createdAt: new Date().toISOString(),
  deletedAt: null,
});

/** What is known of a completion before its row was read; the model is the one that the conversation is set to. */
const provisionalCompletion = (
  { conversationId, conversation, draft }: ConversationState,
  { messageId, start }: LiveSnapshot,
): Completion => ({
  id: start.completionId,
  conversationId,
  messageId,
  status: "queued",
  crashes: 0,
  agent: conversation?.agent ?? draft.agent ?? "",
  model: conversation?.model ?? "",
  usage: null,
  costMicros: null,
  timing: { createdAt: new Date().toISOString(), startedAt: null, finishedAt: null },
  cancelledBy: null,
  error: null,
});

/** What the start of an answer tells, before the rows were read: the answer, and the message that it was asked with. */
export const receiveStart =
  (live: LiveSnapshot, asked?: OutgoingMessage): Change =>
  (state) => {
    const { completionId, userMessageId, sequence } = live.start;
    const rows: Message[] = [];
    if (asked !== undefined && userMessageId !== null && !state.tree.messages.has(userMessageId)) {
      const parentId = asked.parentId === undefined ? state.activeLeafId : asked.parentId;
      const place = { id: userMessageId, parentId, sequence: sequence - 1, role: "user" } as const;
      rows.push(provisional(state, { ...place, completionId: null, completion: null, parts: asked.parts }));
    }
    if (!state.tree.messages.has(live.messageId)) {
      const place = { id: live.messageId, parentId: userMessageId, sequence, role: "assistant", completionId } as const;
      rows.push(provisional(state, { ...place, completion: provisionalCompletion(state, live), parts: [] }));
    }
    return withMessages(state, rows);
  };

/** The completion as its stream says that it ended; what it took and cost is read from its row then. */
const endedCompletion = (
  { liveSince }: ConversationState,
  { completion }: Message,
  ending: LiveEnding,
): Completion | null =>
  completion === null || isOver(completion.status)
    ? completion
    : {
        ...completion,
        status: ending.status,
        timing: {
          ...completion.timing,
          startedAt: completion.timing.startedAt ?? new Date(liveSince).toISOString(),
          finishedAt: new Date().toISOString(),
        },
        error: ending.status === "failed" ? { code: "failed", message: ending.message } : null,
      };

const doingOf = ({ phase, tool }: LiveSnapshot): string => `${phase} ${tool ?? ""}`;

/** The live answer at this moment; at its end it becomes a message like any other. */
export const receiveLive =
  (live: LiveSnapshot): Change =>
  (state) => {
    const { ending, messageId } = live;
    const isOn = state.live?.messageId === messageId && doingOf(state.live) === doingOf(live);
    const next: ConversationState = {
      ...state,
      live,
      phaseSince: isOn ? state.phaseSince : Date.now(),
      ...(live.hasBegun ? { activeLeafId: messageId } : {}),
    };
    const row = next.tree.messages.get(messageId);
    if (ending === null || row === undefined) return next;
    return withMessages(next, [{ ...row, parts: [...live.parts], completion: endedCompletion(next, row, ending) }]);
  };

export const putOutgoing =
  (message: OutgoingMessage): Change =>
  (state) => {
    const isKnown = state.outgoing.some(({ id }) => id === message.id);
    const outgoing = isKnown
      ? state.outgoing.map((entry) => (entry.id === message.id ? message : entry))
      : [...state.outgoing, message];
    return { ...state, outgoing };
  };

export const dropOutgoing =
  (id: string): Change =>
  (state) => ({ ...state, outgoing: state.outgoing.filter((entry) => entry.id !== id) });

/** A message was accepted while another is being answered. */
export const receiveWaiting =
  (live: LiveSnapshot, asked: OutgoingMessage): Change =>
  (state) => {
    const { completionId, userMessageId: messageId } = live.start;
    const { parts, createdAt } = asked;
    return {
      ...state,
      waiting: state.waiting.some((entry) => entry.completionId === completionId)
        ? state.waiting
        : [...state.waiting, { completionId, messageId, parts: [...parts], createdAt }],
    };
  };

/** What was live is followed no longer; what it said so far stays with its message. */
export const leaveLive: Change = (state) => {
  const { live } = state;
  const row = live === null ? undefined : state.tree.messages.get(live.messageId);
  if (live === null || row === undefined || live.ending !== null) return { ...state, live: null };
  return { ...withMessages(state, [{ ...row, parts: [...live.parts] }]), live: null };
};

/** Shows the branch of a new answer at once. */
export const followAnswer =
  ({ messageId }: LiveSnapshot): Change =>
  (state) => ({ ...state, activeLeafId: messageId, chosenId: null });
