import { z } from "zod";
import { createId } from "../../foundation/ids.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { Signals } from "../../ports/signals.ts";
import { presentUserSchema, type PresentUser } from "../../protocol/live.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { PresenceRoom, type Seated } from "./presence-room.ts";
import { createTap, type Tap } from "./tap.ts";

const signalSchema = z.object({
  node: z.string(),
  workspaceId: z.string(),
  conversationId: z.string(),
  users: z.array(presentUserSchema),
  /** Somebody came who wants to know who is there. */
  asks: z.boolean(),
});

/** One socket's place in a conversation. */
export interface Seat {
  setWriting(isWriting: boolean): void;
  leave(): void;
}

const sweepMs = 5_000;
const sweepsBetweenRepeats = 4;
const payloadBytes = 3_800;
const nameCharacters = 80;

/** As many as fit into a signal. */
const fitting = (users: readonly PresentUser[]): PresentUser[] => {
  let left = payloadBytes - 400;
  return users.filter((user) => (left -= Buffer.byteLength(JSON.stringify(user)) + 1) >= 0);
};

interface Entry {
  readonly room: PresenceRoom;
  readonly workspaceId: string;
  readonly conversationId: string;
}

const keyOf = (workspaceId: string, conversationId: string): string => `${workspaceId} ${conversationId}`;

/** Who looks at which conversation, on all nodes. */
export class PresenceHub {
  readonly #signals: Signals;
  readonly #tap: Tap;
  readonly #node = createId();
  readonly #entries = new Map<string, Entry>();
  #timer: NodeJS.Timeout | undefined;
  #sweeps = 0;

  constructor(signals: Signals, logger: Logger) {
    this.#signals = signals;
    this.#tap = createTap(signals, "presence", (payload) => this.#hear(payload), logger);
  }

  /** Takes a place for a socket; `tell` is called with everybody who is there, now and after each change. */
  sit(
    { workspaceId, userId, name }: Principal,
    conversationId: string,
    tell: (users: readonly PresentUser[]) => void,
  ): Seat {
    const key = keyOf(workspaceId, conversationId);
    const entry = this.#entries.get(key) ?? { room: new PresenceRoom(), workspaceId, conversationId };
    this.#entries.set(key, entry);
    const seat = { userId, name: name?.slice(0, nameCharacters).toWellFormed() ?? null, writingUntil: 0, tell };
    entry.room.sit(seat);
    this.#timer ??= setInterval(() => this.#sweep(), sweepMs).unref();
    let isHere = true;
    void this.#tap.open().then(() => isHere && this.#settle(entry, seat));
    return {
      setWriting: (isWriting) => {
        entry.room.write(seat, isWriting, Date.now());
        this.#settle(entry);
      },
      leave: () => {
        isHere = false;
        this.#leave(key, entry, seat);
      },
    };
  }

  close(): void {
    this.#tap.close();
    clearInterval(this.#timer);
  }

  #publish({ workspaceId, conversationId }: Entry, present: readonly PresentUser[], asks: boolean): void {
    const signal = { node: this.#node, workspaceId, conversationId, users: fitting(present), asks };
    this.#signals.publish("presence", JSON.stringify(signal));
  }

  #settle(entry: Entry, newcomer?: Seated): void {
    const { room } = entry;
    const now = Date.now();
    const news = room.news(now);
    if (news !== null || newcomer !== undefined) this.#publish(entry, news ?? room.here(now), newcomer !== undefined);
    room.tell(now, newcomer);
  }

  #hear(payload: string): void {
    const parsed = signalSchema.safeParse(JSON.parse(payload));
    if (!parsed.success || parsed.data.node === this.#node) return;
    const { node, workspaceId, conversationId, users, asks } = parsed.data;
    const entry = this.#entries.get(keyOf(workspaceId, conversationId));
    if (entry === undefined) return;
    const now = Date.now();
    entry.room.hear(node, users, now);
    if (asks) this.#publish(entry, entry.room.here(now), false);
    entry.room.tell(now);
  }

  #sweep(): void {
    this.#sweeps += 1;
    const isRepeat = this.#sweeps % sweepsBetweenRepeats === 0;
    for (const entry of this.#entries.values()) {
      if (isRepeat) this.#publish(entry, entry.room.here(Date.now()), false);
      this.#settle(entry);
    }
  }

  #leave(key: string, entry: Entry, seat: Seated): void {
    entry.room.stand(seat);
    this.#settle(entry);
    if (!entry.room.isEmpty || this.#entries.get(key) !== entry) return;
    this.#entries.delete(key);
    if (this.#entries.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
