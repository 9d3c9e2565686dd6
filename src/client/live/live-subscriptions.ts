import type { Hint } from "../../protocol/hint.ts";
import type { LiveRequest } from "../../protocol/live.ts";
import type { LinkListener, PresentUser } from "./live-link.ts";

/** "Is writing" holds for 10 s on the server. */
const writingMs = 5_000;

interface Subscription {
  readonly listeners: Set<LinkListener>;
  /** False: the server does not know the conversation, or not for us. */
  isHeld: boolean;
  /** When it was last said that somebody writes here; 0: nobody does. */
  writingAt: number;
}

/** The conversations that a connection is subscribed to, with their listeners; they outlive a broken connection. */
export class LiveSubscriptions {
  readonly #send: (request: LiveRequest) => unknown;
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(send: (request: LiveRequest) => unknown) {
    this.#send = send;
  }

  add(conversationId: string, listener: LinkListener): () => void {
    const subscription = this.#subscriptions.get(conversationId) ?? {
      listeners: new Set(),
      isHeld: false,
      writingAt: 0,
    };
    this.#subscriptions.set(conversationId, subscription);
    subscription.listeners.add(listener);
    // said again for each listener: the answer tells the version
    this.#send({ type: "subscribe", conversationId });
    return () => {
      if (!subscription.listeners.delete(listener) || subscription.listeners.size > 0) return;
      this.#subscriptions.delete(conversationId);
      this.#send({ type: "unsubscribe", conversationId });
    };
  }

  setWriting(conversationId: string, isWriting: boolean): void {
    const subscription = this.#subscriptions.get(conversationId);
    if (subscription?.isHeld !== true) return;
    const isFresh = Date.now() - subscription.writingAt < writingMs;
    if (isWriting ? isFresh : subscription.writingAt === 0) return;
    subscription.writingAt = isWriting ? Date.now() : 0;
    this.#send({ type: "presence", conversationId, isWriting });
  }

  hint(hint: Hint): void {
    const subscription = this.#subscriptions.get(hint.conversationId);
    if (subscription === undefined) return;
    // it was refused before it was there: hints of one's own conversations come unasked
    if (!subscription.isHeld) this.#send({ type: "subscribe", conversationId: hint.conversationId });
    subscription.isHeld = true;
    for (const listener of subscription.listeners) listener.onHint(hint);
  }

  presence(conversationId: string, users: readonly PresentUser[]): void {
    for (const listener of this.#listenersOf(conversationId)) listener.onPresence(users);
  }

  refuse(conversationId: string): void {
    const subscription = this.#subscriptions.get(conversationId);
    if (subscription?.isHeld !== true) return;
    subscription.isHeld = false;
    subscription.writingAt = 0;
    for (const listener of subscription.listeners) {
      listener.onPresence([]);
      // whoever reads it again learns that it may not be seen any more
      listener.onConnected();
    }
  }

  connected(): void {
    for (const [conversationId, { listeners }] of this.#subscriptions) {
      this.#send({ type: "subscribe", conversationId });
      for (const listener of listeners) listener.onConnected();
    }
  }

  disconnected(): void {
    for (const subscription of this.#subscriptions.values()) {
      subscription.isHeld = false;
      subscription.writingAt = 0;
      for (const listener of subscription.listeners) listener.onPresence([]);
    }
  }

  #listenersOf(conversationId: string): Iterable<LinkListener> {
    return this.#subscriptions.get(conversationId)?.listeners ?? [];
  }
}
