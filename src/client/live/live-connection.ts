import type { Hint } from "../../protocol/hint.ts";
import type { LiveAnswer, LiveRequest } from "../../protocol/live.ts";
import { pause, type Pause } from "../requests/backoff.ts";
import type { LiveLink } from "./live-link.ts";
import { LiveSocket } from "./live-socket.ts";
import { LiveSubscriptions } from "./live-subscriptions.ts";
import { LiveWatches } from "./live-watches.ts";
import { RequestError } from "../requests/request-error.ts";
import type { ClientOptions } from "../requests/requester.ts";

/** `refused`: the server does not know who we are; it is tried again with the next token. `interrupted`: it comes back by itself. */
export type LiveStatus = "connecting" | "connected" | "interrupted" | "refused" | "closed";

export interface LiveConnectionOptions extends Pick<ClientOptions, "baseUrl" | "token"> {
  /** Absent: the user's only or personal workspace. */
  readonly workspaceId?: string | undefined;
  readonly webSocket?: typeof WebSocket | undefined;
  /** How it waits between attempts. */
  readonly pause?: Pause | undefined;
}

/** The connection that a page shares: hints of all that is the user's, and a LiveLink for its conversations. */
export interface LiveConnection extends LiveLink {
  /** For `useSyncExternalStore`. */
  readonly status: { getSnapshot(): LiveStatus; subscribe(listener: () => void): () => void };
  /** Every hint: of the user's own conversations, and of those that are subscribed to. */
  onHint(listener: (hint: Hint) => void): () => void;
  /** It is there (again): hints may have been missed, and lists should be read again. */
  onConnected(listener: () => void): () => void;
  /** Tries again now if it was waiting to. */
  hurry(): void;
  close(): void;
}

/** Functions to call, each until it is taken out. */
class ListenerSet<Arguments extends readonly unknown[]> {
  readonly #listeners = new Set<{ readonly listener: (...given: Arguments) => void }>();

  readonly add = (listener: (...given: Arguments) => void): (() => void) => {
    const entry = { listener };
    this.#listeners.add(entry);
    return () => void this.#listeners.delete(entry);
  };

  tell(...given: Arguments): void {
    for (const { listener } of this.#listeners) listener(...given);
  }
}

const statusOfCode: Readonly<Record<string, number>> = {
  not_found: 404,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
};

const refusalOf = ({ code, message }: Extract<LiveAnswer, { type: "refused" }>): RequestError =>
  new RequestError(code, message, { status: statusOfCode[code] ?? 400 });

const urlOf = ({ baseUrl, workspaceId }: LiveConnectionOptions): URL => {
  const url = new URL(`${baseUrl}/v1/live`, globalThis.location?.href);
  url.protocol = url.protocol.replace("http", "ws");
  if (workspaceId !== undefined) url.searchParams.set("workspaceId", workspaceId);
  return url;
};

const helloOf = async ({ token, workspaceId }: LiveConnectionOptions): Promise<LiveRequest | null> =>
  token === undefined
    ? null
    : { type: "hello", token: typeof token === "function" ? await token() : token, workspaceId };

class PageConnection implements LiveConnection {
  readonly #socket: LiveSocket;
  readonly #watches: LiveWatches;
  readonly #subscriptions: LiveSubscriptions;
  readonly #statusListeners = new ListenerSet<[]>();
  readonly #hintListeners = new ListenerSet<[Hint]>();
  readonly #connectedListeners = new ListenerSet<[]>();
  #status: LiveStatus = "connecting";
  readonly status = { getSnapshot: () => this.#status, subscribe: this.#statusListeners.add };
  readonly onHint = this.#hintListeners.add;
  readonly onConnected = this.#connectedListeners.add;
  readonly hurry = (): void => this.#socket.hurry();

  constructor(options: LiveConnectionOptions) {
    const send = (request: LiveRequest): boolean => this.#socket.send(request);
    this.#watches = new LiveWatches(send);
    this.#subscriptions = new LiveSubscriptions(send);
    this.#socket = new LiveSocket({
      url: urlOf(options),
      webSocket: options.webSocket ?? WebSocket,
      hello: () => helloOf(options),
      pause: options.pause ?? pause,
      onAnswer: (answer) => this.#take(answer),
      onFrames: (completionId, frames) => this.#watches.take(completionId, frames),
      onDisconnected: (isKnown) => this.#disconnected(isKnown),
    });
    globalThis.addEventListener?.("online", this.hurry);
  }

  get isConnected(): boolean {
    return this.#socket.isConnected;
  }

  watch(...[completionId, options]: Parameters<LiveLink["watch"]>): ReturnType<LiveLink["watch"]> {
    return this.#watches.watch(completionId, options);
  }

  subscribe(...[conversationId, listener]: Parameters<LiveLink["subscribe"]>): () => void {
    return this.#subscriptions.add(conversationId, listener);
  }

  setWriting(conversationId: string, isWriting: boolean): void {
    this.#subscriptions.setWriting(conversationId, isWriting);
  }

  close(): void {
    globalThis.removeEventListener?.("online", this.hurry);
    this.#setStatus("closed");
    this.#socket.close();
  }

  #setStatus(next: LiveStatus): void {
    if (this.#status === next || this.#status === "closed") return;
    this.#status = next;
    this.#statusListeners.tell();
  }

  #take(answer: LiveAnswer): void {
    switch (answer.type) {
      case "welcome":
        return this.#connected();
      case "hint":
        return this.#hint(answer);
      case "presence":
        return this.#subscriptions.presence(answer.conversationId, answer.users);
      case "watching":
        return this.#watches.acknowledge(answer.completionId);
      case "refused":
        if (answer.conversationId !== undefined) this.#subscriptions.refuse(answer.conversationId);
        if (answer.completionId !== undefined) this.#watches.refuse(answer.completionId, refusalOf(answer));
        return;
      case "ping":
        return;
    }
  }

  #connected(): void {
    this.#setStatus("connected");
    this.#subscriptions.connected();
    this.#connectedListeners.tell();
  }

  #disconnected(isKnown: boolean): void {
    this.#setStatus(isKnown ? "interrupted" : "refused");
    this.#watches.breakOff();
    this.#subscriptions.disconnected();
  }

  #hint({ kind, id, conversationId, version }: Hint): void {
    const hint = { kind, id, conversationId, version };
    this.#subscriptions.hint(hint);
    this.#hintListeners.tell(hint);
  }
}

/**
 * Opens the one web socket of a page (`/v1/live`), for browsers and Node. It comes back by itself with growing pauses,
 * subscribed as before; the streams that it carried end with an error then, to be taken up again from their last event.
 *
 * @example
 * const live = createLiveConnection({ baseUrl: "" });
 * live.onHint(({ conversationId }) => queries.invalidate(conversationId));
 * const store = createConversationStore(client, conversationId, { live });
 */
export const createLiveConnection = (options: LiveConnectionOptions): LiveConnection => new PageConnection(options);
