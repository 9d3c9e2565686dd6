import type { Logger } from "../../foundation/logger.ts";
import type { SignalChannel, Signals, Unsubscribe } from "../../ports/signals.ts";

const retryMs = 2_000;

/** One subscription of this node to a channel, begun when somebody first needs it. */
export interface Tap {
  /** Resolves when signals are heard, or when the first try has failed; it is tried again then. */
  open(): Promise<void>;
  close(): void;
}

export const createTap = (
  signals: Signals,
  channel: SignalChannel,
  listener: (payload: string) => void,
  logger: Logger,
): Tap => {
  let opening: Promise<void> | undefined;
  let unsubscribe: Unsubscribe = () => {};
  let isClosed = false;
  const subscribe = async (): Promise<void> => {
    if (isClosed) return;
    try {
      const leave = await signals.subscribe(channel, listener);
      if (isClosed) leave();
      else unsubscribe = leave;
    } catch (error) {
      logger.warn({ error, channel }, "signals can't be heard; trying again");
      setTimeout(() => void subscribe(), retryMs).unref();
    }
  };
  return {
    open: () => (opening ??= subscribe()),
    close() {
      isClosed = true;
      unsubscribe();
    },
  };
};
