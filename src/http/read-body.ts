import type { IncomingMessage } from "node:http";
import { NatterError } from "../foundation/errors.ts";
import type { Arrival } from "./call.ts";

export interface BodyLimits {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

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

const readIncoming = (incoming: IncomingMessage, limits: BodyLimits): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      incoming.off("data", onData).off("end", onEnd).off("error", onError).off("close", onClose);
      finish();
    };
    const fail = (error: NatterError): void =>
      settle(() => {
        incoming.pause();
        reject(error);
      });
    const onData = (piece: Buffer): void => {
      size += piece.length;
      if (size > limits.maxBytes) return fail(tooLarge(limits));
      pieces.push(piece);
    };
    const onEnd = (): void =>
      settle(() => resolve(pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)));
    const onError = (cause: unknown): void => fail(cutOff(cause));
    const onClose = (): void => fail(cutOff());
    const timer = setTimeout(() => fail(tooSlow()), limits.timeoutMs);
    incoming.on("data", onData).on("end", onEnd).on("error", onError).on("close", onClose);
    if (incoming.destroyed) onClose();
  });

const readStream = async (body: ReadableStream<Uint8Array>, limits: BodyLimits): Promise<Buffer> => {
  const reader = body.getReader();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(tooSlow()), limits.timeoutMs);
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), late.promise]);
      if (done) return Buffer.concat(pieces);
      size += value.byteLength;
      if (size > limits.maxBytes) throw tooLarge(limits);
      pieces.push(value);
    }
  } catch (thrown) {
    await reader.cancel().catch((cause: unknown) => cutOff(cause));
    throw thrown instanceof NatterError ? thrown : cutOff(thrown);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The bytes of a request's body, also when a host's parser has read it before.
 * @throws NatterError `too_large`, `request_timeout`, `unsupported_media_type` for a compressed one, `invalid_request`
 */
export const readBody = async ({ request, bindings }: Arrival, limits: BodyLimits): Promise<Buffer> => {
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity")
    throw new NatterError("unsupported_media_type", "Send the body without Content-Encoding.");
  if (Number(request.headers.get("content-length") ?? 0) > limits.maxBytes) throw tooLarge(limits);
  const { incoming } = bindings;
  if (incoming === undefined) return request.body === null ? Buffer.alloc(0) : readStream(request.body, limits);
  const parsed = parsedByHost(incoming);
  if (parsed !== undefined) {
    if (parsed.length > limits.maxBytes) throw tooLarge(limits);
    return parsed;
  }
  if (incoming.readableDidRead)
    throw new NatterError("internal", "Something went wrong on our side; try again.", {
      cause: new Error("the host read the body and left no incoming.body"),
    });
  return readIncoming(incoming, limits);
};
