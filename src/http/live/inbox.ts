import type { Logger } from "../../foundation/logger.ts";
import { closeCodes, type Socket } from "./socket.ts";

const waitingAtMost = 200;

/** Does one thing after the other for a socket, in the order in which they came. */
export interface Inbox {
  add(work: () => Promise<void>): void;
}

export const createInbox = (socket: Socket, logger: Logger): Inbox => {
  let waiting = 0;
  let last = Promise.resolve();
  const run = async (work: () => Promise<void>): Promise<void> => {
    try {
      if (!socket.signal.aborted) await work();
    } catch (error) {
      logger.error({ error }, "a frame of a web socket could not be answered");
    } finally {
      waiting -= 1;
    }
  };
  return {
    add(work) {
      waiting += 1;
      if (waiting > waitingAtMost) return socket.close(closeCodes.policy, "Too many frames wait; send fewer.");
      last = last.then(() => run(work));
    },
  };
};
