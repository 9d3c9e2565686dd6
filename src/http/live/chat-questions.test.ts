import { WebSocketChatTransport, type UIMessage, type UIMessageChunk } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { callTool, createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import { tool } from "../../tools/tool.ts";
import { startServer, type HttpServer } from "../server/server.ts";

describe("N5 questions on /v1/ws, for WebSocketChatTransport of AI SDK", () => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let server: HttpServer;
  let chat: WebSocketChatTransport<UIMessage>;
  const refunds: number[] = [];
  const refund = tool({
    inputSchema: z.object({ cents: z.int() }),
    approval: true,
    execute: ({ cents }) => refunds.push(cents),
  });

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    const model = createScriptedModel(({ messages }) =>
      messages.at(-1)?.role === "tool" ? [say("done")] : [callTool("call-1", "refund", { cents: 80 })],
    );
    web = await createWeb({ database, model, agents: { default: { tools: { refund } } } });
    worker = web.spine.worker();
    await worker.start();
    server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    const headers = { authorization: `Bearer ${await tokenFor()}` };
    chat = new WebSocketChatTransport({ url: `ws://127.0.0.1:${server.port}/v1/ws`, headers });
  });
  afterAll(async () => {
    chat.close();
    await worker.drain(1);
    await server.close(1);
    await web.close();
    await database.close();
  });

  const readAll = async (stream: ReadableStream<UIMessageChunk> | null): Promise<UIMessageChunk[]> => {
    const chunks: UIMessageChunk[] = [];
    for await (const chunk of stream ?? []) chunks.push(chunk);
    return chunks;
  };

  it("a response ends where the answer waits, and the one to the decision goes on in the same message", async () => {
    const chatId = createId();
    const post = async (message: UIMessage): Promise<UIMessageChunk[]> =>
      readAll(
        await chat.sendMessages({
          chatId,
          messages: [message],
          trigger: "submit-message",
          messageId: undefined,
          abortSignal: undefined,
        }),
      );
    const asked = await post({ id: createId(), role: "user", parts: [{ type: "text", text: "refund" }] });
    expect(asked.at(-1)).toEqual({ type: "finish", finishReason: "tool-calls" });
    const again = await readAll(await chat.reconnectToStream({ chatId }));
    expect(again.map(({ type }) => type)).toEqual(expect.arrayContaining(["tool-approval-request", "finish"]));
    const request = asked.find((chunk) => chunk.type === "tool-approval-request");
    const start = asked.find((chunk) => chunk.type === "start");
    const approval = { id: request?.approvalId ?? "", approved: true };
    const part = { type: "tool-refund", toolCallId: "call-1", input: { cents: 80 }, approval } as const;
    const decided = await post({
      id: start?.messageId ?? "",
      role: "assistant",
      parts: [{ ...part, state: "approval-responded" }],
    });
    expect(decided[0]).toMatchObject({ type: "start", messageId: start?.messageId });
    expect(decided.at(-1)).toEqual({ type: "finish", finishReason: "stop" });
    expect(refunds).toEqual([80]);
    const late = post({
      id: start?.messageId ?? "",
      role: "assistant",
      parts: [{ ...part, state: "approval-responded" }],
    });
    await expect(late).rejects.toThrow("Nothing in this answer waits");
  });
});
