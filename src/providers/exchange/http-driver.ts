import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { ModelCall, ModelDriver } from "../../protocol/agent/model.ts";
import { answerBody, type AnswerReader } from "./answer-body.ts";
import { createCallIds, type CallIds } from "../call-ids.ts";
import { isProviderError } from "../errors.ts";
import { createEventBatch, type EventBatch } from "./event-batch.ts";
import { postForStream } from "./http-post.ts";
import { createStallTimer } from "./stall-timer.ts";

/** One request of a model over HTTP. */
export interface ModelRequest {
  readonly url: URL;
  readonly body: string;
}

export interface HttpDriverOptions {
  readonly headers: Readonly<Record<string, string>>;
  /** Seconds without a byte until a call fails as `provider_timeout`; a model that reasons has ten times as many to begin. */
  readonly stallSeconds: number;
  /** What to post for a call; its protocol is the same for every call. */
  request(call: ModelCall): ModelRequest;
  reader(batch: EventBatch, callIds: CallIds): AnswerReader;
}

/** A base URL with a path behind it, and without a name and a password, which belong into headers. */
export const endpointUrl = (baseUrl: string, path: string): URL => {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  url.username = "";
  url.password = "";
  return url;
};

const commonHeaders = {
  accept: "text/event-stream",
  "accept-encoding": "identity",
  "content-type": "application/json",
  "user-agent": "natter",
};

const pool = { keepAlive: true, maxFreeSockets: 256 };

/**
 * A driver that posts a call and reads the answer as it arrives: one batch of events a socket read, adjacent deltas
 * joined. An answer whose connection breaks after its finish reason is whole, only its usage may be missing.
 */
export const createHttpDriver = (options: HttpDriverOptions): ModelDriver => {
  const agents = { http: new HttpAgent(pool), https: new HttpsAgent(pool) };
  const headers = { ...commonHeaders, ...options.headers };
  return {
    async stream(call, signal, sink) {
      const stall = createStallTimer(call.model, options.stallSeconds);
      const batch = createEventBatch(stall.listen(sink));
      const reader = options.reader(batch, createCallIds(call.messages));
      const request = options.request(call);
      const agent = request.url.protocol === "https:" ? agents.https : agents.http;
      const post = { ...request, headers, agent, signal, stall };
      try {
        await postForStream(post, (response) => answerBody(response, reader, batch));
      } catch (thrown) {
        if (signal.aborted || !reader.isFinished || !isProviderError(thrown)) throw thrown;
      }
      const end = reader.end();
      batch.flush();
      return end;
    },
  };
};
