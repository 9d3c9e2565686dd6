import { APICallError, LoadAPIKeyError, UnsupportedFunctionalityError } from "ai";
import { convertArrayToReadableStream, MockLanguageModelV4 } from "ai/test";
import { describe, expect, test } from "vitest";
import { NatterError } from "../../foundation/errors.ts";
import type { ModelCall, ModelEvent } from "../../protocol/agent/model.ts";
import { createLanguageModelDriver } from "./language-model.ts";
import type { LanguageModelV4, StreamPart } from "./language-model-v4.ts";

const call: ModelCall = { model: "mock/m", messages: [{ role: "user", content: "hi" }], tools: [], settings: {} };

const finish = (unified: "stop" | "error" | "interrupted" = "stop"): StreamPart => ({
  type: "finish",
  finishReason: { unified, raw: unified },
  usage: {
    inputTokens: { total: 9, noCache: 2, cacheRead: 4, cacheWrite: 3 },
    outputTokens: { total: 5, text: 3, reasoning: 2 },
  },
  providerMetadata: { mock: { id: "r-1" }, empty: {} },
});

const modelOf = (stream: ReadableStream<StreamPart> | Error) =>
  new MockLanguageModelV4({
    doStream: async () => {
      if (stream instanceof Error) throw stream;
      return { stream };
    },
  });

const listen = async (model: LanguageModelV4, signal = new AbortController().signal) => {
  const batches: (readonly ModelEvent[])[] = [];
  const end = await createLanguageModelDriver(() => model, { stallSeconds: 5 }).stream(call, signal, (events) =>
    batches.push(events),
  );
  return { batches, events: batches.flat(), end };
};

const say = (...parts: StreamPart[]) => listen(modelOf(convertArrayToReadableStream(parts)));

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no error",
    (thrown: unknown) => (thrown instanceof NatterError ? thrown.code : String(thrown)),
  );

describe("a model of AI SDK", () => {
  test("tells usage, finish and its own metadata; parts of one turn are one batch", async () => {
    const { batches, end } = await say(
      { type: "stream-start", warnings: [] },
      { type: "text-start", id: "0" },
      { type: "text-delta", id: "0", delta: "a" },
      { type: "text-delta", id: "0", delta: "b" },
      { type: "text-end", id: "0" },
      finish(),
    );
    expect(batches).toEqual([[{ type: "text", id: "text-1", delta: "ab" }]]);
    expect(end).toEqual({
      finishReason: "stop",
      usage: { inputTokens: 9, outputTokens: 5, cacheReadTokens: 4, cacheWriteTokens: 3, reasoningTokens: 2 },
      providerMetadata: { mock: { id: "r-1" } },
    });
  });

  test("gives each block an id of its own, and what the provider wants back with it", async () => {
    const { events } = await say(
      { type: "reasoning-start", id: "0" },
      { type: "reasoning-delta", id: "0", delta: "hm" },
      { type: "reasoning-end", id: "0", providerMetadata: { mock: { signature: "s\0" } } },
      { type: "text-start", id: "0" },
      { type: "text-start", id: "1" },
      { type: "text-delta", id: "0", delta: "x" },
      { type: "text-delta", id: "1", delta: "y" },
      { type: "text-delta", id: "0", delta: "z" },
      finish(),
    );
    expect(events).toEqual([
      { type: "reasoning", id: "reasoning-1", delta: "hm" },
      { type: "reasoning", id: "reasoning-1", delta: "", providerMetadata: { mock: { signature: "s" } } },
      { type: "text", id: "text-2", delta: "x" },
      { type: "text", id: "text-3", delta: "y" },
      { type: "text", id: "text-2", delta: "z" },
    ]);
  });

  test("adds sources, files and the provider's own tools as parts, never as calls to run", async () => {
    const { events } = await say(
      { type: "source", sourceType: "url", id: "s1", url: "https://a.b/\0", title: "A" },
      { type: "source", sourceType: "document", id: "s2", mediaType: "application/pdf", title: "B", filename: "b.pdf" },
      { type: "file", mediaType: "image/png", data: { type: "data", data: new Uint8Array([1, 2]) } },
      { type: "file", mediaType: "image/png", data: { type: "url", url: new URL("https://a.b/c.png") } },
      { type: "tool-input-start", id: "w1", toolName: "webSearch", providerExecuted: true },
      { type: "tool-input-delta", id: "w1", delta: '{"q":1}' },
      { type: "tool-call", toolCallId: "w1", toolName: "webSearch", input: '{"q":1}', providerExecuted: true },
      { type: "tool-result", toolCallId: "w1", toolName: "webSearch", result: { part: 1 }, preliminary: true },
      { type: "tool-result", toolCallId: "w1", toolName: "webSearch", result: { hits: 2 } },
      { type: "tool-call", toolCallId: "w2", toolName: "webSearch", input: "{}", providerExecuted: true },
      { type: "tool-result", toolCallId: "w2", toolName: "webSearch", result: "secret", isError: true },
      finish(),
    );
    expect(events.map((event) => (event.type === "part" ? event.part : event))).toEqual([
      { type: "source-url", sourceId: "s1", url: "https://a.b/", title: "A" },
      { type: "source-document", sourceId: "s2", mediaType: "application/pdf", title: "B", filename: "b.pdf" },
      { type: "file", mediaType: "image/png", url: "data:image/png;base64,AQI=" },
      { type: "file", mediaType: "image/png", url: "https://a.b/c.png" },
      {
        type: "tool-webSearch",
        toolCallId: "w1",
        providerExecuted: true,
        state: "output-available",
        input: { q: 1 },
        output: { hits: 2 },
      },
      {
        type: "tool-webSearch",
        toolCallId: "w2",
        providerExecuted: true,
        state: "output-error",
        input: {},
        errorText: "The provider's tool failed.",
      },
    ]);
  });

  test("that calls a tool without streaming its input still asks for it", async () => {
    const { events } = await say(
      {
        type: "tool-call",
        toolCallId: "c1",
        toolName: "add",
        input: '{"a":1}',
        providerMetadata: { mock: { signature: "t" } },
      },
      finish(),
    );
    expect(events).toEqual([
      { type: "tool-call", callId: "c1", tool: "add", input: { a: 1 }, providerMetadata: { mock: { signature: "t" } } },
    ]);
  });

  test("is made once for an id, and kept", async () => {
    const made: string[] = [];
    const driver = createLanguageModelDriver(
      (modelId) => {
        made.push(modelId);
        return new MockLanguageModelV4({
          doStream: async () => ({ stream: convertArrayToReadableStream([finish()]) }),
        });
      },
      { stallSeconds: 5 },
    );
    for (const model of ["mock/a", "mock/a", "mock/vendor/b", "mock/a"]) {
      await driver.stream({ ...call, model }, new AbortController().signal, () => {});
    }
    expect(made).toEqual(["a", "vendor/b"]);
  });

  test("S25 never downloads a file that the conversation names: the model gets its URL", async () => {
    const model = modelOf(convertArrayToReadableStream([finish()]));
    const data = new URL("http://127.0.0.1:9/secret.png");
    const messages: ModelCall["messages"] = [
      { role: "user", content: [{ type: "file", data, mediaType: "image/png" }] },
    ];
    await createLanguageModelDriver(() => model, { stallSeconds: 5 }).stream(
      { ...call, messages },
      new AbortController().signal,
      () => {},
    );
    expect(model.doStreamCalls[0]?.prompt).toMatchObject([{ content: [{ data: { type: "url", url: data } }] }]);
  });

  test.each([
    ["no finish", [], "provider_failed"],
    ["the finish `error`", [finish("error")], "provider_failed"],
    ["the finish `interrupted`", [finish("interrupted")], "provider_failed"],
    ["an error part", [{ type: "error", error: { type: "overloaded_error", message: "x" } }], "provider_busy"],
  ] as const)("that ends with %s fails", async (_name, parts, code) => {
    expect(await codeOf(say(...parts))).toBe(code);
  });

  test.each([
    [new LoadAPIKeyError({ message: "no OPENAI_API_KEY" }), "provider_misconfigured"],
    [new UnsupportedFunctionalityError({ functionality: "audio" }), "provider_refused"],
    [
      new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) }),
      "provider_unreachable",
    ],
    [new TypeError("terminated"), "provider_unreachable"],
    [
      new APICallError({
        message: "Cannot connect to API: x",
        url: "u",
        requestBodyValues: {},
        cause: Object.assign(new Error("x"), { code: "UND_ERR_HEADERS_TIMEOUT" }),
      }),
      "provider_timeout",
    ],
    [new Error("a bug"), "provider_failed"],
  ])("D6 that throws %s fails as %s", async (error, code) => {
    expect(await codeOf(listen(modelOf(error)))).toBe(code);
  });

  test("F16 that ignores its abort signal is left at once, and nothing of the same turn is said", async () => {
    const controller = new AbortController();
    let cancelled: unknown = null;
    let pulls = 0;
    const stream = new ReadableStream<StreamPart>({
      pull(parts) {
        pulls += 1;
        if (pulls === 1) parts.enqueue({ type: "text-delta", id: "0", delta: "said" });
        else controller.abort("stop");
      },
      cancel(reason) {
        cancelled = reason;
      },
    });
    const seen: ModelEvent[] = [];
    const driver = createLanguageModelDriver(() => modelOf(stream), { stallSeconds: 5 });
    await expect(driver.stream(call, controller.signal, (events) => seen.push(...events))).rejects.toBe("stop");
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual([]);
    expect(cancelled).toBe("stop");
  });
});
