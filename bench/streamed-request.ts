import { type Agent, type IncomingMessage, request as open } from "node:http";
import { createTokenScanner } from "./token-scanner.ts";

export interface StreamedRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly agent: Agent;
  /** How many tokens the answer must have. */
  readonly tokens: number;
}

export interface StreamedAnswer {
  /** Milliseconds from the request to its first token; undefined if none came. */
  readonly firstToken: number | undefined;
  readonly duration: number;
  readonly tokens: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly bytes: number;
  /** The conversation that the server says it answered in, if it says so. */
  readonly conversationId: string | undefined;
  readonly error: string | undefined;
}

const headCharacters = 2_048;

const readAnswer = async (response: IncomingMessage, start: number, expected: number): Promise<StreamedAnswer> => {
  const seen = new Set<number>();
  let firstToken: number | undefined;
  let duplicated = 0;
  let bytes = 0;
  let head = "";
  const scan = createTokenScanner((token) => {
    firstToken ??= performance.now() - start;
    if (seen.has(token)) duplicated += 1;
    seen.add(token);
  });
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.length;
    if (head.length < headCharacters) head += Buffer.from(chunk).toString("latin1", 0, headCharacters);
    scan(chunk);
  }
  const refused = response.statusCode !== 200 || seen.size === 0;
  return {
    firstToken,
    duration: performance.now() - start,
    tokens: seen.size,
    lost: refused ? 0 : expected - seen.size,
    duplicated,
    bytes,
    conversationId: /"conversationId":"([\w-]+)"/.exec(head)?.[1],
    error: refused ? `${response.statusCode}: ${head.slice(0, 300)}` : undefined,
  };
};

/** Sends one chat request and reads its stream to the end; a failure is a value, so that a load goes on. */
export const requestStream = (options: StreamedRequest): Promise<StreamedAnswer> => {
  const { url, agent, body, tokens } = options;
  const start = performance.now();
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...options.headers };
  return new Promise<StreamedAnswer>((resolve) => {
    const fail = (error: unknown): void => {
      const nothing = { firstToken: undefined, tokens: 0, lost: 0, duplicated: 0, bytes: 0, conversationId: undefined };
      resolve({ ...nothing, duration: performance.now() - start, error: String(error) });
    };
    const call = open(url, { method: "POST", agent, headers }, (response) => {
      readAnswer(response, start, tokens).then(resolve, fail);
    });
    call.once("error", fail);
    call.setNoDelay(true);
    call.end(body);
  });
};
