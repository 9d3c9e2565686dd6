import type { Part } from "../../protocol/message/chunk.ts";
import type { Completion, Conversation } from "../../protocol/resources.ts";
import type { ToolExecution } from "../../protocol/tool-execution.ts";
import type { Connection, ConversationDraft, LoadState } from "./conversation-state.ts";
import type { PresentUser } from "../live/live-link.ts";
import type { LivePhase } from "../live/live-message.ts";
import type { RequestError } from "../requests/request-error.ts";

/**
 * What a message does. User: `sending` (not acknowledged), `unsent` (refused; `retry` or `discard` it), `sent`. Assistant:
 * `queued`, `thinking`, `streaming`, `tool-running`, `waiting` (for a person), then `finished`, `cancelled` or `failed`.
 */
export type MessageState = "sending" | "unsent" | "sent" | "queued" | LivePhase | "finished" | "cancelled" | "failed";

/** A message as it is to be shown; the same object as long as nothing of it changed. */
export interface MessageView {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: "user" | "assistant" | "system";
  /** Each part, too, is the same object as long as it did not change. */
  readonly parts: readonly Part[];
  readonly state: MessageState;
  /** Its versions, itself among them, oldest first: `select` one of them. */
  readonly siblings: readonly string[];
  readonly authorId: string | null;
  readonly completionId: string | null;
  /** The completion that wrote it: model, usage, cost in millionths of a dollar, timing, status and error; null for what nobody wrote by a model. */
  readonly completion: Completion | null;
  /** This person's own. */
  readonly vote: "up" | "down" | null;
  /** Null: not acknowledged. */
  readonly sequence: number | null;
  readonly createdAt: string;
  /** Why it is `failed` or `unsent`. */
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A message in the tray above the composer. */
export interface WaitingView {
  /** The message's id, to change, remove or send it now. */
  readonly id: string;
  /** Null: not acknowledged. */
  readonly completionId: string | null;
  readonly parts: readonly Part[];
  readonly state: "queued" | "sending" | "unsent";
  readonly error: RequestError | null;
}

export interface LiveView {
  readonly completionId: string;
  readonly messageId: string;
  readonly phase: LivePhase;
  /** The tool that runs; null: none. */
  readonly tool: string | null;
  /** When the answer began here: milliseconds since 1970, by this device's clock. */
  readonly since: number;
  /** When it began to do what `phase` and `tool` say. */
  readonly phaseSince: number;
  /** A worker died, and another picked the answer up. */
  readonly wasRecovered: boolean;
}

/** A conversation as it is to be shown; never changed, only replaced, and each member only when it changed. */
export interface ConversationView {
  readonly conversationId: string;
  /** Null until it is stored and read. */
  readonly conversation: Conversation | null;
  readonly load: LoadState;
  /** Why it could not be read. */
  readonly error: RequestError | null;
  readonly connection: Connection;
  /** The branch shown, oldest first. */
  readonly messages: readonly MessageView[];
  /** Whether `loadEarlier` would show more. */
  readonly hasEarlier: boolean;
  readonly isLoadingEarlier: boolean;
  /** In the order in which they will go. */
  readonly waiting: readonly WaitingView[];
  /** The answer that is being written; null: none. */
  readonly live: LiveView | null;
  /** Its calls of tools that went to the background, newest first. */
  readonly executions: readonly ToolExecution[];
  /** What was chosen for a conversation that is not stored yet. */
  readonly draft: ConversationDraft;
  /** Everybody who has it open now, this person included; empty without a live connection, and where nobody else could see it. */
  readonly presence: readonly PresentUser[];
}
