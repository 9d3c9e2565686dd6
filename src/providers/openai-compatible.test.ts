import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ModelCall, ModelEvent } from "../protocol/agent/model.ts";
import { deltaFrame, doneFrame, textFrame, toolCallFrames } from "../testing/providers/scripted-frames.ts";
import { serializeError } from "../foundation/serialize-error.ts";
import { createScriptedProvider, type ProviderScript } from "../testing/providers/scripted-provider.ts";
import { createOpenAICompatibleDriver, type OpenAICompatibleOptions } from "./openai-compatible.ts";

const call: ModelCall = { model: "compatible/m", messages: [{ role: "user", content: "hi" }], tools: [], settings: {} };

const listen = async (options: Partial<OpenAICompatibleOptions> & { baseUrl: string }, asked = call) => {
  const batches: (readonly ModelEvent[])[] = [];
  const driver = createOpenAICompatibleDriver({ stallSeconds: 5, ...options });
  const end = await driver.stream(asked, new AbortController().signal, (events) => batches.push(events));
  return { batches, events: batches.flat(), end };
};

const provide = async (script: ProviderScript) => {
  const provider = await createScriptedProvider(script);
  onTestFinished(() => provider.close());
  return provider;
};

/** A server of raw bytes: what an HTTP server would not send. */
const serveRaw = async (answer: (socket: Socket, connection: number, request: number) => void): Promise<string> => {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const connection = (connections += 1);
    let requests = 0;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", () => answer(socket, connection, (requests += 1)));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/v1`;
};

const head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
const whole = (body: string): string => `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

describe("an answer", () => {
  test("of one socket read is one batch, adjacent deltas joined", async () => {
    const baseUrl = await serveRaw((socket) =>
      socket.write(
        whole(
          textFrame("a") +
            textFrame("b") +
            deltaFrame({ reasoning: "c" }) +
            textFrame("d") +
            deltaFrame({}, "stop") +
            doneFrame,
        ),
      ),
    );
    const { batches } = await listen({ baseUrl });
    expect(batches).toEqual([
      [
        { type: "text", id: "text-1", delta: "ab" },
        { type: "reasoning", id: "reasoning-2", delta: "c" },
        { type: "text", id: "text-3", delta: "d" },
      ],
    ]);
  });

  test("that is done without a finish reason ends as `other`", async () => {
    const provider = await provide(() => [{ bytes: textFrame("a") + doneFrame }, { end: true }]);
    expect((await listen(provider)).end).toEqual({ finishReason: "other" });
  });

  test.each(["fin", "rst"] as const)("F24 that is cut with %s after its finish reason is whole", async (cut) => {
    const baseUrl = await serveRaw((socket) => {
      const chunk = textFrame("all") + deltaFrame({}, "stop");
      socket.write(`${head}transfer-encoding: chunked\r\n\r\n${chunk.length.toString(16)}\r\n${chunk}\r\n`);
      setTimeout(() => (cut === "fin" ? socket.end() : socket.resetAndDestroy()), 20);
    });
    const { events, end } = await listen({ baseUrl });
    expect(events).toMatchObject([{ delta: "all" }]);
    expect(end).toEqual({ finishReason: "stop" });
  });

  test("is over with [DONE], also when the server leaves the connection open", async () => {
    const provider = await provide(() => [
      { bytes: textFrame("a") + deltaFrame({}, "stop") + doneFrame + textFrame("after") },
      { hang: true },
    ]);
    const { events, end } = await listen({ ...provider, stallSeconds: 60 });
    expect([events.length, end.finishReason]).toEqual([1, "stop"]);
  });

  test("that is one JSON document instead of a stream is read as well", async () => {
    const message = {
      role: "assistant",
      content: "hello",
      tool_calls: [{ id: "call_9", type: "function", function: { name: "add", arguments: '{"a":1}' } }],
    };
    const body = {
      choices: [{ index: 0, message, finish_reason: "tool_calls" }],
      usage: { prompt_tokens: 3, completion_tokens: 4 },
    };
    const provider = await provide(() => [{ status: 200, body }]);
    const { events, end } = await listen(provider);
    expect(events).toMatchObject([
      { type: "text", delta: "hello" },
      { type: "tool-input" },
      { type: "tool-call", callId: "call_9", input: { a: 1 } },
    ]);
    expect(end).toEqual({ finishReason: "tool-calls", usage: { inputTokens: 3, outputTokens: 4 } });
  });

  test("that is an error told with status 200 is an error", async () => {
    const provider = await provide(() => [{ status: 200, body: { error: { message: "no", code: 429 } } }]);
    await expect(listen(provider)).rejects.toMatchObject({ code: "provider_busy" });
  });

  test("F24 with a line of more than 10 MB fails, and does not grow further", async () => {
    const provider = await provide(() => [{ say: "a" }, { bytes: `data: ${"x".repeat(11_000_000)}` }, { hang: true }]);
    await expect(listen(provider)).rejects.toMatchObject({
      code: "provider_failed",
      message: expect.stringContaining("too long"),
    });
    await provider.aborted(1);
  });

  test("that redirects is a misconfiguration, and nobody follows", async () => {
    const target = await provide(() => [{ say: "never" }]);
    const provider = await provide(() => [
      { status: 307, headers: { location: `${target.baseUrl}/chat/completions` } },
    ]);
    await expect(listen(provider)).rejects.toMatchObject({ code: "provider_misconfigured" });
    expect(target.requests).toHaveLength(0);
  });

  test("that is no HTTP is an unreachable provider", async () => {
    const baseUrl = await serveRaw((socket) => socket.write("220 smtp.example.org ready\r\n"));
    await expect(listen({ baseUrl })).rejects.toMatchObject({ code: "provider_unreachable" });
  });

  test("gives calls new ids where the provider's were used in the conversation already, or cannot serve", async () => {
    const frames = [
      toolCallFrames(0, { id: "call_0", name: "add", arguments: "{}" }),
      toolCallFrames(1, { id: "bad id\n", name: "add", arguments: "{}" }),
    ];
    const provider = await provide(() => [{ bytes: frames.flat().join("") }, { finish: "tool_calls" }]);
    const messages = [
      { role: "assistant", content: [{ type: "tool-call", toolCallId: "call_0", toolName: "add", input: {} }] },
    ] as const;
    const { events } = await listen(provider, {
      ...call,
      messages: messages.map(({ role, content }) => ({ role, content: [...content] })),
    });
    const ids = events.flatMap((event) => (event.type === "tool-call" ? [event.callId] : []));
    expect(new Set([...ids, "call_0", "bad id\n"]).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^call_[0-9a-f]{24}$/);
  });
});

describe("a connection", () => {
  test("is used again for the next call", async () => {
    let connections = 0;
    const baseUrl = await serveRaw((socket, connection) => {
      connections = connection;
      socket.write(whole(textFrame("a") + deltaFrame({}, "stop") + doneFrame));
    });
    const driver = createOpenAICompatibleDriver({ baseUrl, stallSeconds: 5 });
    for (let time = 0; time < 3; time += 1) await driver.stream(call, new AbortController().signal, () => {});
    expect(connections).toBe(1);
  });

  test("that the server closed while it was idle is replaced without a failure", async () => {
    const seen: string[] = [];
    const baseUrl = await serveRaw((socket, connection, request) => {
      seen.push(`${connection}.${request}`);
      if (connection === 1 && request === 2) socket.resetAndDestroy();
      else socket.write(whole(textFrame("a") + deltaFrame({}, "stop") + doneFrame));
    });
    const driver = createOpenAICompatibleDriver({ baseUrl, stallSeconds: 5 });
    for (let time = 0; time < 2; time += 1) await driver.stream(call, new AbortController().signal, () => {});
    expect(seen).toEqual(["1.1", "1.2", "2.1"]);
  });

  test("that is reset on its first use is a failure", async () => {
    const baseUrl = await serveRaw((socket) => socket.resetAndDestroy());
    await expect(listen({ baseUrl })).rejects.toMatchObject({ code: "provider_unreachable" });
  });

  test("goes to the path under the base URL, with its query, the key and the operator's headers", async () => {
    const provider = await provide(() => []);
    const baseUrl = `${provider.baseUrl.replace("http://", "http://user:secret@")}/?api-version=7`;
    await listen({ baseUrl, apiKey: "sk-1", headers: { "x-team": "a" } });
    const [request] = provider.requests;
    expect(request?.path).toBe("/v1/chat/completions?api-version=7");
    expect(request?.headers).toMatchObject({
      authorization: "Bearer sk-1",
      "x-team": "a",
      accept: "text/event-stream",
    });
  });

  test("D6 with a key that cannot stand in a header is a misconfiguration that does not tell the key", async () => {
    const failed = listen({ baseUrl: "http://127.0.0.1:1/v1", apiKey: "sk-1\nx" });
    await expect(failed).rejects.toMatchObject({ code: "provider_misconfigured" });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining("sk-1") });
  });

  test("S33, S46 a key that the provider repeats is not in what is logged, and what else it said is", async () => {
    const provider = await provide(() => [
      { status: 401, body: { error: { message: "Incorrect API key provided: sk-secret, for team a-team" } } },
    ]);
    const headers = { "x-team-key": "a-team" };
    const error: unknown = await listen({ baseUrl: provider.baseUrl, apiKey: "sk-secret", headers }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: "provider_misconfigured" });
    const logged = JSON.stringify(serializeError(error));
    expect(logged).toContain("Incorrect API key provided: [key], for team [key]");
    expect(logged).not.toMatch(/sk-secret|a-team/);
  });
});
