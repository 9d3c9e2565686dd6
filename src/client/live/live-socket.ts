import { Backoff, type Pause } from "../requests/backoff.ts";
import type { LiveAnswer, LiveRequest } from "../../protocol/live.ts";

/** The server says something every 20 s. */
const silenceMs = 45_000;
/** The code of a server that does not know us. */
const unknownCode = 4401;
/** The code of a server that goes; not all its clients should come to another one at once. */
const restartCode = 1012;

export interface LiveSocketOptions {
  readonly url: URL;
  readonly webSocket: typeof WebSocket;
  /** Said first; null: the page's cookie says who we are. */
  readonly hello: () => Promise<LiveRequest | null>;
  readonly pause: Pause;
  readonly onAnswer: (answer: LiveAnswer) => void;
  /** Frames of a completion's stream. */
  readonly onFrames: (completionId: string, frames: string) => void;
  /** `isKnown`: false when the server does not know who we are. */
  readonly onDisconnected: (isKnown: boolean) => void;
}

/** A web socket that comes back by itself until it is closed. */
export class LiveSocket {
  readonly #options: LiveSocketOptions;
  readonly #backoff: Backoff;
  #socket: WebSocket | null = null;
  #isConnected = false;
  #isClosed = false;

  constructor(options: LiveSocketOptions) {
    this.#options = options;
    this.#backoff = new Backoff(options.pause);
    void this.#run();
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** False: it is not connected, and nothing was sent. */
  send(request: LiveRequest): boolean {
    if (!this.#isConnected || this.#socket === null) return false;
    this.#socket.send(JSON.stringify(request));
    return true;
  }

  /** Tries again now if it was waiting to. */
  hurry(): void {
    this.#backoff.hurry();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.close(1000);
    this.hurry();
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const code = await this.#converse();
      this.#isConnected = false;
      this.#socket = null;
      this.#options.onDisconnected(code !== unknownCode);
      if (!this.#isClosed) await this.#backoff.wait(code === restartCode ? 500 + Math.random() * 2_000 : undefined);
    }
  }

  /** Null: whoever gives out tokens can't now, or the browser lets no socket be opened; asked again before the next attempt. */
  async #open(): Promise<{ socket: WebSocket; said: LiveRequest | null } | null> {
    const { url, webSocket: WebSocket, hello } = this.#options;
    try {
      const said = await hello();
      return this.#isClosed ? null : { said, socket: new WebSocket(url) };
    } catch {
      return null;
    }
  }

  /** Resolves with the code that the connection was closed with; null when there was none. */
  async #converse(): Promise<number | null> {
    const opened = await this.#open();
    if (opened === null) return null;
    const { socket, said } = opened;
    const { promise: closed, resolve } = Promise.withResolvers<number | null>();
    this.#socket = socket;
    let silence: ReturnType<typeof setTimeout> | undefined;
    const leave = (code: number | null): void => {
      clearTimeout(silence);
      // what a connection that was given up still says is not heard
      socket.onmessage = null;
      resolve(code);
    };
    const hear = (): void => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        socket.close();
        leave(null);
      }, silenceMs);
    };
    hear();
    socket.onopen = () => said !== null && socket.send(JSON.stringify(said));
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      hear();
      if (typeof data === "string") this.#take(data);
    };
    socket.onclose = ({ code }) => leave(code);
    return closed;
  }

  #take(message: string): void {
    if (!message.startsWith("{")) {
      const end = message.indexOf("\n");
      return this.#options.onFrames(message.slice(0, end), message.slice(end + 1));
    }
    const answer: LiveAnswer = JSON.parse(message);
    if (answer.type === "welcome") {
      this.#backoff.reset();
      this.#isConnected = true;
    }
    this.#options.onAnswer(answer);
  }
}
