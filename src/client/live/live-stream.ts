import type { ServerEvent } from "../requests/event-parser.ts";
import type { LiveLink } from "./live-link.ts";
import { LiveMessage } from "./live-message.ts";
import { readEvents } from "../requests/read-events.ts";
import { asRequestError, RequestError } from "../requests/request-error.ts";

type Events = AsyncGenerator<readonly ServerEvent[], void, undefined>;

const broken = (message: string): RequestError => new RequestError("unreachable", message, { status: null });

/** A completion's stream and what was read of it. */
export class LiveStream {
  readonly live: LiveMessage;
  /** Milliseconds after which the server wants us to come back. */
  retry: number | undefined;
  /** The server has said everything. */
  isDone = false;
  readonly #events: Events;
  readonly #left = new AbortController();

  constructor(open: (signal: AbortSignal) => Events, live = new LiveMessage()) {
    this.live = live;
    this.#events = open(this.#left.signal);
  }

  /** Takes the next batch; false: nothing more comes. @throws RequestError when the connection breaks */
  async read(): Promise<boolean> {
    try {
      const { done, value } = await this.#events.next();
      if (done === true) return false;
      for (const event of value) this.#take(event);
      return !this.isDone;
    } catch (thrown) {
      throw asRequestError(thrown);
    }
  }

  /** Reads until the start was heard. @throws RequestError when it broke before */
  async readStart(): Promise<void> {
    while (this.live.snapshot() === null) {
      if (!(await this.read()) && this.live.snapshot() === null)
        throw broken("The connection broke before the answer began.");
    }
  }

  /** Closes the connection; a stored conversation's completion goes on. */
  leave(): void {
    this.#left.abort();
  }

  #take({ id, data, retry }: ServerEvent): void {
    if (retry !== undefined) this.retry = retry;
    if (data === "[DONE]") this.isDone = true;
    else if (data !== undefined) this.live.take({ ...(id === undefined ? {} : { id }), chunk: JSON.parse(data) });
  }
}

/** The stream of a response. @throws RequestError when it has none */
export const streamResponse = ({ body }: Response, live?: LiveMessage): LiveStream => {
  if (body === null) throw broken("The stream has no body.");
  return new LiveStream((signal) => readEvents(body, { signal }), live);
};

/** The stream of a completion over the connection that the page shares, after what was read of it. */
export const streamLink = (link: LiveLink, completionId: string, live?: LiveMessage): LiveStream =>
  new LiveStream((signal) => link.watch(completionId, { lastEventId: live?.lastEventId, signal }), live);
