import { permitOf } from "../../auth/authorize.ts";
import { getCompletion } from "../../completions/read.ts";
import { getConversation } from "../../conversations/read.ts";
import { NatterError } from "../../foundation/errors.ts";
import { notFound } from "../../protocol/people/access.ts";
import type { HintSignal } from "../../protocol/hint.ts";
import type { LiveAnswer } from "../../protocol/live.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { Conversation } from "../../protocol/resources.ts";
import type { EventStream } from "../streams/event-stream.ts";
import type { SeenPosition } from "../streams/last-event-id.ts";
import { detailOf } from "../problem.ts";
import { findShowing, show } from "../streams/view.ts";
import type { LiveDependencies } from "./dependencies.ts";
import { hintOf, mayRead } from "./hint-hub.ts";
import type { Seat } from "./presence-hub.ts";
import type { Socket } from "./socket.ts";
import { openSocketStream } from "./socket-stream.ts";

const placesAtMost = 64;
const watchesAtMost = 16;
/** History at a time: all watches of a socket together must not make it look slow. */
const pageBytes = 32_768;

/** What a socket looks at in one conversation. */
interface Place {
  isSubscribed: boolean;
  seat: Seat | null;
  readonly watches: Map<string, EventStream>;
  readonly stopListening: () => void;
}

type Refusal = Extract<LiveAnswer, { type: "refused" }>;

export interface AttentionOptions {
  readonly dependencies: LiveDependencies;
  readonly socket: Socket;
  readonly tell: (answer: LiveAnswer) => void;
}

/** What one socket subscribes to and watches; it ends where the person may not look any more. */
export class Attention {
  readonly #options: AttentionOptions;
  readonly #places = new Map<string, Place>();
  readonly #watches = new Map<string, EventStream>();

  constructor(options: AttentionOptions) {
    this.#options = options;
    options.socket.signal.addEventListener("abort", () => this.end(), { once: true });
  }

  /** Hints and presence of a conversation from now on, and its version. @throws NatterError */
  async subscribe(principal: Principal, conversationId: string): Promise<void> {
    const { context } = this.#options.dependencies;
    // before the conversation is read: what changes in between is told as well
    const place = this.#placeOf(principal, conversationId);
    try {
      const { hints } = this.#options.dependencies;
      await hints.ready();
      const permit = permitOf(principal, "read");
      const conversation = await getConversation(context.database, principal, conversationId, permit);
      if (this.#places.get(conversationId) !== place) throw notFound("conversation");
      place.isSubscribed = true;
      this.#options.tell({
        type: "hint",
        kind: "conversation",
        id: conversationId,
        conversationId,
        version: conversation.version,
      });
      this.#takeSeat(place, principal, conversationId, conversation.visibility);
    } finally {
      this.#tidy(conversationId);
    }
  }

  unsubscribe(conversationId: string): void {
    const place = this.#places.get(conversationId);
    if (place === undefined) return;
    place.isSubscribed = false;
    place.seat?.leave();
    place.seat = null;
    this.#tidy(conversationId);
  }

  /** Only where it is subscribed, and somebody else could see it. @throws NatterError `conflict` */
  setWriting(conversationId: string, isWriting: boolean): void {
    const place = this.#places.get(conversationId);
    if (place?.isSubscribed !== true) throw new NatterError("conflict", "Subscribe to this conversation first.");
    place.seat?.setWriting(isWriting);
  }

  /** The chunks of a completion after what was seen; instead of an earlier watch of it. @throws NatterError */
  async watch(principal: Principal, completionId: string, seen: SeenPosition | null): Promise<void> {
    const { dependencies, socket, tell } = this.#options;
    this.unwatch(completionId);
    if (this.#watches.size >= watchesAtMost)
      throw new NatterError("rate_limited", `A connection can watch ${watchesAtMost} completions at once.`);
    const { database } = dependencies.context;
    const { conversationId } = await getCompletion(database, principal, completionId, permitOf(principal, "read"));
    const showing = await findShowing(
      dependencies,
      { workspaceId: principal.workspaceId, completionId, conversationId },
      seen,
    );
    if (socket.signal.aborted) return;
    const place = this.#placeOf(principal, conversationId);
    const stream = openSocketStream(socket, completionId);
    place.watches.set(completionId, stream);
    this.#watches.set(completionId, stream);
    stream.signal.addEventListener("abort", () => this.#forget(conversationId, completionId, stream), { once: true });
    tell({ type: "watching", completionId });
    show(dependencies, stream, showing, pageBytes);
  }

  unwatch(completionId: string): void {
    this.#watches.get(completionId)?.end();
  }

  end(): void {
    for (const place of this.#places.values()) this.#leave(place);
    this.#places.clear();
  }

  #placeOf(principal: Principal, conversationId: string): Place {
    const known = this.#places.get(conversationId);
    if (known !== undefined) return known;
    if (this.#places.size >= placesAtMost)
      throw new NatterError("rate_limited", `A connection can look at ${placesAtMost} conversations at once.`);
    const { hints } = this.#options.dependencies;
    const place: Place = {
      isSubscribed: false,
      seat: null,
      watches: new Map(),
      stopListening: hints.ofConversation(principal, conversationId, (signal) => this.#hear(place, principal, signal)),
    };
    this.#places.set(conversationId, place);
    return place;
  }

  #hear(place: Place, principal: Principal, signal: HintSignal): void {
    const { conversationId, visibility, ownerId } = signal;
    if (!mayRead(principal, signal)) return this.#refuse(place, conversationId);
    if (!place.isSubscribed) return;
    // the owner hears of it as the owner
    if (ownerId !== principal.userId) this.#options.tell({ type: "hint", ...hintOf(signal) });
    this.#takeSeat(place, principal, conversationId, visibility);
  }

  #takeSeat(place: Place, principal: Principal, id: string, visibility: Conversation["visibility"]): void {
    const isShared = visibility === "workspace";
    if (isShared === (place.seat !== null)) return;
    const { presence } = this.#options.dependencies;
    place.seat?.leave();
    place.seat = isShared
      ? presence.sit(principal, id, (users) => this.#options.tell({ type: "presence", conversationId: id, users }))
      : null;
  }

  #refuse(place: Place, conversationId: string): void {
    const missing = notFound("conversation");
    const refused: Refusal = { type: "refused", code: missing.code, message: detailOf(missing) };
    this.#places.delete(conversationId);
    if (place.isSubscribed) this.#options.tell({ ...refused, conversationId });
    for (const completionId of place.watches.keys()) this.#options.tell({ ...refused, completionId });
    this.#leave(place);
  }

  #leave(place: Place): void {
    place.stopListening();
    place.seat?.leave();
    place.seat = null;
    for (const stream of place.watches.values()) stream.end();
  }

  #forget(conversationId: string, completionId: string, stream: EventStream): void {
    if (this.#watches.get(completionId) === stream) this.#watches.delete(completionId);
    const place = this.#places.get(conversationId);
    if (place?.watches.get(completionId) === stream) place.watches.delete(completionId);
    this.#tidy(conversationId);
  }

  #tidy(conversationId: string): void {
    const place = this.#places.get(conversationId);
    if (place === undefined || place.isSubscribed || place.watches.size > 0) return;
    this.#places.delete(conversationId);
    place.stopListening();
  }
}
