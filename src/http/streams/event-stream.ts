import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Arrival } from "../request/call.ts";

/** An answer in the making, as server-sent events. */
export interface EventStream {
  write(bytes: Uint8Array | string): void;
  /** Bytes that the viewer has not taken yet. */
  backlog(): number;
  /** Resolves when more may be written: at once unless the buffer is full, and also when it is over. */
  drained(): Promise<void>;
  /** Ends it in order. */
  end(): void;
  /** Cuts it off: what was not taken is dropped. */
  destroy(): void;
  /** Aborted as soon as it is over, whoever ended it. */
  readonly signal: AbortSignal;
}

export interface OpenedStream {
  readonly response: Response;
  /** Null for HEAD: there is nothing to send. */
  readonly stream: EventStream | null;
}

type HeaderMap = Readonly<Record<string, string>>;

const eventHeaders = (requestId: string, more: HeaderMap): Record<string, string> => ({
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
  "x-request-id": requestId,
  ...more,
});

/** Says that the events are chunks of a message (AI SDK 7). */
const messageStreamHeader: HeaderMap = { "x-vercel-ai-ui-message-stream": "v1" };

const openOnNode = (incoming: IncomingMessage, outgoing: ServerResponse, headers: HeaderMap): EventStream => {
  const over = new AbortController();
  outgoing.on("close", () => over.abort());
  // a viewer that resets the connection is no error of ours; "close" follows
  outgoing.on("error", () => over.abort());
  outgoing.writeHead(200, headers);
  if (incoming.socket.destroyed) over.abort();
  return {
    write: (bytes) => void (outgoing.writableEnded || outgoing.write(bytes)),
    backlog: () => outgoing.writableLength,
    drained: () =>
      outgoing.writableNeedDrain && !over.signal.aborted
        ? new Promise((resolve) => {
            const go = (): void => {
              outgoing.off("drain", go).off("close", go);
              resolve();
            };
            outgoing.on("drain", go).on("close", go);
          })
        : Promise.resolve(),
    end: () => void outgoing.end(),
    destroy: () => void outgoing.destroy(),
    signal: over.signal,
  };
};

const openOnWeb = (headers: HeaderMap): OpenedStream & { readonly stream: EventStream } => {
  const over = new AbortController();
  const encoder = new TextEncoder();
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let wake = (): void => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(started) {
        controller = started;
      },
      pull: () => wake(),
      cancel: () => over.abort(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  const close = (finish: (open: ReadableStreamDefaultController<Uint8Array>) => void): void => {
    if (over.signal.aborted || controller === undefined) return;
    finish(controller);
    over.abort();
  };
  over.signal.addEventListener("abort", () => wake(), { once: true });
  const stream: EventStream = {
    write(bytes) {
      if (!over.signal.aborted) controller?.enqueue(typeof bytes === "string" ? encoder.encode(bytes) : bytes);
    },
    backlog: () => -(controller?.desiredSize ?? 0),
    drained: () =>
      (controller?.desiredSize ?? 0) < 0 && !over.signal.aborted
        ? new Promise((resolve) => {
            wake = resolve;
          })
        : Promise.resolve(),
    end: () => close((open) => open.close()),
    destroy: () => close((open) => open.error(new Error("the viewer was too slow"))),
    signal: over.signal,
  };
  return { stream, response: new Response(body, { status: 200, headers }) };
};

/** A copy is always Node's own `Response`. Where an application has begun to serve with this adapter before, the original is one of the adapter's, which is then sent once more. */
const alreadySent = RESPONSE_ALREADY_SENT.clone();

/** Begins an answer of status 200: on Node written straight to the socket's response, elsewhere a `ReadableStream`. Unless told otherwise its events are chunks of a message. */
export const openEventStream = (
  { request, bindings, requestId, admitted }: Arrival,
  more: HeaderMap = messageStreamHeader,
): OpenedStream => {
  const headers = eventHeaders(requestId, more);
  if (request.method === "HEAD") return { stream: null, response: new Response(null, { status: 200, headers }) };
  const { incoming, outgoing } = bindings;
  const isOnNode = incoming !== undefined && outgoing !== undefined;
  const opened = isOnNode
    ? { stream: openOnNode(incoming, outgoing, headers), response: alreadySent }
    : openOnWeb(headers);
  admitted?.streams(opened.stream);
  return opened;
};
