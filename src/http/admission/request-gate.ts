import { NatterError } from "../../foundation/errors.ts";

/** Lets so many requests of known callers be at work at a time on this node. */
export interface RequestGate {
  /** Resolves nothing, waits for nothing: answers how to leave, which counts once. @throws NatterError `unavailable` */
  enter(): () => void;
  count(): number;
}

export const createRequestGate = (atMost: number): RequestGate => {
  let inside = 0;
  return {
    count: () => inside,
    enter() {
      if (inside >= atMost)
        throw new NatterError("unavailable", "This server has as many requests as it can take; try again.", {
          retryAfter: 1,
        });
      inside += 1;
      let isInside = true;
      return () => {
        if (isInside) inside -= 1;
        isInside = false;
      };
    },
  };
};
