import type { PresentUser } from "../../protocol/live.ts";

/** How long "is writing" holds unless it is said again. */
const writingMs = 10_000;
/** How long what another node said holds unless it is said again. */
const elsewhereMs = 60_000;

/** One socket that looks at a conversation. */
export interface Seated {
  readonly userId: string;
  readonly name: string | null;
  /** Milliseconds since the epoch until which it counts as writing. */
  writingUntil: number;
  readonly tell: (users: readonly PresentUser[]) => void;
}

const merge = (users: readonly PresentUser[]): PresentUser[] => {
  const byId = new Map<string, PresentUser>();
  for (const user of users) {
    const isWriting = user.isWriting || byId.get(user.userId)?.isWriting === true;
    byId.set(user.userId, { ...user, isWriting });
  }
  return [...byId.values()].toSorted((left, right) => (left.userId < right.userId ? -1 : 1));
};

/** Who looks at one conversation: the sockets of this node, and what other nodes said of theirs. */
export class PresenceRoom {
  readonly #seats = new Set<Seated>();
  readonly #elsewhere = new Map<string, { readonly users: readonly PresentUser[]; readonly until: number }>();
  #toldElsewhere = "[]";
  #told = "[]";

  get isEmpty(): boolean {
    return this.#seats.size === 0;
  }

  sit(seat: Seated): void {
    this.#seats.add(seat);
  }

  stand(seat: Seated): void {
    this.#seats.delete(seat);
  }

  write(seat: Seated, isWriting: boolean, now: number): void {
    seat.writingUntil = isWriting ? now + writingMs : 0;
  }

  hear(node: string, users: readonly PresentUser[], now: number): void {
    if (users.length === 0) this.#elsewhere.delete(node);
    else this.#elsewhere.set(node, { users, until: now + elsewhereMs });
  }

  /** Those of this node. */
  here(now: number): PresentUser[] {
    return merge(
      [...this.#seats].map(({ userId, name, writingUntil }) => ({ userId, name, isWriting: writingUntil > now })),
    );
  }

  /** Those of this node, if other nodes should hear of it: it is not what they heard last. */
  news(now: number): PresentUser[] | null {
    const users = this.here(now);
    const text = JSON.stringify(users);
    if (text === this.#toldElsewhere) return null;
    this.#toldElsewhere = text;
    return users;
  }

  /** Tells every seat who is here, if that changed; `newcomer` in any case. */
  tell(now: number, newcomer?: Seated): void {
    for (const [node, { until }] of this.#elsewhere) if (until <= now) this.#elsewhere.delete(node);
    const users = merge([...this.here(now), ...[...this.#elsewhere.values()].flatMap((other) => other.users)]);
    const text = JSON.stringify(users);
    if (text !== this.#told) for (const seat of this.#seats) seat.tell(users);
    else newcomer?.tell(users);
    this.#told = text;
  }
}
