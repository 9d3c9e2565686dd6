import type { Completion, Message } from "../../protocol/resources.ts";
import { isAnswering, isShown, shownPath, type ConversationState, type OutgoingMessage } from "./conversation-state.ts";
import type { ConversationView, LiveView, MessageState, MessageView, WaitingView } from "./conversation-view.ts";
import { holdsSame, shareItems } from "./is-same.ts";
import type { LivePhase, LiveSnapshot } from "../live/live-message.ts";
import { pathTo, type Path } from "./message-tree.ts";

/** A client's tool looks as if it ran: that its result is waited for is known from the row. */
const phaseOf = (live: LiveSnapshot, status: Completion["status"] | undefined): LivePhase =>
  live.phase === "tool-running" && status === "waiting" ? "waiting" : live.phase;

const stateOf = (state: ConversationState, message: Message): MessageState => {
  if (message.role !== "assistant") return "sent";
  if (state.live?.messageId === message.id && state.live.ending === null)
    return phaseOf(state.live, message.completion?.status);
  switch (message.completion?.status) {
    case "queued":
      return "queued";
    case "running":
      return "thinking";
    case "waiting":
      return "waiting";
    case "cancelled":
    case "failed":
      return message.completion.status;
    case "completed":
    case undefined:
      return "finished";
  }
};

const siblingsOf = (state: ConversationState, message: Message): readonly string[] =>
  (state.tree.children.get(message.parentId) ?? [])
    .filter((sibling) => sibling.role === message.role && isShown(state, sibling))
    .map(({ id }) => id);

const viewOfMessage = (state: ConversationState, message: Message): MessageView => {
  const { id, parentId, role, authorId, completionId, completion, vote, sequence, createdAt } = message;
  const isLive = state.live?.messageId === id && state.live.ending === null;
  return {
    id,
    parentId,
    role,
    parts: isLive && state.live !== null ? state.live.parts : message.parts,
    state: stateOf(state, message),
    siblings: siblingsOf(state, message),
    authorId,
    completionId,
    completion,
    vote,
    sequence,
    createdAt,
    error: completion?.error ?? null,
  };
};

const viewOfOutgoing = (message: OutgoingMessage, parentId: string | null): MessageView => ({
  id: message.id,
  parentId,
  role: "user",
  parts: message.parts,
  state: message.error === null ? "sending" : "unsent",
  siblings: [message.id],
  authorId: null,
  completionId: null,
  completion: null,
  vote: null,
  sequence: null,
  createdAt: message.createdAt,
  error: message.error === null ? null : { code: message.error.code, message: message.error.message },
});

/** An edit shows where it will be, and the first send of an idle conversation; the others wait in the tray. */
const bubbleOf = (state: ConversationState): OutgoingMessage | undefined => {
  const [first] = state.outgoing;
  return first !== undefined && (first.edits !== null || !isAnswering(state)) ? first : undefined;
};

const waitingViews = (state: ConversationState, bubble: OutgoingMessage | undefined): WaitingView[] => [
  ...state.waiting
    .filter(
      ({ completionId, messageId }) => completionId !== state.live?.start.completionId && messageId !== bubble?.id,
    )
    .map(({ completionId, messageId, parts }) => ({
      id: messageId ?? completionId,
      completionId,
      parts,
      state: "queued" as const,
      error: null,
    })),
  ...state.outgoing
    .filter((message) => message !== bubble && !state.waiting.some(({ messageId }) => messageId === message.id))
    .map(({ id, parts, error }) => ({
      id,
      completionId: null,
      parts,
      state: error === null ? ("sending" as const) : ("unsent" as const),
      error,
    })),
];

const liveView = ({ live, liveSince, phaseSince, tree }: ConversationState): LiveView | null =>
  live === null || live.ending !== null
    ? null
    : {
        completionId: live.start.completionId,
        messageId: live.messageId,
        phase: phaseOf(live, tree.messages.get(live.messageId)?.completion?.status),
        tool: live.tool,
        since: liveSince,
        phaseSince,
        wasRecovered: live.wasRecovered,
      };

const viewsOf = (state: ConversationState, path: Path, bubble: OutgoingMessage | undefined): MessageView[] => {
  const messages = path.messages.map((message) => viewOfMessage(state, message));
  if (bubble === undefined || messages.some(({ id }) => id === bubble.id)) return messages;
  return [...messages, viewOfOutgoing(bubble, path.messages.at(-1)?.id ?? null)];
};

const shareMessages = (
  next: readonly MessageView[],
  before: readonly MessageView[] | undefined,
): readonly MessageView[] => {
  const earlier = new Map(before?.map((message) => [message.id, message]));
  const withSharedLists = next.map((message) => {
    const known = earlier.get(message.id);
    return known !== undefined && holdsSame(known.siblings, message.siblings)
      ? { ...message, siblings: known.siblings }
      : message;
  });
  return shareItems(withSharedLists, before ?? [], (message) => earlier.get(message.id));
};

const shareOne = <Value extends object>(next: Value | null, before: Value | null | undefined): Value | null =>
  next !== null && before !== null && before !== undefined && holdsSame(next, before) ? before : next;

const pathUnder = (state: ConversationState, bubble: OutgoingMessage | undefined): Path => {
  const edited = bubble?.edits == null ? undefined : state.tree.messages.get(bubble.edits);
  if (edited === undefined) return shownPath(state);
  const path = pathTo(state.tree, edited.parentId);
  return { ...path, messages: path.messages.filter((message) => isShown(state, message)) };
};

/** What is to be shown of a state. Whatever says the same as in the view before is the very same object. */
export const buildView = (state: ConversationState, before: ConversationView | null): ConversationView => {
  const bubble = bubbleOf(state);
  const path = pathUnder(state, bubble);
  const { conversationId, conversation, load, error, connection, isLoadingEarlier, executions, draft, presence } =
    state;
  const view: ConversationView = {
    conversationId,
    conversation,
    load,
    error,
    connection,
    isLoadingEarlier,
    messages: shareMessages(viewsOf(state, path, bubble), before?.messages),
    hasEarlier: path.missing !== null,
    waiting: shareItems(waitingViews(state, bubble), before?.waiting ?? []),
    live: shareOne(liveView(state), before?.live),
    executions,
    draft,
    presence,
  };
  return shareOne(view, before) ?? view;
};
