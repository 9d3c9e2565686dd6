import { countViewers, type Viewers } from "../metrics.ts";
import { closeCodes, type OpenSocket } from "./socket.ts";

/** Between two questions whether the other side is there. */
const probeMs = 20_000;
const perUser = 50;

/** One open web socket and what its session does from time to time. */
export interface SocketEntry {
  readonly socket: OpenSocket;
  /** Called every 20 s. */
  readonly beat: () => void;
}

/** All web sockets that are open on this node: one timer probes them, one call closes them. */
export class OpenSockets {
  readonly #entries = new Set<SocketEntry>();
  readonly #perUser = new Map<string, number>();
  #claimed = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  viewers(): Viewers {
    return countViewers(
      "websocket",
      Array.from(this.#entries, ({ socket }) => socket),
    );
  }

  /** Those of nobody known yet. */
  get unclaimed(): number {
    return this.#entries.size - this.#claimed;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(entry: SocketEntry): void {
    const { signal } = entry.socket;
    if (signal.aborted) return;
    if (this.#isClosed) return this.#restart(entry);
    this.#entries.add(entry);
    signal.addEventListener("abort", () => this.#remove(entry), { once: true });
    this.#timer ??= setInterval(() => this.#beat(), probeMs).unref();
  }

  /** Counts a socket as this user's until it is over; closes it when the user has too many. */
  claim(socket: OpenSocket, userId: string): void {
    if (socket.signal.aborted) return;
    const open = this.#perUser.get(userId) ?? 0;
    if (open >= perUser) return socket.close(closeCodes.crowded, "Too many connections; close some tabs.");
    this.#claimed += 1;
    this.#perUser.set(userId, open + 1);
    socket.signal.addEventListener("abort", () => this.#release(userId), { once: true });
  }

  /** Tells every client to come back, to another node: also those still to come. */
  closeAll(): void {
    this.#isClosed = true;
    for (const entry of this.#entries) this.#restart(entry);
  }

  #beat(): void {
    for (const { socket, beat } of this.#entries) {
      socket.probe();
      beat();
    }
  }

  #restart({ socket }: SocketEntry): void {
    socket.close(closeCodes.restart, "The server goes; come back.");
  }

  #remove(entry: SocketEntry): void {
    this.#entries.delete(entry);
    if (this.#entries.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #release(userId: string): void {
    this.#claimed -= 1;
    const left = (this.#perUser.get(userId) ?? 1) - 1;
    if (left === 0) this.#perUser.delete(userId);
    else this.#perUser.set(userId, left);
  }
}
