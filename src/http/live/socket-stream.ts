import type { EventStream } from "../event-stream.ts";
import { closeCodes, type Socket } from "./socket.ts";

/** One completion's stream inside a socket: each write becomes one message that begins with its id. */
export const openSocketStream = (socket: Socket, completionId: string): EventStream => {
  const over = new AbortController();
  const prefix = Buffer.from(`${completionId}\n`);
  const end = (): void => over.abort();
  socket.signal.addEventListener("abort", end, { once: true, signal: over.signal });
  if (socket.signal.aborted) end();
  return {
    write: (bytes) => void (over.signal.aborted || socket.send(prefix, bytes)),
    backlog: () => socket.backlog(),
    drained: () => socket.drained(),
    end,
    destroy() {
      end();
      socket.close(closeCodes.slow, "Too slow; come back for the rest.");
    },
    signal: over.signal,
  };
};
