import { NatterError } from "../../foundation/errors.ts";

export interface SeatLimits {
  /** Event streams on this node, at most. */
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
  /** @throws NatterError `rate_limited` when the user has too many, `unavailable` when the node is full */
  take(userId: string): Seat;
  count(): number;
}

const retryAfter = 5;

export const createSeats = ({ viewers, viewersPerUser }: SeatLimits): Seats => {
  const perUser = new Map<string, number>();
  let taken = 0;
  const give = (userId: string): void => {
    taken -= 1;
    const left = (perUser.get(userId) ?? 1) - 1;
    if (left === 0) perUser.delete(userId);
    else perUser.set(userId, left);
  };
  return {
    count: () => taken,
    take(userId) {
      const own = perUser.get(userId) ?? 0;
      if (own >= viewersPerUser)
        throw new NatterError(
          "rate_limited",
          `You watch ${viewersPerUser} streams already; close some, or use one web socket at /v1/live for many.`,
          { retryAfter },
        );
      if (taken >= viewers)
        throw new NatterError("unavailable", "This server has no place for another viewer; try again.", { retryAfter });
      taken += 1;
      perUser.set(userId, own + 1);
      let state: "taken" | "held" | "given" = "taken";
      const giveBack = (): void => {
        if (state === "given") return;
        state = "given";
        give(userId);
      };
      return {
        hold(signal) {
          if (state !== "taken") return;
          state = "held";
          if (signal.aborted) giveBack();
          else signal.addEventListener("abort", giveBack, { once: true });
        },
        leave() {
          if (state === "taken") giveBack();
        },
      };
    },
  };
};
