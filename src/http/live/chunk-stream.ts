import type { SocketAnswer } from "../../protocol/ai-sdk-socket.ts";
import type { EventStream } from "../event-stream.ts";
import { closeCodes, type Socket } from "./socket.ts";

const lost = "The connection to this answer was lost; open the chat again to see the rest.";
const dataStart = "data: ";

/** The response to one request of `WebSocketChatTransport`: the events of a completion's stream as its frames. */
export const openChunkStream = (socket: Socket, requestId: string): EventStream => {
  const over = new AbortController();
  const end = (): void => over.abort();
  socket.signal.addEventListener("abort", end, { once: true, signal: over.signal });
  if (socket.signal.aborted) end();
  const tell = (answer: SocketAnswer): void => socket.send(JSON.stringify(answer));
  const finish = (answer: SocketAnswer): void => {
    if (over.signal.aborted) return;
    tell(answer);
    end();
  };
  const name = JSON.stringify(requestId);
  let sequence = 0;
  const take = (line: string): void => {
    // what the log says of a restart cannot be said here: a response cannot begin again
    if (line.startsWith("retry:")) return finish({ type: "error", requestId, errorText: lost });
    if (!line.startsWith(dataStart)) return;
    const json = line.slice(dataStart.length);
    if (json === "[DONE]") return finish({ type: "end", requestId });
    socket.send(`{"type":"chunk","requestId":${name},"sequence":${sequence},"chunk":${json}}`);
    sequence += 1;
  };
  return {
    write(bytes) {
      const text =
        typeof bytes === "string" ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
      for (const line of text.split("\n")) if (!over.signal.aborted) take(line);
    },
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
