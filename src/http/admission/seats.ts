import { NatterError } from "../../foundation/errors.ts";

export interface SeatLimits {
  /** Event streams and sockets on this node, at most. */
  readonly viewers: number;
  /** Event streams of one user on this node, at most. */
  readonly viewersPerUser: number;
}

/** The place of one viewer, taken before anything is done for it. */
export interface Seat {
  /** Keeps it until the stream is over. */
  hold(signal: AbortSignal): void;
  /** Gives it back unless a stream holds it. */
  leave(): void;
}

/** Counts who watches on this node. */
export interface Seats {
  /**
   * Null: for a socket, which is counted as its user's elsewhere.
   * @throws NatterError `rate_limited` when the user has too many, `unavailable` when the node is full
   */
  take(userId: string | null): Seat;
  count(): number;
}

const retryAfter = 5;

const crowded = (atMost: number): NatterError =>
  new NatterError(
    "rate_limited",
    `You watch ${atMost} streams already; close some, or use one web socket at /v1/live for many.`,
    { retryAfter },
  );

const full = (): NatterError =>
  new NatterError("unavailable", "This server has no place for another viewer; try again.", { retryAfter });

/** A seat that is given back once: by its stream when one holds it, else by whoever took it. */
const seatOf = (giveBack: () => void): Seat => {
  let isHeld = false;
  let isGiven = false;
  const give = (): void => {
    if (isGiven) return;
    isGiven = true;
    giveBack();
  };
  return {
    hold(signal) {
      isHeld = true;
      if (signal.aborted) give();
      else signal.addEventListener("abort", give, { once: true });
    },
    leave() {
      if (!isHeld) give();
    },
  };
};

export const createSeats = ({ viewers, viewersPerUser }: SeatLimits): Seats => {
  const perUser = new Map<string, number>();
  let taken = 0;
  const change = (userId: string | null, by: 1 | -1): void => {
    taken += by;
    if (userId === null) return;
    const own = (perUser.get(userId) ?? 0) + by;
    if (own === 0) perUser.delete(userId);
    else perUser.set(userId, own);
  };
  return {
    count: () => taken,
    take(userId) {
      if (userId !== null && (perUser.get(userId) ?? 0) >= viewersPerUser) throw crowded(viewersPerUser);
      if (taken >= viewers) throw full();
      change(userId, 1);
      return seatOf(() => change(userId, -1));
    },
  };
};
