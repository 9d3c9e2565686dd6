import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Chunk, StartMetadata } from "../../src/protocol/message/chunk.ts";
import { parsePosition } from "../../src/protocol/message/frames.ts";
import { countTokens } from "./answer-plan.ts";
import { type RequestOptions, sendRequest } from "./request.ts";
import { createSseReader, type ServerEvent } from "./sse-reader.ts";

/** A chunk as a viewer got it; without a position when it was `start`, told before there was a log. */
export interface SeenChunk {
  readonly epoch: string | null;
  readonly position: number;
  readonly chunk: Chunk;
}

export interface ViewerOptions {
  /** The server that the next connection goes to. */
  readonly url: () => string;
  readonly token: string;
  /** The message that it sends; absent: it watches `completionId`. */
  readonly send?: { readonly body: object; readonly key: string };
  readonly completionId?: () => string;
  /** Bytes of a connection after which the viewer cuts it. */
  readonly cutAfter?: () => number;
  /** Milliseconds until it comes back. */
  readonly pause?: () => number;
  /** Milliseconds without a byte after which it takes a connection for dead. */
  readonly patience?: number;
}

type Connected = "over" | "again";

/** A client that remembers ids: it comes back after whatever happens to its connection, until it has seen the end. */
export class Viewer {
  /** What it has seen since the last `start`. */
  seen: SeenChunk[] = [];
  start: StartMetadata | null = null;
  /** Connections that it cut. */
  cuts = 0;
  /** Connections that ended before `[DONE]` without its doing. */
  losses = 0;
  /** Times that it was told when to come back. */
  retries = 0;
  /** Times that it had an id and was told everything from `start` all the same. */
  replays = 0;
  /** When the log was last heard from; null it to learn of the next time. */
  heardAt: number | null = null;
  /** Tokens of text in the last connection. */
  tokens = 0;
  isOver = false;
  readonly #options: ViewerOptions;
  readonly #left = new AbortController();
  #lastId: string | null = null;

  constructor(options: ViewerOptions) {
    this.#options = options;
  }

  get completionId(): string | null {
    return this.#options.completionId?.() ?? this.start?.completionId ?? null;
  }

  get chunks(): Chunk[] {
    return this.seen.map(({ chunk }) => chunk);
  }

  /** Resolves when the end was seen, or it was told to leave. Rejects when a server refuses it. */
  async run(): Promise<void> {
    while (!this.#left.signal.aborted) {
      this.tokens = 0;
      if ((await this.#connect()) === "over") {
        this.isOver = true;
        return;
      }
      await sleep(this.#options.pause?.() ?? 20);
    }
  }

  leave(): void {
    this.#left.abort();
  }

  #request(): { path: string; options: RequestOptions } {
    const { send, token } = this.#options;
    if (this.completionId === null && send !== undefined)
      return { path: "/v1/chat", options: { token, body: send.body, headers: { "idempotency-key": send.key } } };
    const headers = this.#lastId === null ? {} : { "last-event-id": this.#lastId };
    return { path: `/v1/completions/${this.completionId}/events`, options: { token, headers } };
  }

  #connect(): Promise<Connected> {
    const { path, options } = this.#request();
    const request = sendRequest(`${this.#options.url()}${path}`, options);
    const { promise, resolve, reject } = Promise.withResolvers<Connected>();
    const close = (): void => void request.destroy();
    const impatience = setTimeout(close, this.#options.patience ?? 2_147_483_647);
    this.#left.signal.addEventListener("abort", close);
    request.once("error", () => resolve("again"));
    request.once("close", () => resolve("again"));
    request.once("response", (response) => {
      const { statusCode = 0 } = response;
      if (statusCode === 200) return void this.#read(response, impatience).then(resolve).finally(close);
      if (statusCode === 204) resolve("over");
      else if (statusCode >= 500) resolve("again");
      else reject(new Error(`${path} was answered with ${statusCode}`));
      close();
    });
    return promise.finally(() => {
      clearTimeout(impatience);
      this.#left.signal.removeEventListener("abort", close);
    });
  }

  async #read(response: IncomingMessage, impatience: NodeJS.Timeout): Promise<Connected> {
    const read = createSseReader();
    const limit = this.#options.cutAfter?.() ?? Number.POSITIVE_INFINITY;
    let bytes = 0;
    try {
      for await (const piece of response) {
        impatience.refresh();
        for (const event of read(piece.subarray(0, limit - bytes))) if (this.#hear(event)) return "over";
        bytes += piece.length;
        if (bytes >= limit) {
          this.cuts += 1;
          return "again";
        }
      }
    } catch {
      // the connection broke: it comes back, as after any other end that was not announced
    }
    this.losses += 1;
    return "again";
  }

  /** True when it was the last. */
  #hear({ id, data, retry }: ServerEvent): boolean {
    if (retry !== undefined) this.retries += 1;
    if (data === undefined) return false;
    if (data === "[DONE]") return true;
    const chunk = JSON.parse(data) as Chunk;
    const at = id === undefined ? null : parsePosition(id);
    if (chunk.type === "start") {
      if (this.#lastId !== null) this.replays += 1;
      this.seen = [];
      this.start = chunk.messageMetadata as StartMetadata;
    }
    this.seen.push({ epoch: at?.epoch ?? null, position: at?.position ?? 1, chunk });
    if (id !== undefined) {
      this.#lastId = id;
      this.heardAt ??= performance.now();
    }
    if (chunk.type === "text-delta") this.tokens += countTokens(chunk.delta);
    return false;
  }
}
