import type { EventStream } from "../streams/event-stream.ts";
import { closeCodes, type Socket } from "./socket.ts";

/** A completion's stream inside a socket that carries others too; `write` gets whole events and the way to end it. */
export const streamOver = (
  socket: Socket,
  write: (events: Uint8Array | string, end: () => void) => void,
): EventStream => {
  const over = new AbortController();
  const end = (): void => over.abort();
  socket.signal.addEventListener("abort", end, { once: true, signal: over.signal });
  if (socket.signal.aborted) end();
  return {
    write: (events) => void (over.signal.aborted || write(events, end)),
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

/** Each write becomes one message that begins with the completion's id; its bytes are those that all viewers share. */
export const openSocketStream = (socket: Socket, completionId: string): EventStream => {
  const prefix = Buffer.from(`${completionId}\n`);
  return streamOver(socket, (events) => socket.send(prefix, events));
};
