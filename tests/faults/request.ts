import { type ClientRequest, request as open, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export interface RequestOptions {
  readonly method?: "GET" | "POST";
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a request on a connection of its own: none is reused, so that none is stale when its server was killed. */
export const sendRequest = (url: string, { method, token, body, headers }: RequestOptions = {}): ClientRequest => {
  const json = body === undefined ? undefined : JSON.stringify(body);
  return open(url, {
    agent: false,
    method: method ?? (json === undefined ? "GET" : "POST"),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(json === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(json) }),
      ...headers,
    },
  }).end(json);
};

export interface JsonAnswer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** A server that was stopped takes connections and says nothing. */
const patience = 3_000;

const readAnswer = async <Body>(request: ClientRequest): Promise<JsonAnswer<Body>> => {
  request.setTimeout(patience, () => request.destroy(new Error("the server is silent")));
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve).once("error", reject);
  });
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  const text = Buffer.concat(pieces).toString();
  return { status: response.statusCode ?? 0, body: (text === "" ? null : JSON.parse(text)) as Body };
};

/** One request and its JSON answer, whatever its status. Rejects when the server can't be reached. */
export const ask = <Body = unknown>(url: string, options?: RequestOptions): Promise<JsonAnswer<Body>> =>
  readAnswer<Body>(sendRequest(url, options));

/** A request that may be repeated, until it is answered with a status below 500; rejects after 30 s. */
export const askUntilAnswered = async <Body = unknown>(
  url: () => string,
  options?: RequestOptions,
): Promise<JsonAnswer<Body>> => {
  const deadline = performance.now() + 30_000;
  for (;;) {
    try {
      const answer = await ask<Body>(url(), options);
      if (answer.status < 500) return answer;
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`${url()} does not answer`, { cause: error });
    }
    if (performance.now() > deadline) throw new Error(`${url()} keeps failing`);
    await sleep(50);
  }
};
