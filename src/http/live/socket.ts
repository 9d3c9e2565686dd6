import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { FrameBudget } from "./frame-budget.ts";

/** Why a web socket is closed (RFC 6455 §7.4; those from 4000 are Natter's). Clients come back after any but `policy` and `unknown`. */
export const closeCodes = {
  /** The server goes: come back, to another node. */
  restart: 1012,
  /** Too many frames, or frames that nobody sends by mistake. */
  policy: 1008,
  /** Nobody known: no token in time, or one that is not valid any more. */
  unknown: 4401,
  /** The viewer lags too far behind: come back for the rest. */
  slow: 4408,
  /** This user has too many sockets open. */
  crowded: 4429,
} as const;

/** One web socket, after the handshake. */
export interface Socket {
  /** Sends one text message, made of pieces; bytes are shared and never copied. */
  send(...pieces: readonly (string | Uint8Array)[]): void;
  /** Bytes that the other side has not taken yet. */
  backlog(): number;
  /** Resolves when more may be written: at once unless the buffer is full, and also when it is over. */
  drained(): Promise<void>;
  close(code: number, reason: string): void;
  /** Aborted as soon as it is over, whoever ended it. */
  readonly signal: AbortSignal;
}

/** A Socket as the registry of open ones sees it. */
export interface OpenSocket extends Socket {
  /** Asks whether the other side is there; ends it if the question before was not answered. */
  probe(): void;
}

export interface SocketOptions {
  /** What the handshake left: its buffer is the backlog. */
  readonly connection: Duplex;
  /** Bytes that the other side may lag behind. */
  readonly viewerBytes: number;
  readonly onMessage: (text: Buffer) => void;
}

/** How long the other side may take to close, and to take what it had not taken. */
const closeMs = 2_000;

/** One wait for all streams of a socket. */
const drainOf = (connection: Duplex, signal: AbortSignal): (() => Promise<void>) => {
  let draining: Promise<void> | undefined;
  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      const go = (): void => {
        connection.off("drain", go);
        signal.removeEventListener("abort", go);
        draining = undefined;
        resolve();
      };
      connection.on("drain", go);
      signal.addEventListener("abort", go);
    });
  return () => (connection.writableNeedDrain && !signal.aborted ? (draining ??= wait()) : Promise.resolve());
};

export const openSocket = (ws: WebSocket, { connection, viewerBytes, onMessage }: SocketOptions): OpenSocket => {
  const over = new AbortController();
  const budget = new FrameBudget();
  let isAlive = true;
  const close = (code: number, reason: string): void => {
    if (over.signal.aborted) return;
    over.abort();
    ws.close(code, reason);
    setTimeout(() => ws.terminate(), closeMs).unref();
  };
  ws.on("close", () => over.abort());
  // a frame that breaks the protocol or a limit: ws closes with the code for it; "close" follows
  ws.on("error", () => over.abort());
  ws.on("pong", () => (isAlive = true));
  ws.on("message", (data, isBinary) => {
    if (over.signal.aborted) return;
    isAlive = true;
    if (isBinary || !Buffer.isBuffer(data)) return close(closeCodes.policy, "Frames are JSON text.");
    if (!budget.take(data.length)) return close(closeCodes.policy, "Too many frames; send fewer.");
    onMessage(data);
  });
  return {
    send(...pieces) {
      if (over.signal.aborted) return;
      if (connection.writableLength > viewerBytes) return close(closeCodes.slow, "Too slow; come back for the rest.");
      pieces.forEach((piece, index) => ws.send(piece, { binary: false, fin: index === pieces.length - 1 }));
    },
    backlog: () => connection.writableLength,
    drained: drainOf(connection, over.signal),
    close,
    signal: over.signal,
    probe() {
      if (!isAlive) return ws.terminate();
      isAlive = false;
      ws.ping();
    },
  };
};
