import type { IncomingMessage } from "node:http";
import { asNatterError, NatterError } from "../../foundation/errors.ts";
import type { Arrival } from "./call.ts";

export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** A body that arrives at least this fast may take longer than `timeoutMs`. Absent: none may. */
  readonly bytesPerSecond?: number;
}

/** Gets the pieces of a body in their order; what it throws or rejects with ends the reading, which waits for its promise. */
export type TakePiece = (piece: Uint8Array) => void | Promise<void>;

const tooLarge = (limits: BodyLimits): NatterError =>
  new NatterError("too_large", `The body may hold at most ${limits.maxBytes.toLocaleString("en")} bytes.`);
const tooSlow = (): NatterError =>
  new NatterError("request_timeout", "The body took too long to arrive; send it again.");
const cutOff = (cause?: unknown): NatterError =>
  new NatterError("invalid_request", "The body ended before it was complete.", { cause });

/** What a host's body parser left where it has consumed the stream; undefined when the stream is still to be read. */
const parsedByHost = (incoming: IncomingMessage): Buffer | undefined => {
  if (!incoming.readableDidRead) return undefined;
  const body: unknown = "body" in incoming ? incoming.body : undefined;
  if (body === undefined) return undefined;
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
};

/** Calls `late` once the body has taken too long. */
const createDeadline = ({ timeoutMs, bytesPerSecond = Infinity }: BodyLimits, late: () => void) => {
  let until = performance.now() + timeoutMs;
  const look = (): void => {
    const left = until - performance.now();
    if (left > 0) timer = setTimeout(look, left);
    else late();
  };
  let timer = setTimeout(look, timeoutMs);
  return {
    received: (bytes: number): void => void (until += (bytes / bytesPerSecond) * 1_000),
    clear: (): void => clearTimeout(timer),
  };
};

/** Hands on what arrives, as long as it is within the limits. */
const limited = ({ maxBytes, ...limits }: BodyLimits, take: TakePiece): TakePiece => {
  let size = 0;
  return (piece) => {
    size += piece.byteLength;
    if (size > maxBytes) throw tooLarge({ maxBytes, ...limits });
    return take(piece);
  };
};

const takeIncoming = (incoming: IncomingMessage, limits: BodyLimits, take: TakePiece): Promise<void> =>
  new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      deadline.clear();
      incoming.off("data", onData).off("end", onEnd).off("error", onError).off("close", onClose);
      finish();
    };
    const fail = (error: NatterError): void =>
      settle(() => {
        incoming.pause();
        reject(error);
      });
    const onData = (piece: Buffer): void => {
      deadline.received(piece.length);
      try {
        const taken = take(piece);
        if (taken === undefined) return;
        incoming.pause();
        taken.then(
          () => void incoming.resume(),
          (thrown: unknown) => fail(asNatterError(thrown)),
        );
      } catch (thrown) {
        fail(asNatterError(thrown));
      }
    };
    const onEnd = (): void => settle(resolve);
    const onError = (cause: unknown): void => fail(cutOff(cause));
    const onClose = (): void => fail(cutOff());
    const deadline = createDeadline(limits, () => fail(tooSlow()));
    incoming.on("data", onData).on("end", onEnd).on("error", onError).on("close", onClose);
    if (incoming.destroyed) onClose();
  });

const takeStream = async (body: ReadableStream<Uint8Array>, limits: BodyLimits, take: TakePiece): Promise<void> => {
  const reader = body.getReader();
  const late = Promise.withResolvers<never>();
  const deadline = createDeadline(limits, () => late.reject(tooSlow()));
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) return;
      deadline.received(value.byteLength);
      await take(value);
    }
  } catch (thrown) {
    await reader.cancel().catch((cause: unknown) => cutOff(cause));
    throw thrown instanceof NatterError ? thrown : cutOff(thrown);
  } finally {
    deadline.clear();
  }
};

/**
 * Hands on a request's body piece by piece, also when a host's parser has read it before; resolves at its end.
 * @throws NatterError `too_large`, `request_timeout`, `unsupported_media_type` for a compressed one, `invalid_request`
 */
export const takeBody = async ({ request, bindings }: Arrival, limits: BodyLimits, take: TakePiece): Promise<void> => {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity")
    throw new NatterError("unsupported_media_type", "Send the body without Content-Encoding.");
  if (Number(request.headers.get("content-length") ?? 0) > limits.maxBytes) throw tooLarge(limits);
  const { incoming } = bindings;
  const takeLimited = limited(limits, take);
  if (incoming === undefined) {
    if (request.body !== null) await takeStream(request.body, limits, takeLimited);
    return;
  }
  const parsed = parsedByHost(incoming);
  if (parsed !== undefined) {
    await takeLimited(parsed);
    return;
  }
  if (incoming.readableDidRead)
    throw new NatterError("internal", "Something went wrong on our side; try again.", {
      cause: new Error("the host read the body and left no incoming.body"),
    });
  await takeIncoming(incoming, limits, takeLimited);
};

/**
 * The bytes of a request's body.
 * @throws NatterError as `takeBody`
 */
export const readBody = async (arrival: Arrival, limits: BodyLimits): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  await takeBody(arrival, limits, (piece) => void pieces.push(piece));
  return Buffer.concat(pieces);
};
