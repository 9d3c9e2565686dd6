import type { Part } from "../../protocol/message/chunk.ts";
import type { Completion, Conversation, Message } from "../../protocol/resources.ts";
import type { ToolExecution } from "../../protocol/tool-execution.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { ChangeConversationBody } from "../calls/bodies.ts";
import type { PresentUser } from "../live/live-link.ts";
import type { LiveSnapshot } from "../live/live-message.ts";
import { emptyTree, newestLeaf, pathTo, type MessageTree, type Path } from "./message-tree.ts";
import type { RequestError } from "../requests/request-error.ts";
import type { WaitingSend } from "../../protocol/waiting-send.ts";

/** What a send may say about its answer. */
export interface AnswerOptions {
  readonly agent?: string;
  readonly model?: string;
  readonly settings?: Settings;
  readonly onBusy?: "queue" | "interrupt" | "reject";
}

/** What a person chose for a conversation that is not stored yet. */
export interface ConversationDraft extends Omit<ChangeConversationBody, "status"> {
  readonly temporary?: boolean;
}

/** A message that this device has, and the server perhaps not yet. */
export interface OutgoingMessage {
  /** The message's id, chosen here; of an edit only until the server has named the new message. */
  readonly id: string;
  /** The same for every attempt. */
  readonly idempotencyKey: string;
  readonly parts: readonly Part[];
  readonly options: AnswerOptions;
  /** The user message that is said in other words; null: a new message. */
  readonly edits: string | null;
  /** The leaf it was written under; undefined: whichever is active. */
  readonly parentId: string | null | undefined;
  readonly createdAt: string;
  /** The conversation is made with this before it is sent; null: it is there, or the send makes it. */
  readonly creates: ConversationDraft | null;
  /** Why it was not sent; null: it is on its way. */
  readonly error: RequestError | null;
}

export type LoadState = "new" | "loading" | "ready" | "failed";

/** `interrupted`: trying again by itself. */
export type Connection = "connected" | "interrupted";

/** What this device knows of a conversation; never changed, only replaced. */
export interface ConversationState {
  readonly conversationId: string;
  readonly conversation: Conversation | null;
  readonly load: LoadState;
  readonly error: RequestError | null;
  readonly connection: Connection;
  readonly tree: MessageTree;
  /** Every message from this sequence number on is known; null: none was asked for. */
  readonly knownFrom: number | null;
  readonly isLoadingEarlier: boolean;
  /** The server's leaf. */
  readonly activeLeafId: string | null;
  /** A message on the branch that this device shows instead of the active one. */
  readonly chosenId: string | null;
  readonly waiting: readonly WaitingSend[];
  readonly outgoing: readonly OutgoingMessage[];
  readonly live: LiveSnapshot | null;
  /** When the live answer began here, in milliseconds since 1970. */
  readonly liveSince: number;
  /** When it began to do what it does now. */
  readonly phaseSince: number;
  /** Calls in the background, newest first. */
  readonly executions: readonly ToolExecution[];
  readonly draft: ConversationDraft;
  readonly presence: readonly PresentUser[];
}

export const createConversationState = (conversationId: string, load: LoadState): ConversationState => ({
  conversationId,
  conversation: null,
  load,
  error: null,
  connection: "connected",
  tree: emptyTree,
  knownFrom: null,
  isLoadingEarlier: false,
  activeLeafId: null,
  chosenId: null,
  waiting: [],
  outgoing: [],
  live: null,
  liveSince: 0,
  phaseSince: 0,
  executions: [],
  draft: {},
  presence: [],
});

/** Whether an answer is being written. */
export const isAnswering = ({ live }: ConversationState): boolean => live !== null && live.ending === null;

/** Whether a completion has ended. */
export const isOver = (status: Completion["status"] | undefined): boolean =>
  status === "completed" || status === "failed" || status === "cancelled";

/** Whether a message is an answer that may still change. */
export const isOpen = ({ completion }: Message): boolean => completion !== null && !isOver(completion.status);

/** The completion that is answered now, else the first that waits. */
export const nextCompletion = ({ tree, waiting }: ConversationState): string | undefined => {
  const open = [...tree.messages.values()].filter(isOpen);
  const active = open.find(({ completion }) => completion?.status !== "queued");
  return active?.completionId ?? waiting[0]?.completionId ?? open[0]?.completionId ?? undefined;
};

const isQueuedAnswer = ({ completion }: Message): boolean => completion?.status === "queued";

const isQueued = (state: ConversationState, message: Message): boolean => {
  if (message.id === state.live?.messageId || message.id === state.live?.start.userMessageId) return false;
  if (message.role === "assistant") return isQueuedAnswer(message);
  // one that waits to be answered again has its place, and other answers
  return (
    state.waiting.some(({ messageId }) => messageId === message.id) &&
    (state.tree.children.get(message.id) ?? []).every(isQueuedAnswer)
  );
};

/** Whether a message is there and has its place in the tree. */
export const isShown = (state: ConversationState, message: Message): boolean =>
  message.deletedAt === null && !isQueued(state, message);

/** The branch that this device shows. */
export const shownPath = (state: ConversationState): Path => {
  const from = state.chosenId ?? state.activeLeafId;
  if (from === null) return { messages: [], missing: null };
  const leaf = newestLeaf(state.tree, from, (message) => isShown(state, message));
  const path = pathTo(state.tree, leaf);
  return { ...path, messages: path.messages.filter((message) => isShown(state, message)) };
};
