import { request as requestHttp, type Agent as HttpAgent, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestHttps, type Agent as HttpsAgent } from "node:https";
import { errorFromConnection, errorFromProvider, providerError, readRetryAfter } from "../errors.ts";
import { Exchange, type BodyReader } from "./exchange.ts";
import type { StallTimer } from "./stall-timer.ts";

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly agent: HttpAgent | HttpsAgent;
  readonly signal: AbortSignal;
  /** Fails the post when nothing comes for too long. */
  readonly stall: StallTimer;
}

/** Chooses how to read a 2xx answer. */
export type Accept = (response: IncomingMessage) => BodyReader;

const maxErrorLength = 65_536;
const drainMilliseconds = 2000;

const send = (post: Post): ClientRequest => {
  const open = post.url.protocol === "https:" ? requestHttps : requestHttp;
  const body = Buffer.from(post.body);
  const headers = { ...post.headers, "content-length": body.length };
  try {
    return open(post.url, { method: "POST", agent: post.agent, headers }).end(body);
  } catch (thrown) {
    throw providerError("provider_misconfigured", thrown);
  }
};

/** A provider may repeat the key that it refuses, and what it said is logged. */
const withoutKeys = (said: string, headers: Post["headers"]): string =>
  Object.entries(headers)
    .filter(([name]) => /authorization|key|token|secret/i.test(name))
    .map(([, value]) => value.replace(/^Bearer /i, ""))
    .filter((key) => key !== "")
    .reduce((text, key) => text.replaceAll(key, "[key]"), said);

/** Reads an answer that is not 2xx into an error; its text goes to the cause. */
const errorReader = (response: IncomingMessage, { headers }: Post): BodyReader => {
  let said = "";
  const end = (): never => {
    throw errorFromProvider({
      status: response.statusCode,
      said: withoutKeys(said, headers),
      retryAfter: readRetryAfter(response.headers),
    });
  };
  return {
    read(bytes) {
      said += bytes.toString("utf8");
      return said.length > maxErrorLength ? end() : false;
    },
    end,
  };
};

const isSuccess = ({ statusCode = 0 }: IncomingMessage): boolean => statusCode >= 200 && statusCode < 300;

/** Lets what is left of an answer pass, so that its connection can be used again, but not for long. */
const drain = (response: IncomingMessage): void => {
  if (response.complete || response.destroyed) return;
  const guard = setTimeout(() => response.destroy(), drainMilliseconds).unref();
  response.once("close", () => clearTimeout(guard));
};

const isReset = (error: Error): boolean => "code" in error && (error.code === "ECONNRESET" || error.code === "EPIPE");

const connect = (post: Post, exchange: Exchange, hear: (response: IncomingMessage) => void): void => {
  const attempt = (isAgain: boolean): void => {
    const request = send(post);
    let isAnswered = false;
    exchange.close = () => request.destroy();
    request.on("response", (response) => {
      isAnswered = true;
      hear(response);
    });
    request.on("error", (error) => {
      // the server closed an idle connection just as it was used again: it has not seen this request
      const isStale = request.reusedSocket && !isAnswered && isReset(error);
      if (isStale && !isAgain) exchange.attempt(() => attempt(true));
      else exchange.fail(errorFromConnection(error));
    });
  };
  exchange.attempt(() => attempt(false));
};

/**
 * Posts a body and feeds the answer to the reader that `accept` chooses, read by read. Resolves when the reader or HTTP
 * says that the answer is complete. An abort closes the connection at once and rejects with the signal's reason.
 * @throws NatterError `provider_*`, or what the reader throws
 */
export const postForStream = async (post: Post, accept: Accept): Promise<void> => {
  const { signal, stall } = post;
  signal.throwIfAborted();
  const exchange = new Exchange(() => stall.heard());
  stall.start((seconds) => {
    exchange.fail(providerError("provider_timeout", new Error(`no byte for ${seconds} s`)));
  });
  const abort = (): void => exchange.abort(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  connect(post, exchange, (response) => {
    exchange.attempt(() => exchange.attach(isSuccess(response) ? accept(response) : errorReader(response, post)));
    exchange.onSuccess = () => drain(response);
    response.on("data", (chunk: Buffer) => exchange.bytes(chunk));
    response.on("end", () => exchange.end());
    response.on("error", (error) => exchange.fail(errorFromConnection(error)));
  });
  try {
    await exchange.over;
  } finally {
    stall.stop();
    signal.removeEventListener("abort", abort);
  }
};
