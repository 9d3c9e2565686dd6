import { z } from "zod";
import type { Chunk } from "./message/chunk.ts";

const requestId = z.string().min(1).max(128);
const headers = z.record(z.string(), z.string()).default({});
const body = z.record(z.string(), z.unknown()).default({});

/** What AI SDK 7's `WebSocketChatTransport` says, one JSON text frame each; the members of `body` are those of a request's body. */
export const socketRequestSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("send"),
    requestId,
    headers,
    body,
    id: z.string(),
    trigger: z.string(),
    messageId: z.string().optional(),
    messages: z.array(z.unknown()),
  }),
  z.object({ type: z.literal("resume"), requestId, headers, body, id: z.string() }),
  z.object({ type: z.literal("abort"), requestId }),
]);

export type SocketRequest = Readonly<z.infer<typeof socketRequestSchema>>;

/** What it is answered with. `sequence` counts 0, 1, 2 … in each response. */
export type SocketAnswer =
  | { readonly type: "start" | "end" | "no-active"; readonly requestId: string }
  | { readonly type: "chunk"; readonly requestId: string; readonly sequence: number; readonly chunk: Chunk }
  | { readonly type: "error"; readonly requestId: string; readonly errorText: string };
