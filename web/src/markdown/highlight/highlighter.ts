import type { HighlightReply, HighlightRequest } from "./highlight-protocol.ts";

type Listener = (reply: HighlightReply) => void;

const listeners = new Map<number, Listener>();
let worker: Worker | null = null;
let nextId = 1;

const start = (): Worker => {
  const started = new Worker(new URL("./highlight-worker.ts", import.meta.url), { type: "module" });
  started.addEventListener("message", ({ data }: MessageEvent<HighlightReply>) => listeners.get(data.id)?.(data));
  return started;
};

/** One block of code for the worker that colours all of them. */
export type HighlightChannel = Readonly<{
  send: (request: Omit<HighlightRequest, "id">) => void;
  close: () => void;
}>;

/** Opens a block; `listener` gets the replies to what is sent, in the order it was sent. */
export const openHighlight = (listener: Listener): HighlightChannel => {
  const id = nextId;
  nextId += 1;
  listeners.set(id, listener);
  worker ??= start();
  const to = worker;
  return {
    send: (request) => to.postMessage({ id, ...request }),
    close: () => listeners.delete(id),
  };
};
