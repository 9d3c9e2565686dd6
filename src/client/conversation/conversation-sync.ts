import { Backoff, pause as realPause, type Pause } from "../requests/backoff.ts";
import type { Client } from "../client.ts";
import {
  dropOutgoing,
  followAnswer,
  leaveLive,
  putOutgoing,
  receiveLive,
  receiveStart,
  receiveWaiting,
  type Change,
} from "./conversation-changes.ts";
import {
  createConversationState,
  isOpen,
  nextCompletion,
  shownPath,
  type AnswerOptions,
  type Connection,
  type ConversationState,
  type OutgoingMessage,
} from "./conversation-state.ts";
import type { ConversationView } from "./conversation-view.ts";
import { readExecutions } from "./executions.ts";
import { Follower } from "../live/follower.ts";
import { createHintReader } from "../live/hint-reader.ts";
import type { LiveLink } from "../live/live-link.ts";
import { streamLink, streamResponse, type LiveStream } from "../live/live-stream.ts";
import { Outbox } from "./outbox.ts";
import { RememberedOutbox } from "./outbox-memory.ts";
import { schedulePaint } from "./paint-clock.ts";
import { readBranch, readConversation, readEarlier } from "../requests/reader.ts";
import { asRequestError, type RequestError } from "../requests/request-error.ts";
import { StateCell } from "./state-cell.ts";
import type { BranchMemory, ConversationStoreOptions } from "./store-options.ts";

/** An answer that has not begun by then may be queued behind one that somebody else asked for. */
const lookAfter = 1_500;

const isInterrupting = ({ edits, options }: OutgoingMessage): boolean =>
  (options.onBusy ?? (edits === null ? "queue" : "interrupt")) === "interrupt";

/** Keeps what this device knows of a conversation in step with the server: reads, sends and follows. */
export class ConversationSync {
  /** What is on its way to the server; laid over what is read meanwhile. */
  readonly optimistic = new Set<Change>();
  readonly conversationId: string;
  readonly #client: Client;
  readonly #branchMemory: BranchMemory | undefined;
  readonly #cell: StateCell;
  readonly #follower: Follower;
  readonly #outbox: Outbox;
  readonly #closed = new AbortController();
  readonly #pause: Pause;
  readonly #link: LiveLink | undefined;
  readonly #remembered: RememberedOutbox | null;
  /** Messages whose answers are to be stopped as soon as they are known. */
  readonly #stopped = new Set<string>();
  #unsubscribe: (() => void) | null = null;
  #reading: Promise<void> = Promise.resolve();
  #begunId: string | null = null;
  #replacedId: string | null = null;

  constructor(client: Client, conversationId: string | undefined, options: ConversationStoreOptions) {
    this.#client = client;
    this.conversationId = conversationId ?? crypto.randomUUID();
    this.#branchMemory = options.branchMemory;
    this.#link = options.live;
    this.#remembered =
      options.outboxMemory === undefined ? null : new RememberedOutbox(options.outboxMemory, this.conversationId);
    this.#pause = options.pause ?? realPause;
    const state = createConversationState(this.conversationId, conversationId === undefined ? "new" : "loading");
    const chosenId = this.#branchMemory?.read(this.conversationId) ?? null;
    this.#cell = new StateCell({ ...state, chosenId }, options.schedulePaint ?? schedulePaint, (current) =>
      this.#absorb(current),
    );
    const shared = { client, conversationId: this.conversationId, pause: this.#pause };
    const onConnection = (connection: Connection): void => this.#setConnection(connection);
    this.#follower = new Follower({
      ...shared,
      link: this.#link,
      next: () => nextCompletion(this.state),
      onConnection,
      onNews: () => this.#cell.touch(),
      onEnd: () => this.#settle(),
      onFailure: (error) => this.update(leaveLive, (current) => ({ ...current, error })),
    });
    this.#outbox = new Outbox({
      ...shared,
      onConnection,
      next: () => this.state.outgoing.find(({ error }) => error === null),
      onAccepted: (message, stream) => this.#accept(message, stream),
      onRefused: (message, error) => void this.#refuse(message, error),
    });
  }

  get state(): ConversationState {
    return this.#cell.state;
  }

  get view(): ConversationView {
    return this.#cell.view;
  }

  subscribe(listener: () => void): () => void {
    return this.#cell.subscribe(listener);
  }

  update(...changes: readonly Change[]): void {
    if (this.#closed.signal.aborted) return;
    this.#cell.update(...changes);
    this.#remembered?.note(this.state.outgoing);
  }

  /** Reads a stored conversation, sends what was not sent, and follows what is answered. */
  begin(): void {
    if (this.state.load === "loading") void this.#load();
  }

  deliver(): void {
    this.#outbox.wake();
  }

  /** Under which message a new one goes: undefined where the server knows best. */
  sendsUnder(): string | undefined {
    return this.state.chosenId === null ? undefined : shownPath(this.state).messages.at(-1)?.id;
  }

  async regenerate(messageId: string, options: AnswerOptions): Promise<void> {
    const { completions } = this.#client;
    const body = { ...options, messageId };
    const { completionId } = await completions.start(this.conversationId, body, {
      idempotencyKey: crypto.randomUUID(),
    });
    if (options.onBusy === "queue" && this.#follower.isBusy) return this.refresh();
    const stream = await this.#openStream(completionId);
    if (stream === null) return this.refresh();
    await stream.readStart();
    this.#follow(stream);
  }

  /** Stops the answer that is shown, or that a message on its way will have; what waits behind it stays. */
  async stop(): Promise<void> {
    const { live, outgoing } = this.state;
    const [asked] = outgoing.filter(({ error }) => error === null);
    if (live !== null && live.ending === null) await this.#client.completions.cancel(live.start.completionId);
    else if (asked !== undefined) this.#stopped.add(asked.id);
    else await this.#client.chat.stop(this.conversationId);
  }

  select(messageId: string): void {
    const { activeLeafId } = this.state;
    this.update((state) => ({ ...state, chosenId: messageId }));
    if (shownPath(this.state).messages.at(-1)?.id === activeLeafId)
      this.update((state) => ({ ...state, chosenId: null }));
    this.#branchMemory?.write(this.conversationId, this.state.chosenId);
  }

  async loadEarlier(): Promise<void> {
    if (this.state.isLoadingEarlier) return;
    this.update((state) => ({ ...state, isLoadingEarlier: true }));
    try {
      const change = await readEarlier(this.#client, this.state);
      if (change !== null) this.update(change);
    } finally {
      this.update((state) => ({ ...state, isLoadingEarlier: false }));
    }
  }

  /** One reading at a time: an older answer must not come after a newer one. */
  refresh(): Promise<void> {
    const next = this.#reading.then(() => this.#read());
    // whoever asked for it hears of its failure
    this.#reading = next.catch(() => undefined);
    return next;
  }

  settled(): Promise<void> {
    return this.#reading;
  }

  setWriting(isWriting: boolean): void {
    this.#link?.setWriting(this.conversationId, isWriting);
  }

  reconnect(): void {
    this.#follower.hurry();
    this.#outbox.hurry();
    this.#follower.wake();
  }

  close(): void {
    this.#closed.abort();
    this.#unsubscribe?.();
    this.#follower.close();
    this.#outbox.close();
    this.#cell.close();
  }

  async #load(): Promise<void> {
    const backoff = new Backoff(this.#pause);
    const putBack = await this.#remembered?.read();
    if (putBack !== undefined) this.update(putBack);
    this.deliver();
    while (!this.#closed.signal.aborted) {
      try {
        await this.refresh();
        this.#setConnection("connected");
        return this.#follower.wake();
      } catch (thrown) {
        const error = asRequestError(thrown);
        if (error.status === 404 && this.state.outgoing.length > 0)
          return this.update((state) => ({ ...state, load: "new" }));
        if (!error.isPassing) return this.update((state) => ({ ...state, load: "failed", error }));
        this.#setConnection("interrupted");
        await backoff.wait();
      }
    }
  }

  async #read(): Promise<void> {
    this.update(await readConversation(this.#client, this.state), ...this.optimistic);
    const { chosenId, activeLeafId, tree } = this.state;
    if (chosenId !== null && !tree.messages.has(chosenId)) await this.#readChosen(chosenId);
    else if (activeLeafId !== null && !tree.messages.has(activeLeafId))
      this.update(await readBranch(this.#client, this.conversationId, activeLeafId));
    this.#listen();
    this.#reconsider();
    await readExecutions(this.#client, this);
  }

  /** Hears of changes as soon as the conversation is known to be there. */
  #listen(): void {
    if (this.#link === undefined || this.#unsubscribe !== null || this.#closed.signal.aborted) return;
    this.#unsubscribe = this.#link.subscribe(this.conversationId, {
      onHint: createHintReader(this.#client, this),
      onPresence: (presence) => this.update((state) => ({ ...state, presence })),
      onConnected: () => this.#lookAgain(),
    });
  }

  async #openStream(completionId: string): Promise<LiveStream | null> {
    if (this.#link?.isConnected === true) return streamLink(this.#link, completionId);
    const response = await this.#client.completions.watch(completionId);
    return response === null ? null : streamResponse(response);
  }

  async #readChosen(chosenId: string): Promise<void> {
    try {
      this.update(await readBranch(this.#client, this.conversationId, chosenId));
    } catch (thrown) {
      const error = asRequestError(thrown);
      if (error.status !== 404) throw error;
      this.update((state) => ({ ...state, chosenId: null }));
    }
  }

  /** Follows what runs, if that is not what is followed. */
  #reconsider(): void {
    const { live, tree, waiting } = this.state;
    const open = [...tree.messages.values()].filter(isOpen);
    const active = open.find(
      ({ completion, completionId }) => completion?.status !== "queued" && completionId !== this.#replacedId,
    )?.completionId;
    const isBehind = live !== null && live.ending === null && !live.hasBegun;
    if (isBehind && active != null && active !== live.start.completionId) this.#follower.restart();
    else if (open.length + waiting.length > 0 && !this.#follower.isBusy) this.#follower.wake();
  }

  /** What a completion that ended has changed. */
  async #settle(): Promise<void> {
    this.#replacedId = null;
    await this.refresh();
  }

  #setConnection(connection: Connection): void {
    if (this.state.connection !== connection) this.update((state) => ({ ...state, connection }));
  }

  #absorb(state: ConversationState): ConversationState {
    const live = this.#follower.live?.snapshot() ?? null;
    if (live === null) return state.live !== null && state.live.ending === null ? leaveLive(state) : state;
    if (live === state.live) return state;
    const { completionId } = live.start;
    const isNew = completionId !== state.live?.start.completionId;
    if (live.hasBegun && completionId !== this.#begunId) {
      this.#begunId = completionId;
      this.#lookAgain();
    }
    const followed = isNew ? { ...leaveLive(state), liveSince: Date.now() } : state;
    return receiveLive(live)(receiveStart(live)(followed));
  }

  /** A failure shows when the answer has ended, and everything is read again. */
  #lookAgain(): void {
    if (!this.#closed.signal.aborted) this.refresh().catch(() => undefined);
  }

  #accept(message: OutgoingMessage, stream: LiveStream): void {
    const live = stream.live.snapshot();
    if (live === null) return;
    if (this.#stopped.delete(message.id)) this.#cancel(live.start.completionId);
    if (this.#follower.isBusy && !isInterrupting(message)) {
      stream.leave();
      this.update(receiveWaiting(live, message), dropOutgoing(message.id));
      return this.#lookAgain();
    }
    const leaf = shownPath(this.state).messages.at(-1)?.id ?? null;
    this.#follow(stream, { ...message, parentId: message.parentId === undefined ? leaf : message.parentId });
  }

  /** A message whose id is taken may be stored already, longer ago than its key is known. */
  async #refuse(message: OutgoingMessage, error: RequestError): Promise<void> {
    this.#stopped.delete(message.id);
    this.update(putOutgoing({ ...message, error }));
    if (error.code !== "id_taken") return;
    try {
      await this.#client.messages.get(this.conversationId, message.id);
      this.update(dropOutgoing(message.id));
      await this.refresh();
    } catch {
      // it is not: the refusal stays as it is shown
    }
  }

  /** One that could not be stopped is shown as what runs, to be stopped again. */
  #cancel(completionId: string): void {
    this.#client.completions.cancel(completionId).catch(() => this.#lookAgain());
  }

  #follow(stream: LiveStream, asked?: OutgoingMessage): void {
    const live = stream.live.snapshot();
    if (live === null) return;
    this.#replacedId = this.#follower.live?.snapshot()?.start.completionId ?? null;
    const drop: Change = asked === undefined ? (state) => state : dropOutgoing(asked.id);
    this.#follower.adopt(stream);
    this.update(receiveStart(live, asked), followAnswer(live), drop);
    this.#branchMemory?.write(this.conversationId, null);
    void this.#lookLater(live.start.completionId);
  }

  async #lookLater(completionId: string): Promise<void> {
    await this.#pause(lookAfter, this.#closed.signal);
    const { live } = this.state;
    if (live?.start.completionId === completionId && !live.hasBegun) this.#lookAgain();
  }
}
