import type { Hint } from "../../protocol/hint.ts";
import type { ServerEvent } from "../requests/event-parser.ts";

/** Somebody who has the conversation open. */
export interface PresentUser {
  readonly userId: string;
  readonly name: string | null;
  readonly isWriting: boolean;
}

/** What a link tells of one conversation. */
export interface LinkListener {
  onHint(hint: Hint): void;
  /** Everybody who has it open now, this user included; nobody where nobody else could. */
  onPresence(users: readonly PresentUser[]): void;
  /** The connection is there (again): what was told meanwhile was missed. */
  onConnected(): void;
}

/** One connection that all conversations of a page share, instead of a request each. */
export interface LiveLink {
  /** While it is not, everything goes by requests. */
  readonly isConnected: boolean;
  /**
   * The server-sent events of a completion, in batches, as `GET /v1/completions/{id}/events` tells them; ends after
   * `[DONE]`, or when `signal` is aborted. Throws a RequestError when it is refused, or when the connection breaks.
   */
  watch(
    completionId: string,
    options: { readonly lastEventId?: string | undefined; readonly signal: AbortSignal },
  ): AsyncGenerator<readonly ServerEvent[], void, undefined>;
  /** Hints of a conversation, and who is there; until the returned function is called. */
  subscribe(conversationId: string, listener: LinkListener): () => void;
  /** Tells the others that this user writes a message, or does not any more. */
  setWriting(conversationId: string, isWriting: boolean): void;
}
