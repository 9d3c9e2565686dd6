import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { NatterError } from "../errors.ts";
import { createAllowList, type AllowList } from "./allow-list.ts";
import { askOnce, type Question } from "./ask-once.ts";
import { cappedBody } from "./capped-body.ts";
import { checkUrl, type Target } from "./check-url.ts";
import { redirected } from "./redirected.ts";
import { resolveTarget, systemResolve, type Resolve } from "./resolve-target.ts";

export interface EgressOptions {
  /** Hosts, hosts with a port, and networks that may be asked although they are not public. */
  readonly allow?: readonly string[] | undefined;
  /** Ports of public hosts that may be asked. Default 80, 443, 8080, 8443. */
  readonly ports?: readonly number[] | undefined;
  /** Bytes of an answer's body after decompression, at most. Default 16 MiB. */
  readonly maxBytes?: number | undefined;
  /** Milliseconds until the answer has begun, redirects included. Default 15,000. */
  readonly headMs?: number | undefined;
  /** Milliseconds until the answer has ended. Default 60,000. */
  readonly totalMs?: number | undefined;
  /** Redirects that are followed. Default 5. */
  readonly maxRedirects?: number | undefined;
  readonly resolve?: Resolve | undefined;
}

export interface EgressInit {
  readonly method?: string | undefined;
  readonly headers?: HeadersInit | undefined;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null | undefined;
  /** Default `follow`; each hop is checked as the first. */
  readonly redirect?: "follow" | "manual" | "error" | undefined;
}

/**
 * Asks a URL that a user, a model or another server chose: http and https only; every address is resolved, checked and
 * pinned, on each hop; time, header and body are capped.
 * @throws NatterError `unprocessable` when the URL may not be asked, `too_large`, `provider_timeout`,
 * `provider_unreachable`, `provider_failed`; the reason of `init.signal` when that aborts
 */
export type EgressFetch = (url: string | URL, init?: EgressInit) => Promise<Response>;

interface Policy {
  readonly allow: AllowList;
  readonly ports: readonly number[] | undefined;
  readonly resolve: Resolve;
  readonly maxBytes: number;
  readonly maxRedirects: number;
}

/** Said by us about the connection, not by the caller about the request. */
const connectionHeaders = ["host", "connection", "content-length", "transfer-encoding", "upgrade", "expect", "te"];

const questionOf = async (url: URL, init: EgressInit, signal: AbortSignal): Promise<Question> => {
  const { method = "GET", headers, body } = init;
  const isText = typeof body === "string" || body instanceof URLSearchParams;
  if (body !== undefined && body !== null && !isText)
    throw new NatterError("internal", "The egress client sends texts only.");
  const request = new Request(url, {
    method,
    ...(headers === undefined ? {} : { headers }),
    ...(isText ? { body } : {}),
  });
  const kept = new Headers(request.headers);
  for (const name of connectionHeaders) kept.delete(name);
  kept.set("accept-encoding", "gzip, br");
  const bytes = isText ? Buffer.from(await request.arrayBuffer()) : null;
  if (bytes !== null) kept.set("content-length", String(bytes.length));
  return { method: request.method, headers: kept, body: bytes, signal };
};

const raced = <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> => {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener("abort", abort));
};

interface Asked {
  readonly answer: IncomingMessage;
  readonly target: Target;
}

const follow = async (policy: Policy, start: Target, first: Question, init: EgressInit): Promise<Asked> => {
  let target = start;
  let question = first;
  for (let hops = 0; ; hops += 1) {
    const addresses = await raced(resolveTarget(target, policy.allow, policy.resolve), question.signal);
    const answer = await askOnce(target, addresses, question);
    const location = answer.headers.location;
    const isRedirect = [301, 302, 303, 307, 308].includes(answer.statusCode ?? 0) && location !== undefined;
    if (!isRedirect || init.redirect === "manual") return { answer, target };
    answer.destroy();
    if (init.redirect === "error") throw new NatterError("unprocessable", "The server sent the request elsewhere.");
    if (hops >= policy.maxRedirects)
      throw new NatterError("unprocessable", `The server sent the request on more than ${policy.maxRedirects} times.`);
    const next = redirected(target.url, location, question, answer.statusCode ?? 0);
    question = next.question;
    target = checkUrl(next.url, policy.allow, policy.ports);
  }
};

const headersOf = ({ rawHeaders }: IncomingMessage): Headers => {
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = [rawHeaders[at], rawHeaders[at + 1]];
    // the body is handed on decompressed, so these two would be wrong
    if (!/^content-(encoding|length)$/i.test(name)) headers.append(name, value);
  }
  return headers;
};

const webStream = (body: Readable): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const pieces: AsyncIterator<Buffer<ArrayBuffer>> = body[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const piece = await pieces.next();
      if (piece.done === true) controller.close();
      else controller.enqueue(piece.value);
    },
    cancel: () => void body.destroy(),
  });
};

const responseOf = ({ answer }: Asked, { method }: Question, maxBytes: number): Response => {
  const status = answer.statusCode ?? 0;
  const init = { status: Math.max(status, 200), headers: headersOf(answer) };
  if (method === "HEAD" || [204, 205, 304].includes(status)) {
    answer.destroy();
    return new Response(null, init);
  }
  const body = cappedBody(answer, answer.headers["content-encoding"] ?? "", maxBytes);
  return new Response(webStream(body), init);
};

/** What went wrong on the way, in words that name no address. */
const explained = (thrown: unknown, signal: AbortSignal): unknown => {
  if (signal.aborted) return signal.reason;
  if (thrown instanceof NatterError) return thrown;
  return new NatterError("provider_unreachable", "The server of this URL did not answer.", { cause: thrown });
};

/** Ends the signal with `provider_timeout` after so many milliseconds, unless it is disarmed before. */
const createDeadline = (milliseconds: number): { readonly signal: AbortSignal; disarm(): void } => {
  const controller = new AbortController();
  const seconds = milliseconds / 1000;
  const late = (): void =>
    controller.abort(new NatterError("provider_timeout", `The server did not answer within ${seconds} s.`));
  const timer = setTimeout(late, milliseconds).unref();
  return { signal: controller.signal, disarm: () => clearTimeout(timer) };
};

/** Makes a client for URLs that are not the operator's own. */
export const createEgressFetch = (options: EgressOptions = {}): EgressFetch => {
  const policy: Policy = {
    allow: createAllowList(options.allow ?? []),
    ports: options.ports,
    resolve: options.resolve ?? systemResolve,
    maxBytes: options.maxBytes ?? 16_777_216,
    maxRedirects: options.maxRedirects ?? 5,
  };
  return async (url, init = {}) => {
    const target = checkUrl(url, policy.allow, policy.ports);
    const head = createDeadline(options.headMs ?? 15_000);
    const whole = createDeadline(options.totalMs ?? 60_000);
    const signals = [head.signal, whole.signal, ...(init.signal ? [init.signal] : [])];
    const signal = AbortSignal.any(signals);
    try {
      signal.throwIfAborted();
      const question = await questionOf(target.url, init, signal);
      const asked = await follow(policy, target, question, init);
      asked.answer.once("close", () => whole.disarm());
      return responseOf(asked, question, policy.maxBytes);
    } catch (thrown) {
      whole.disarm();
      throw explained(thrown, signal);
    } finally {
      head.disarm();
    }
  };
};
