import { once } from "node:events";
import { WebSocket, type ClientOptions } from "ws";
import type { LiveAnswer, LiveRequest } from "../../protocol/live.ts";
import { until } from "../spine.ts";

export interface LiveSocketOptions extends ClientOptions {
  readonly token?: string | undefined;
}

/** A web socket of a test, with everything that it heard. */
export interface LiveSocket {
  readonly ws: WebSocket;
  readonly answers: readonly LiveAnswer[];
  /** What came of each completion's chunks: the text of all frames. */
  readonly frames: ReadonlyMap<string, string>;
  send(request: LiveRequest | Record<string, unknown>): void;
  /** The first answer, from now on or before, that fits; `after` leaves out so many. */
  heard<Type extends LiveAnswer["type"]>(
    type: Type,
    fits?: (answer: Extract<LiveAnswer, { type: Type }>) => boolean,
    after?: number,
  ): Promise<Extract<LiveAnswer, { type: Type }>>;
  /** Resolves with the code that it was closed with. */
  readonly closed: Promise<number>;
}

/** Opens a socket; `token` goes as the header of the upgrade. */
export const openLiveSocket = async (
  url: string,
  { token, headers, ...options }: LiveSocketOptions = {},
): Promise<LiveSocket> => {
  const ws = new WebSocket(url, {
    ...options,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  });
  const answers: LiveAnswer[] = [];
  const frames = new Map<string, string>();
  const { promise: closed, resolve } = Promise.withResolvers<number>();
  ws.on("close", (code) => resolve(code));
  ws.on("message", (data: Buffer) => {
    const message = data.toString();
    if (message.startsWith("{")) answers.push(JSON.parse(message) as LiveAnswer);
    else {
      const end = message.indexOf("\n");
      const id = message.slice(0, end);
      frames.set(id, (frames.get(id) ?? "") + message.slice(end + 1));
    }
  });
  await once(ws, "open");
  return {
    ws,
    answers,
    frames,
    send: (request) => ws.send(JSON.stringify(request)),
    heard: (type, fits = () => true, after = 0) =>
      until(async () =>
        answers.slice(after).find((answer): answer is Extract<LiveAnswer, { type: typeof type }> => {
          return answer.type === type && fits(answer as Extract<LiveAnswer, { type: typeof type }>);
        }),
      ),
    closed,
  };
};

/** The status that an upgrade is refused with. */
export const refusedUpgrade = (url: string, options: ClientOptions = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const ws = new WebSocket(url, options);
    ws.on("unexpected-response", (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    ws.on("open", () => {
      ws.terminate();
      reject(new Error("the upgrade was accepted"));
    });
    ws.on("error", reject);
  });
