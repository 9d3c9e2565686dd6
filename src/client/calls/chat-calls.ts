import type { Completion } from "../../protocol/resources.ts";
import type { Accepted } from "../../protocol/accepted.ts";
import type { Page } from "../../protocol/page.ts";
import type { WaitingSend } from "../../protocol/waiting-send.ts";
import type { ChangeWaitingBody, EditBody, SendBody, StartBody } from "./bodies.ts";
import { conversationPath } from "./conversation-calls.ts";
import type { Requester } from "../requests/requester.ts";

export interface AcceptOptions {
  /** The same key attaches to the same completion for 24 hours; so a send can be repeated. */
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WatchOptions {
  /** Only what came after this event. */
  readonly lastEventId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

const acceptHeaders = ({ idempotencyKey }: AcceptOptions) => ({ "idempotency-key": idempotencyKey });
const watchHeaders = ({ lastEventId }: WatchOptions) => ({ "last-event-id": lastEventId });
const orNothing = (response: Response): Response | null => (response.status === 204 ? null : response);
const completionPath = (id: string): string => `/v1/completions/${encodeURIComponent(id)}`;
const chatPath = (conversationId: string): string => `/v1/chat/${encodeURIComponent(conversationId)}`;

/** Sending and watching; the streams are server-sent events, to be read with `readEvents`. */
export const chatCalls = ({ response }: Requester) => ({
  send: (body: SendBody, options: AcceptOptions = {}): Promise<Response> =>
    response("/v1/chat", { body: { ...body, stream: true }, headers: acceptHeaders(options), signal: options.signal }),
  edit: (conversationId: string, messageId: string, body: EditBody, options: AcceptOptions = {}): Promise<Response> =>
    response(`${conversationPath(conversationId)}/messages/${encodeURIComponent(messageId)}/edits`, {
      body: { ...body, stream: true },
      headers: acceptHeaders(options),
      signal: options.signal,
    }),
  /** What the conversation is answering, from the start; null: nothing. */
  watch: async (conversationId: string, options: WatchOptions = {}): Promise<Response | null> =>
    orNothing(
      await response(`${chatPath(conversationId)}/stream`, { headers: watchHeaders(options), signal: options.signal }),
    ),
  /** Cancels what the conversation is answering; null: nothing ran. */
  stop: async (conversationId: string): Promise<Completion | null> => {
    const answer = orNothing(await response(`${chatPath(conversationId)}/stop`, { method: "POST" }));
    return answer === null ? null : answer.json();
  },
});

/** Completions as things of their own. */
export const completionCalls = ({ json, response }: Requester) => ({
  /** The newest 100 of a conversation, newest first. */
  list: (conversationId: string): Promise<Page<Completion>> => json(`${conversationPath(conversationId)}/completions`),
  get: (id: string): Promise<Completion> => json(completionPath(id)),
  /** Answers in the background: a new message, or a stored one again. */
  start: (conversationId: string, body: StartBody, options: AcceptOptions = {}): Promise<Accepted> =>
    json(`${conversationPath(conversationId)}/completions`, {
      body,
      headers: acceptHeaders(options),
      signal: options.signal,
    }),
  cancel: (id: string): Promise<Completion> => json(`${completionPath(id)}/cancel`, { method: "POST" }),
  retry: (id: string, options: AcceptOptions = {}): Promise<Accepted> =>
    json(`${completionPath(id)}/retry`, { method: "POST", headers: acceptHeaders(options), signal: options.signal }),
  /** Null: it was seen to its end. */
  watch: async (id: string, options: WatchOptions = {}): Promise<Response | null> =>
    orNothing(
      await response(`${completionPath(id)}/events`, { headers: watchHeaders(options), signal: options.signal }),
    ),
});

/** Messages that were accepted while the conversation was answering, known by their completion. */
export const waitingSendCalls = ({ json, response }: Requester) => {
  const path = (completionId: string): string => `/v1/waiting-sends/${encodeURIComponent(completionId)}`;
  return {
    list: (conversationId: string): Promise<Page<WaitingSend>> =>
      json(`${conversationPath(conversationId)}/waiting-sends`),
    change: async (completionId: string, body: ChangeWaitingBody): Promise<void> =>
      void (await response(path(completionId), { method: "PATCH", body })),
    remove: async (completionId: string): Promise<void> =>
      void (await response(path(completionId), { method: "DELETE" })),
    sendNow: async (completionId: string): Promise<void> =>
      void (await response(`${path(completionId)}/send-now`, { method: "POST" })),
  };
};
