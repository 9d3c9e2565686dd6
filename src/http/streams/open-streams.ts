import type { EventStream } from "./event-stream.ts";
import { countViewers, type Viewers } from "../metrics.ts";

const pingMs = 15_000;
const ping = Buffer.from(": ping\n\n");

/** All streams that are open on this node: one timer pings them, one call closes them. */
export interface OpenStreams {
  add(stream: EventStream): void;
  viewers(): Viewers;
  /** Tells every viewer when to come back (to another node), and ends the answer without `[DONE]`: also those still to come. */
  closeAll(): void;
}

/** When a viewer should come back; spread, so that they don't come all at once. */
export const retryEvent = (): string => `retry: ${500 + Math.floor(Math.random() * 2_000)}\n\n`;

export const createOpenStreams = (): OpenStreams => {
  const streams = new Set<EventStream>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const remove = (stream: EventStream): void => {
    streams.delete(stream);
    if (streams.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  const close = (stream: EventStream): void => {
    stream.write(retryEvent());
    stream.end();
  };
  return {
    add(stream) {
      if (stream.signal.aborted) return;
      if (isClosed) return close(stream);
      streams.add(stream);
      stream.signal.addEventListener("abort", () => remove(stream), { once: true });
      timer ??= setInterval(() => {
        for (const open of streams) open.write(ping);
      }, pingMs).unref();
    },
    viewers: () => countViewers("sse", streams),
    closeAll() {
      isClosed = true;
      for (const stream of streams) close(stream);
    },
  };
};
