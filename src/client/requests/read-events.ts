import { createEventParser, type ServerEvent } from "./event-parser.ts";
import { RequestError } from "./request-error.ts";

export interface ReadOptions {
  /** Aborting it closes the connection and ends the reading, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds without a byte after which the connection counts as broken; the server pings every 15 s. Default 45,000. */
  readonly silence?: number | undefined;
}

const closeQuietly = (reader: ReadableStreamDefaultReader<Uint8Array>): void => {
  // why it broke is thrown where it is read; closing it has nothing to add
  reader.cancel().catch(() => undefined);
};

const readWithin = async (reader: ReadableStreamDefaultReader<Uint8Array>, silence: number) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_resolve, reject) => {
    const error = new RequestError("unreachable", "The connection went silent; check the network.", { status: null });
    timer = setTimeout(() => reject(error), silence);
  });
  try {
    return await Promise.race([reader.read(), silent]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * The server-sent events of a response body, in the batches in which they came. Ends with the body; throws when the
 * connection breaks or goes silent. Leaving the loop closes the connection.
 */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
  { signal, silence = 45_000 }: ReadOptions = {},
): AsyncGenerator<readonly ServerEvent[], void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const parse = createEventParser();
  const close = (): void => closeQuietly(reader);
  signal?.addEventListener("abort", close, { once: true });
  try {
    while (signal?.aborted !== true) {
      const { done, value } = await readWithin(reader, silence);
      if (done) return;
      const events = parse(decoder.decode(value, { stream: true }));
      if (events.length > 0) yield events;
    }
  } finally {
    signal?.removeEventListener("abort", close);
    close();
  }
}
