import { Backoff, type Pause } from "../requests/backoff.ts";
import type { Client } from "../client.ts";
import type { Connection, ConversationDraft, OutgoingMessage } from "./conversation-state.ts";
import { LiveStream, streamResponse } from "../live/live-stream.ts";
import { sentParts } from "./message-content.ts";
import { asRequestError, type RequestError } from "../requests/request-error.ts";
import type { SendBody } from "../calls/bodies.ts";

export interface OutboxOptions {
  readonly client: Client;
  readonly conversationId: string;
  readonly pause: Pause;
  /** The first message that is on its way; undefined: none. */
  readonly next: () => OutgoingMessage | undefined;
  /** It is stored: its answer's stream, read up to the start. */
  readonly onAccepted: (message: OutgoingMessage, stream: LiveStream) => void;
  readonly onRefused: (message: OutgoingMessage, error: RequestError) => void;
  readonly onConnection: (connection: Connection) => void;
}

/**
 * Sends one message after another, in their order. Each attempt carries the same key, so that a message whose
 * acknowledgement was lost is not stored twice.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #backoff: Backoff;
  #isRunning = false;
  #isClosed = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.pause);
  }

  /** Sends what is there to send. */
  wake(): void {
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    void this.#run();
  }

  /** Tries again now if it was waiting to. */
  hurry(): void {
    this.#backoff.hurry();
  }

  close(): void {
    this.#isClosed = true;
    this.hurry();
  }

  async #run(): Promise<void> {
    for (let message = this.#options.next(); message !== undefined; message = this.#options.next()) {
      if (this.#isClosed) break;
      await this.#attempt(message);
    }
    this.#isRunning = false;
  }

  async #attempt(message: OutgoingMessage): Promise<void> {
    const { onAccepted, onRefused, onConnection } = this.#options;
    const result = await this.#open(message);
    if (result instanceof LiveStream) {
      this.#backoff.reset();
      onConnection("connected");
      return onAccepted(message, result);
    }
    if (!result.isPassing) return onRefused(message, result);
    onConnection("interrupted");
    await this.#backoff.wait(result.retryAfter === undefined ? undefined : result.retryAfter * 1_000);
  }

  async #open(message: OutgoingMessage): Promise<LiveStream | RequestError> {
    try {
      const stream = streamResponse(await this.#post(message));
      await stream.readStart();
      return stream;
    } catch (thrown) {
      return asRequestError(thrown);
    }
  }

  async #post(message: OutgoingMessage): Promise<Response> {
    const { client, conversationId } = this.#options;
    const { idempotencyKey, edits, parentId, options, creates } = message;
    const parts = sentParts(message.parts);
    if (creates !== null) await this.#create(creates);
    if (edits !== null) {
      const body = { ...options, message: { parts } };
      return client.chat.edit(conversationId, edits, body, { idempotencyKey });
    }
    const body: SendBody = { ...options, conversationId, message: { id: message.id, parts } };
    return client.chat.send(parentId === undefined ? body : { ...body, parentId }, { idempotencyKey });
  }

  async #create(draft: ConversationDraft): Promise<void> {
    const { client, conversationId } = this.#options;
    try {
      await client.conversations.create({
        ...draft,
        model: draft.model ?? undefined,
        title: draft.title ?? undefined,
        id: conversationId,
      });
    } catch (thrown) {
      // an attempt before this one made it; if it is another's, the send says so
      if (asRequestError(thrown).code !== "id_taken") throw thrown;
    }
  }
}
