import { NatterError } from "../../foundation/errors.ts";

/** The last message of a stream is still being read when its bytes have ended. */
const graceMs = 1_000;

const isEventId = /(^|\n)id:/;

/**
 * An answer that tells when it breaks off. The SDK leaves a call whose stream ended early waiting until its timeout,
 * unless the stream has event ids, by which the SDK asks for the rest.
 */
export const watchedAnswer = (response: Response, onBroken: (reason: unknown) => void): Response => {
  if (response.body === null) return response;
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let canResume = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await reader.read();
        if (done) {
          controller.close();
          if (!canResume) setTimeout(onBroken, graceMs, new Error("the stream ended without an answer")).unref();
        } else {
          canResume ||= isEventId.test(decoder.decode(value, { stream: true }));
          controller.enqueue(value);
        }
      } catch (thrown) {
        controller.error(thrown);
        if (!canResume || thrown instanceof NatterError) onBroken(thrown);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, response);
};
