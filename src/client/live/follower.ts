import { Backoff, type Pause } from "../requests/backoff.ts";
import type { Client } from "../client.ts";
import type { Connection } from "../conversation/conversation-state.ts";
import type { LiveLink } from "./live-link.ts";
import { LiveMessage } from "./live-message.ts";
import { streamLink, streamResponse, type LiveStream } from "./live-stream.ts";
import { asRequestError, type RequestError } from "../requests/request-error.ts";

export interface FollowerOptions {
  readonly client: Client;
  readonly conversationId: string;
  readonly pause: Pause;
  /** The connection that the page shares, if it has one. */
  readonly link: LiveLink | undefined;
  /** The completion that is answered now, or first, as far as is known. */
  readonly next: () => string | undefined;
  /** Something was heard of `live`. */
  readonly onNews: () => void;
  /** Reads again what the ending changed; called after each completion. */
  readonly onEnd: () => Promise<void>;
  readonly onConnection: (connection: Connection) => void;
  /** It is no use to go on. */
  readonly onFailure: (error: RequestError) => void;
}

/**
 * Follows whatever its conversation is answering, one completion after another, through broken connections and servers
 * that go and come back, until nothing runs or waits any more.
 */
export class Follower {
  readonly #options: FollowerOptions;
  readonly #backoff: Backoff;
  #live: LiveMessage | null = null;
  #adopted: LiveStream | null = null;
  #stream: LiveStream | null = null;
  #isRunning = false;
  #isAsked = false;
  #owesEnd = false;
  #isClosed = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.pause);
  }

  /** What is being followed. */
  get live(): LiveMessage | null {
    return this.#live;
  }

  /** Whether an answer is being followed that has not ended. */
  get isBusy(): boolean {
    return this.#live !== null && !this.#live.isOver;
  }

  /** Follows this stream from now on, whatever it followed before. */
  adopt(stream: LiveStream): void {
    this.#leave();
    this.#adopted?.leave();
    this.#live = stream.live;
    // a page has few connections for requests, and one link for all its tabs' conversations
    if (this.#options.link?.isConnected === true) stream.leave();
    this.#adopted = this.#options.link?.isConnected === true ? null : stream;
    this.hurry();
    this.wake();
  }

  /** Looks whether there is something to follow. */
  wake(): void {
    this.#isAsked = true;
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    void this.#run();
  }

  /** Lets go of what it follows and looks again what to follow. */
  restart(): void {
    this.#live = null;
    this.#leave();
    this.wake();
  }

  /** Tries again now if it was waiting to. */
  hurry(): void {
    this.#backoff.hurry();
  }

  close(): void {
    this.#isClosed = true;
    this.#leave();
    this.hurry();
  }

  #leave(): void {
    this.#stream?.leave();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        if (!(await this.#followOne())) break;
      } catch (thrown) {
        const error = asRequestError(thrown);
        if (this.#isClosed) break;
        if (!error.isPassing) {
          this.#live = null;
          this.#options.onFailure(error);
          break;
        }
        this.#options.onConnection("interrupted");
        await this.#backoff.wait(this.#askedToWait(error));
      }
    }
    this.#isRunning = false;
  }

  #askedToWait(error: RequestError): number | undefined {
    if (error.retryAfter !== undefined) return error.retryAfter * 1_000;
    const retry = this.#stream?.retry;
    this.#stream = null;
    return retry;
  }

  /** Follows until a stream ends; false: there is nothing to follow. */
  async #followOne(): Promise<boolean> {
    if (this.#owesEnd) await this.#end();
    const stream = this.#takeAdopted() ?? (await this.#open());
    if (this.#adopted !== null) {
      stream?.leave();
      return true;
    }
    this.#options.onConnection("connected");
    this.#backoff.reset();
    if (stream === null) {
      // seen to its end by what was read before
      if (this.#live !== null) await this.#end();
      return this.#isAsked || this.#adopted !== null;
    }
    await this.#read(stream);
    if (this.#live === null || this.#live !== stream.live) return true;
    if (!stream.isDone && !stream.live.isOver) throw new Error("the stream ended before the answer did");
    await this.#end();
    return true;
  }

  #takeAdopted(): LiveStream | null {
    const adopted = this.#adopted;
    this.#adopted = null;
    return adopted;
  }

  async #open(): Promise<LiveStream | null> {
    const { client, conversationId, link, next } = this.#options;
    this.#isAsked = false;
    const completionId = this.#live?.snapshot()?.start.completionId;
    const lastEventId = this.#live?.lastEventId;
    if (link?.isConnected === true) {
      const id = completionId ?? next();
      return id === undefined ? null : streamLink(link, id, this.#live ?? new LiveMessage());
    }
    const response =
      completionId === undefined
        ? await client.chat.watch(conversationId)
        : await client.completions.watch(completionId, { lastEventId });
    return response === null ? null : streamResponse(response, this.#live ?? new LiveMessage());
  }

  async #read(stream: LiveStream): Promise<void> {
    this.#stream = stream;
    this.#live = stream.live;
    this.#options.onNews();
    while (await stream.read()) {
      if (this.#live !== stream.live || this.#isClosed) break;
      this.#options.onNews();
    }
    stream.leave();
    if (this.#live === stream.live) this.#options.onNews();
  }

  async #end(): Promise<void> {
    this.#owesEnd = true;
    const ended = this.#live;
    await this.#options.onEnd();
    if (this.#live === ended) this.#live = null;
    this.#owesEnd = false;
    this.#options.onNews();
    this.#isAsked = true;
  }
}
