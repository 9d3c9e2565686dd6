import { NatterError } from "../../foundation/errors.ts";

/** A request that is let in. */
export interface Pass {
  /** Counts it as this user's as well. @throws NatterError `rate_limited` when the user has more than a share of all */
  claim(userId: string): void;
  /** Makes room for another; counts once. */
  leave(): void;
}

/** Lets so many requests be at work at a time on this node; nobody waits. */
export interface RequestGate {
  /** @throws NatterError `unavailable` */
  enter(): Pass;
}

/** Of all, for one user: whose bodies come slowly must leave room for others. */
const share = 0.25;

export const createRequestGate = (atMost: number): RequestGate => {
  const perUser = new Map<string, number>();
  const ownAtMost = Math.ceil(atMost * share);
  let inside = 0;

  const forget = (userId: string): void => {
    const left = (perUser.get(userId) ?? 1) - 1;
    if (left === 0) perUser.delete(userId);
    else perUser.set(userId, left);
  };

  return {
    enter() {
      if (inside >= atMost)
        throw new NatterError("unavailable", "This server has as many requests as it can take; try again.", {
          retryAfter: 1,
        });
      inside += 1;
      let isInside = true;
      let owner: string | null = null;
      return {
        claim(userId) {
          const own = perUser.get(userId) ?? 0;
          if (own >= ownAtMost)
            throw new NatterError("rate_limited", `${own} of your requests are at work already; wait for one to end.`, {
              retryAfter: 1,
            });
          owner = userId;
          perUser.set(userId, own + 1);
        },
        leave() {
          if (!isInside) return;
          isInside = false;
          inside -= 1;
          if (owner !== null) forget(owner);
        },
      };
    },
  };
};
