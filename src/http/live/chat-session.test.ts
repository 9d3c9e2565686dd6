import { WebSocketChatTransport, type UIMessage, type UIMessageChunk } from "ai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { startCutProxy, type CutProxy } from "../../testing/servers/cut-proxy.ts";
import { openLiveSocket } from "../../testing/servers/live-socket.ts";
import { createHeldModel } from "../../testing/providers/held-model.ts";
import { say } from "../../testing/providers/scripted-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, spokenText, tokenFor, type Web } from "../../testing/servers/web.ts";
import { startServer, type HttpServer } from "../server/server.ts";

describe("N7 /v1/ws for WebSocketChatTransport of AI SDK", () => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let server: HttpServer;
  let proxy: CutProxy;
  let token: string;
  const workspace = createId();
  const { model, release, releaseAll } = createHeldModel((message) =>
    message.includes("fail-now") ? [...say("one "), { fail: new Error("it broke") }] : null,
  );

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    web = await createWeb({ database, model });
    worker = web.spine.worker();
    await worker.start();
    server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    proxy = await startCutProxy(server.port);
    token = await tokenFor({ workspace });
  });
  afterAll(async () => {
    releaseAll();
    await worker.drain(1);
    await proxy.close();
    await server.close(1);
    await web.close();
    await database.close();
  });

  const transport = (bearer = token): WebSocketChatTransport<UIMessage> =>
    new WebSocketChatTransport({
      url: `ws://127.0.0.1:${proxy.port}/v1/ws`,
      headers: { authorization: `Bearer ${bearer}` },
    });
  const say1 = (text: string): UIMessage => ({ id: createId(), role: "user", parts: [{ type: "text", text }] });
  const sendTo = (chat: WebSocketChatTransport<UIMessage>, chatId: string, text: string, abortSignal?: AbortSignal) =>
    chat.sendMessages({
      chatId,
      messages: [say1(text)],
      trigger: "submit-message",
      messageId: undefined,
      abortSignal,
    });
  const readAll = async (stream: ReadableStream<UIMessageChunk>): Promise<UIMessageChunk[]> => {
    const chunks: UIMessageChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    return chunks;
  };
  const answerOf = async (conversationId: string): Promise<UIMessage> => {
    const page = await (await web.ask(`/v1/conversations/${conversationId}/messages`, { token })).json();
    return page.data.at(-1);
  };

  it("sends, with the token in the frame, and streams the answer to its end", async () => {
    const chat = transport();
    const chunks = await readAll(await sendTo(chat, createId(), "hello"));
    expect(spokenText(chunks)).toBe("one two");
    expect(chunks[0]?.type).toBe("start");
    expect(chunks.at(-1)?.type).toBe("finish");
    chat.close();
  });

  it("carries several chats over one connection", async () => {
    const chat = transport();
    const texts = await Promise.all(
      Array.from({ length: 8 }, async () => spokenText(await readAll(await sendTo(chat, createId(), "hello")))),
    );
    expect(new Set(texts)).toEqual(new Set(["one two"]));
    chat.close();
  });

  it("S8 resumes from the start on a new connection, and has nothing to resume where nothing runs or is to be seen", async () => {
    const chat = transport();
    const id = createId();
    const reader = (await sendTo(chat, id, "hold-resume")).getReader();
    while (((await reader.read()).value?.type ?? "") !== "text-delta");
    proxy.cut();
    await expect(reader.read().then((result) => (result.done ? result : reader.read()))).rejects.toThrow(/WebSocket/);
    proxy.mend();
    const resumed = await chat.reconnectToStream({ chatId: id });
    expect(resumed).not.toBeNull();
    release("hold-resume");
    const chunks = await readAll(resumed!);
    expect(chunks[0]?.type).toBe("start");
    expect(spokenText(chunks)).toBe("one two");
    expect(await chat.reconnectToStream({ chatId: id })).toBeNull();
    const foreign = transport(await tokenFor({ workspace }));
    const running = createId();
    const owned = await sendTo(chat, running, "hold-foreign");
    expect(await foreign.reconnectToStream({ chatId: running })).toBeNull();
    expect(await foreign.reconnectToStream({ chatId: createId() })).toBeNull();
    await expect(readAll(await sendTo(foreign, running, "mine now"))).rejects.toThrow(/already/);
    release("hold-foreign");
    await readAll(owned);
    chat.close();
    foreign.close();
  });

  it("only stops to listen when it is aborted: the completion goes on", async () => {
    const chat = transport();
    const id = createId();
    const leaving = new AbortController();
    const reader = (await sendTo(chat, id, "hold-abort", leaving.signal)).getReader();
    while (((await reader.read()).value?.type ?? "") !== "text-delta");
    leaving.abort();
    expect((await reader.read()).done).toBe(true);
    // the connection is still good for the next
    expect(spokenText(await readAll(await sendTo(chat, createId(), "hello")))).toBe("one two");
    release("hold-abort");
    await until(async () => JSON.stringify(await answerOf(id)).includes("one two"));
    chat.close();
  });

  it("tells a refusal as one sentence, and a failure as a chunk", async () => {
    const chat = transport();
    await expect(readAll(await sendTo(chat, "short", "hello"))).rejects.toThrow(/12 to 64 characters/);
    await expect(readAll(await sendTo(chat, createId(), "   "))).rejects.toThrow(/white space/);
    const chunks = await readAll(await sendTo(chat, createId(), "fail-now"));
    expect(chunks.at(-1)).toMatchObject({ type: "error" });
    const unknown = transport("not-a-token");
    await expect(readAll(await sendTo(unknown, createId(), "hello"))).rejects.toThrow(/token/);
    chat.close();
    unknown.close();
  });

  it("takes a history of 2,000 messages", async () => {
    const chat = transport();
    const id = createId();
    const first = say1("hello");
    await readAll(
      await chat.sendMessages({
        chatId: id,
        messages: [first],
        trigger: "submit-message",
        messageId: undefined,
        abortSignal: undefined,
      }),
    );
    const earlier = Array.from({ length: 2_000 }, (_message, index): UIMessage => say1(`earlier ${index}`));
    const answer = await answerOf(id);
    const messages = [...earlier, first, answer, say1("again")];
    const chunks = await readAll(
      await chat.sendMessages({
        chatId: id,
        messages,
        trigger: "submit-message",
        messageId: undefined,
        abortSignal: undefined,
      }),
    );
    expect(spokenText(chunks)).toBe("one two");
    chat.close();
  });

  it("closes on frames that are none of the transport's", async () => {
    for (const frame of ["nonsense", '{"type":"send"}', '{"type":"other","requestId":"1"}']) {
      const socket = await openLiveSocket(`ws://127.0.0.1:${server.port}/v1/ws`, { token });
      socket.ws.send(frame);
      expect(await socket.closed).toBe(1008);
    }
    const binary = await openLiveSocket(`ws://127.0.0.1:${server.port}/v1/ws`, { token });
    binary.ws.send(Buffer.from("{}"));
    expect(await binary.closed).toBe(1008);
  });
});
