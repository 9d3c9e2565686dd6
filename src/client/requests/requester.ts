import { asRequestError, readProblem } from "./request-error.ts";

type Awaitable<Value> = Value | Promise<Value>;
type HeaderMap = Readonly<Record<string, string>>;

export interface ClientOptions {
  /** Where Natter is mounted, without a slash at the end; empty: the origin of the page. */
  readonly baseUrl: string;
  /** Sent as Bearer; a function is asked before each request. Absent: the cookie of the page. */
  readonly token?: string | (() => Awaitable<string>) | undefined;
  /** Sent with every request; a function is asked before each. */
  readonly headers?: HeaderMap | (() => Awaitable<HeaderMap>) | undefined;
  readonly fetch?: typeof fetch | undefined;
}

export type QueryValue = string | number | boolean | undefined;

export interface RequestOptions {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | undefined;
  readonly body?: unknown;
  /** Sent as it is, instead of JSON. */
  readonly bytes?: Blob | undefined;
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests and turns what is no success into a RequestError. */
export interface Requester {
  /** @throws RequestError */
  readonly response: (path: string, options?: RequestOptions) => Promise<Response>;
  /** Where a path is, and the headers of a request to it. */
  readonly address: (
    path: string,
    options?: RequestOptions,
  ) => Promise<{ readonly url: string; readonly headers: Headers }>;
  /** The JSON that the server answers with. @throws RequestError */
  readonly json: <Value>(path: string, options?: RequestOptions) => Promise<Value>;
}

const withQuery = (path: string, query: RequestOptions["query"]): string => {
  const entries = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return entries.length === 0
    ? path
    : `${path}?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString()}`;
};

const present = (headers: RequestOptions["headers"]): [string, string][] =>
  Object.entries(headers ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));

export const createRequester = ({ baseUrl, token, headers, fetch = globalThis.fetch }: ClientOptions): Requester => {
  const headersOf = async (options: RequestOptions): Promise<Headers> => {
    const sent = new Headers(typeof headers === "function" ? await headers() : headers);
    const bearer = typeof token === "function" ? await token() : token;
    if (bearer !== undefined) sent.set("authorization", `Bearer ${bearer}`);
    if (options.body !== undefined) sent.set("content-type", "application/json");
    for (const [name, value] of present(options.headers)) sent.set(name, value);
    return sent;
  };
  const response: Requester["response"] = async (path, options = {}) => {
    try {
      const answer = await fetch(`${baseUrl}${withQuery(path, options.query)}`, {
        method: options.method ?? (options.body === undefined && options.bytes === undefined ? "GET" : "POST"),
        headers: await headersOf(options),
        ...(options.bytes === undefined ? {} : { body: options.bytes }),
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      });
      if (!answer.ok) throw await readProblem(answer);
      return answer;
    } catch (thrown) {
      throw asRequestError(thrown);
    }
  };
  return {
    response,
    address: async (path, options = {}) => ({
      url: `${baseUrl}${withQuery(path, options.query)}`,
      headers: await headersOf(options),
    }),
    async json(path, options) {
      const answer = await response(path, options);
      try {
        return await answer.json();
      } catch (thrown) {
        throw asRequestError(thrown);
      }
    },
  };
};
