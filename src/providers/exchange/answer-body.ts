import type { IncomingMessage } from "node:http";
import type { ModelEnd } from "../../protocol/agent/model.ts";
import { providerError } from "../errors.ts";
import type { EventBatch } from "./event-batch.ts";
import type { BodyReader } from "./exchange.ts";
import { createSseParser } from "./sse.ts";

/** Reads the frames of one answer into events. */
export interface AnswerReader {
  /**
   * The data of one SSE event, or the whole body of an answer that is no stream.
   * @throws NatterError `provider_*`: it is no JSON, or the provider's error
   */
  read(data: string): void;
  /** True when whatever else comes is not part of the answer. */
  readonly isDone: boolean;
  /** True when the model told why it ended: then nothing of the answer is missing, but maybe its usage. */
  readonly isFinished: boolean;
  /**
   * The answer is over: says what is left to say, and how it ended.
   * @throws NatterError `provider_failed` when it is neither done nor finished
   */
  end(): ModelEnd;
}

const maxBodyLength = 10_485_760;

const tooLong = (cause: unknown) =>
  providerError("provider_failed", cause, { text: "The model's answer is too long to read." });

const streamBody = (reader: AnswerReader, batch: EventBatch): BodyReader => {
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
const wholeBody = (reader: AnswerReader, batch: EventBatch): BodyReader => {
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

/** How the body of a 2xx answer is read: as a stream of events, or whole. */
export const answerBody = (response: IncomingMessage, reader: AnswerReader, batch: EventBatch): BodyReader =>
  isJson(response) ? wholeBody(reader, batch) : streamBody(reader, batch);
