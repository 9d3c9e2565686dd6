import type { LiveRequest } from "../../protocol/live.ts";
import { createEventParser, type ServerEvent } from "../requests/event-parser.ts";
import type { LiveLink } from "./live-link.ts";
import { RequestError } from "../requests/request-error.ts";

type Batch = readonly ServerEvent[];

/** One reader of a completion: what it has not read yet, and how it ends. */
class Watcher {
  #batches: Batch[] = [];
  #end: { readonly error: Error | null } | null = null;
  #wake = (): void => {};

  push(batch: Batch): void {
    if (this.#end === null) this.#batches.push(batch);
    this.#wake();
  }

  /** After what was pushed; with an error it is thrown then. */
  end(error: Error | null = null): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** Without what was pushed and not read yet. */
  leave(): void {
    this.#batches = [];
    this.end();
  }

  /** Null at the end. */
  async next(): Promise<Batch | null> {
    for (;;) {
      const batch = this.#batches.shift();
      if (batch !== undefined) return batch;
      if (this.#end !== null && this.#end.error !== null) throw this.#end.error;
      if (this.#end !== null) return null;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

const unreachable = (): RequestError =>
  new RequestError("unreachable", "The connection broke, or is not there yet.", { status: null });

interface Channel {
  readonly watchers: Set<Watcher>;
  /** Id of the last event; undefined before the first. */
  last: string | undefined;
}

/**
 * The completions that are watched over one connection. The server acknowledges each `watch` before it answers it: frames
 * that come before belong to an earlier one and are left out.
 */
export class LiveWatches {
  /** False: it could not be sent, there is no connection. */
  readonly #send: (request: LiveRequest) => boolean;
  readonly #channels = new Map<string, Channel>();
  readonly #unacknowledged = new Map<string, number>();

  constructor(send: (request: LiveRequest) => boolean) {
    this.#send = send;
  }

  async *watch(
    completionId: string,
    { lastEventId, signal }: Parameters<LiveLink["watch"]>[1],
  ): ReturnType<LiveLink["watch"]> {
    if (signal.aborted) return;
    const watcher = new Watcher();
    const leave = (): void => watcher.leave();
    signal.addEventListener("abort", leave, { once: true });
    this.#join(completionId, watcher, lastEventId);
    try {
      for (let batch = await watcher.next(); batch !== null; batch = await watcher.next()) yield batch;
    } finally {
      signal.removeEventListener("abort", leave);
      this.#leave(completionId, watcher);
    }
  }

  /** The server says that what follows answers the last `watch`. */
  acknowledge(completionId: string): void {
    const left = (this.#unacknowledged.get(completionId) ?? 0) - 1;
    if (left > 0) this.#unacknowledged.set(completionId, left);
    else this.#unacknowledged.delete(completionId);
  }

  /** Takes whole events. */
  take(completionId: string, frames: string): void {
    const channel = this.#channels.get(completionId);
    if (channel === undefined || this.#unacknowledged.has(completionId)) return;
    const events = createEventParser()(frames);
    channel.last = events.findLast(({ id }) => id !== undefined)?.id ?? channel.last;
    for (const watcher of channel.watchers) watcher.push(events);
    if (events.some(({ data, retry }) => data === "[DONE]" || retry !== undefined)) this.#end(completionId, null);
  }

  refuse(completionId: string, error: RequestError): void {
    this.acknowledge(completionId);
    if (!this.#unacknowledged.has(completionId)) this.#end(completionId, error);
  }

  /** The connection is gone. */
  breakOff(): void {
    this.#unacknowledged.clear();
    for (const completionId of this.#channels.keys()) this.#end(completionId, unreachable());
  }

  #join(completionId: string, watcher: Watcher, lastEventId: string | undefined): void {
    const channel = this.#channels.get(completionId);
    if (channel === undefined) {
      this.#channels.set(completionId, { watchers: new Set([watcher]), last: lastEventId });
      return this.#ask(completionId, lastEventId);
    }
    channel.watchers.add(watcher);
    if (channel.last === lastEventId) return;
    // one stream for all: it starts over, and each reader leaves out what it had
    channel.last = undefined;
    this.#ask(completionId, undefined);
  }

  #ask(completionId: string, lastEventId: string | undefined): void {
    this.#unacknowledged.set(completionId, (this.#unacknowledged.get(completionId) ?? 0) + 1);
    if (!this.#send({ type: "watch", completionId, lastEventId })) this.breakOff();
  }

  #leave(completionId: string, watcher: Watcher): void {
    const channel = this.#channels.get(completionId);
    if (channel?.watchers.delete(watcher) !== true || channel.watchers.size > 0) return;
    this.#channels.delete(completionId);
    this.#send({ type: "unwatch", completionId });
  }

  #end(completionId: string, error: Error | null): void {
    const channel = this.#channels.get(completionId);
    this.#channels.delete(completionId);
    for (const watcher of channel?.watchers ?? []) watcher.end(error);
  }
}
