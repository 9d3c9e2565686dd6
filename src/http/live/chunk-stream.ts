import type { SocketAnswer } from "../../protocol/ai-sdk-socket.ts";
import type { EventStream } from "../streams/event-stream.ts";
import type { Socket } from "./socket.ts";
import { streamOver } from "./socket-stream.ts";

const lost = "The connection to this answer was lost; open the chat again to see the rest.";
const dataStart = "data: ";

const textOf = (events: Uint8Array | string): string =>
  typeof events === "string" ? events : Buffer.from(events.buffer, events.byteOffset, events.length).toString();

/** The response to one request of `WebSocketChatTransport`: the events of a completion's stream as its frames. */
export const openChunkStream = (socket: Socket, requestId: string): EventStream => {
  const name = JSON.stringify(requestId);
  let sequence = 0;
  const ending = (line: string): SocketAnswer | null => {
    if (line === "data: [DONE]") return { type: "end", requestId };
    // the stream is to be taken up again, and a response cannot be
    return line.startsWith("retry:") ? { type: "error", requestId, errorText: lost } : null;
  };
  return streamOver(socket, (events, end) => {
    for (const line of textOf(events).split("\n")) {
      const last = ending(line);
      if (last !== null) {
        socket.send(JSON.stringify(last));
        return end();
      }
      if (!line.startsWith(dataStart)) continue;
      const chunk = line.slice(dataStart.length);
      socket.send(`{"type":"chunk","requestId":${name},"sequence":${sequence},"chunk":${chunk}}`);
      sequence += 1;
    }
  });
};
