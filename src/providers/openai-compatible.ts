import { Agent as HttpAgent, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { ModelCall, ModelDriver } from "../protocol/model.ts";
import { createCallIds } from "./call-ids.ts";
import { createChatReader, type ChatReader } from "./chat-completions/reader.ts";
import { requestBody } from "./chat-completions/request.ts";
import { isProviderError, providerError } from "./errors.ts";
import { createEventBatch, type EventBatch } from "./event-batch.ts";
import type { BodyReader } from "./exchange.ts";
import { postForStream } from "./http-post.ts";
import { splitModelId } from "./model-id.ts";
import { createSseParser } from "./sse.ts";

export interface OpenAICompatibleOptions {
  /** Up to and without `/chat/completions`, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Seconds without a byte until a call fails as `provider_timeout`. */
  readonly stallSeconds: number;
}

const maxBodyLength = 10_485_760;

const tooLong = (cause: unknown) =>
  providerError("provider_failed", cause, { text: "The model's answer is too long to read." });

const streamReader = (reader: ChatReader, batch: EventBatch): BodyReader => {
  const parser = createSseParser((data) => reader.read(data), { maxLength: maxBodyLength });
  return {
    read(bytes) {
      try {
        parser.push(bytes);
      } catch (thrown) {
        throw thrown instanceof RangeError ? tooLong(thrown) : thrown;
      } finally {
        batch.flush();
      }
      return reader.isDone;
    },
    end() {},
  };
};

/** Some servers answer a stream request with the whole completion. */
const wholeReader = (reader: ChatReader, batch: EventBatch): BodyReader => {
  const chunks: Buffer[] = [];
  let length = 0;
  return {
    read(bytes) {
      chunks.push(bytes);
      length += bytes.length;
      if (length > maxBodyLength) throw tooLong(new RangeError(`more than ${maxBodyLength} bytes`));
      return false;
    },
    end() {
      reader.read(Buffer.concat(chunks).toString("utf8"));
      batch.flush();
    },
  };
};

const isJson = ({ headers }: IncomingMessage): boolean => /^application\/json\b/i.test(headers["content-type"] ?? "");

const requestOf = ({ baseUrl, apiKey, headers }: OpenAICompatibleOptions) => {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/chat/completions`;
  url.username = "";
  url.password = "";
  return {
    url,
    headers: {
      accept: "text/event-stream",
      "accept-encoding": "identity",
      "content-type": "application/json",
      "user-agent": "natter",
      ...(apiKey === undefined || apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` }),
      ...headers,
    },
    agent: new (url.protocol === "https:" ? HttpsAgent : HttpAgent)({ keepAlive: true, maxFreeSockets: 256 }),
  };
};

/**
 * A driver for any server that speaks OpenAI's Chat Completions. The answer is read as it arrives: one batch of events a
 * socket read, adjacent deltas joined. An answer that ends without a finish reason fails, unless it said `[DONE]`; one
 * whose connection breaks after its finish reason is whole, only its usage may be missing.
 * @throws TypeError when `baseUrl` is no URL
 */
export const createOpenAICompatibleDriver = (options: OpenAICompatibleOptions): ModelDriver => {
  const request = requestOf(options);
  return {
    async stream(call: ModelCall, signal, sink) {
      const batch = createEventBatch(sink);
      const reader = createChatReader(batch, createCallIds(call.messages));
      const body = requestBody(call, splitModelId(call.model));
      try {
        await postForStream({ ...request, body, signal, stallSeconds: options.stallSeconds }, (response) =>
          isJson(response) ? wholeReader(reader, batch) : streamReader(reader, batch),
        );
      } catch (thrown) {
        if (signal.aborted || !reader.isFinished || !isProviderError(thrown)) throw thrown;
      }
      const end = reader.end();
      batch.flush();
      return end;
    },
  };
};
