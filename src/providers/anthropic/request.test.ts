import { createAnthropic } from "@ai-sdk/anthropic";
import { describe, expect, test } from "vitest";
import type { ModelCall } from "../../protocol/agent/model.ts";
import { messagesWire } from "../../testing/providers/messages-wire.ts";
import { conversationCall } from "../../testing/providers/recorded-request.ts";
import { createScriptedProvider } from "../../testing/providers/scripted-provider.ts";
import { createAnthropicDriver } from "../anthropic.ts";
import { createLanguageModelDriver } from "../ai-sdk/language-model.ts";
import { requestBody } from "./request.ts";

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

const call = (more: Partial<ModelCall> = {}): ModelCall => ({
  model: "anthropic/claude-sonnet-4-5",
  messages: [{ role: "user", content: "hi" }],
  tools: [],
  settings: {},
  ...more,
});

const bodyOf = (more: Partial<ModelCall>): Record<string, unknown> => JSON.parse(requestBody(call(more)));

const signed: ModelCall = {
  ...conversationCall,
  model: "anthropic/claude-sonnet-4-5",
  messages: [
    { role: "user", content: "hello" },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Whose?", providerOptions: { openai: { itemId: "rs_1" } } },
        { type: "reasoning", text: "The weather.", providerOptions: { anthropic: { signature: "signed==" } } },
        { type: "reasoning", text: "", providerOptions: { anthropic: { redactedData: "c2Vj" } } },
        ...(conversationCall.messages[1]?.role === "assistant" &&
        typeof conversationCall.messages[1].content !== "string"
          ? conversationCall.messages[1].content.slice(1)
          : []),
      ],
    },
    ...conversationCall.messages.slice(2, 3),
    { role: "user", content: "Thanks." },
    {
      role: "user",
      content: [
        { type: "text", text: "And these?" },
        { type: "file", data: `data:image/png;base64,${png}`, mediaType: "image/png" },
        { type: "file", data: new URL("https://example.org/cat.jpg"), mediaType: "image/jpeg" },
        { type: "file", data: "JVBERi0xLjQ=", mediaType: "application/pdf", filename: "a.pdf" },
        { type: "file", data: Buffer.from("a"), mediaType: "text/plain", filename: "a.txt" },
      ],
    },
  ],
  settings: { temperature: 0.5, topP: 0.9, maxOutputTokens: 100 },
};

const wire = {
  model: "claude-sonnet-4-5",
  max_tokens: 100,
  temperature: 0.5,
  system: "Be brief.",
  messages: [
    { role: "user", content: [{ type: "text", text: "hello" }] },
    {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "The weather.", signature: "signed==" },
        { type: "redacted_thinking", data: "c2Vj" },
        { type: "text", text: "Looking." },
        { type: "tool_use", id: "call_1", name: "weather", input: { city: "Köln" } },
        { type: "tool_use", id: "call_2", name: "currentTime", input: {} },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "call_1", content: '{"c":21}' },
        { type: "tool_result", tool_use_id: "call_2", content: "no clock", is_error: true },
        { type: "text", text: "Thanks." },
        { type: "text", text: "And these?" },
        { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
        { type: "image", source: { type: "url", url: "https://example.org/cat.jpg" } },
        {
          type: "document",
          source: { type: "base64", media_type: "application/pdf", data: "JVBERi0xLjQ=" },
          title: "a.pdf",
        },
        { type: "document", source: { type: "text", media_type: "text/plain", data: "a" }, title: "a.txt" },
      ],
    },
  ],
  tools: [
    {
      name: "weather",
      description: "Weather of a city",
      input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  ],
  stream: true,
};

/** Both forms of the same: AI SDK writes instructions as blocks, and asks for tool input that is not checked first. */
const normal = (body: Record<string, unknown>): unknown => {
  const system = Array.isArray(body["system"]) ? body["system"][0]?.text : body["system"];
  const tools = Array.isArray(body["tools"]) ? body["tools"] : [];
  return {
    ...body,
    system,
    tools: tools.map(({ eager_input_streaming: _eager, ...tool }: Record<string, unknown>) => tool),
    tool_choice: undefined,
  };
};

describe("a call of Anthropic's Messages", () => {
  test("is what AI SDK sends: results of a step together, signed thoughts, files, and instructions apart", async () => {
    await using provider = await createScriptedProvider(() => [
      { bytes: messagesWire.open + messagesWire.close },
      { end: true },
    ]);
    const { baseUrl } = provider;
    const anthropic = createAnthropic({ apiKey: "sk-1", baseURL: baseUrl });
    const signal = new AbortController().signal;
    await createAnthropicDriver({ baseUrl, apiKey: "sk-1", stallSeconds: 5 }).stream(signed, signal, () => {});
    await createLanguageModelDriver((id) => anthropic(id), { stallSeconds: 5 }).stream(signed, signal, () => {});
    const [lean, sdk] = provider.requests;
    expect(lean?.body).toEqual(wire);
    expect(normal(sdk?.body ?? {})).toEqual(normal(wire));
    expect([lean?.path, lean?.headers["x-api-key"], lean?.headers["anthropic-version"]]).toEqual([
      sdk?.path,
      sdk?.headers["x-api-key"],
      sdk?.headers["anthropic-version"],
    ]);
    expect(lean?.headers).not.toHaveProperty("authorization");
  });

  test("asks for as many tokens as the model can say, or as were set, never for more than it can", () => {
    const tokens = (model: string, maxOutputTokens?: number): unknown =>
      bodyOf({ model, settings: maxOutputTokens === undefined ? {} : { maxOutputTokens } })["max_tokens"];
    expect(tokens("anthropic/claude-sonnet-4-5")).toBe(64_000);
    expect(tokens("anthropic/claude-sonnet-4-5-20250929")).toBe(64_000);
    expect(tokens("anthropic/claude-sonnet-4-5", 900_000)).toBe(64_000);
    expect(tokens("anthropic/claude-sonnet-4-5", 10)).toBe(10);
    expect(tokens("anthropic/somebody-elses")).toBe(4096);
    expect(tokens("anthropic/somebody-elses", 5000)).toBe(5000);
  });

  test("thinks on top of the answer's length, and then takes no temperature", () => {
    const thinking = { type: "enabled", budgetTokens: 2000 };
    const body = bodyOf({
      settings: { temperature: 1.5, maxOutputTokens: 100, providerOptions: { anthropic: { thinking } } },
    });
    expect(body).toMatchObject({ thinking: { type: "enabled", budget_tokens: 2000 }, max_tokens: 2100 });
    expect(body).not.toHaveProperty("temperature");
    expect(bodyOf({ settings: { temperature: 1.5 } })).toMatchObject({ temperature: 1 });
    expect(bodyOf({ settings: { topP: 0.5 } })).toMatchObject({ top_p: 0.5 });
  });

  test.each(["claude-opus-4-7", "claude-opus-5", "claude-sonnet-5", "claude-opus-5-5-20260801"])(
    "has no temperature for %s, which refuses it",
    (model) => {
      const body = bodyOf({ model: `anthropic/${model}`, settings: { temperature: 0.5, topP: 0.5 } });
      expect(body).not.toHaveProperty("temperature");
      expect(body).not.toHaveProperty("top_p");
    },
  );

  test("takes of a conversation's options only those that change neither what is called nor what it may do", () => {
    const options = {
      effort: "low",
      cacheControl: { type: "ephemeral" },
      disableParallelToolUse: true,
      mcpServers: [{ type: "url", name: "evil", url: "https://evil.example" }],
      max_tokens: 1,
      model: "claude-opus-4-6",
      stream: false,
      system: "obey",
      fallbacks: [],
    };
    const { tools } = conversationCall;
    const plain = bodyOf({ tools });
    expect(bodyOf({ tools, settings: { providerOptions: { anthropic: options, openai: { user: "x" } } } })).toEqual({
      ...plain,
      output_config: { effort: "low" },
      cache_control: { type: "ephemeral" },
      tool_choice: { type: "auto", disable_parallel_tool_use: true },
    });
  });

  test("leaves out what Anthropic refuses: empty texts, thoughts nobody signed, white space at the end", () => {
    expect(
      bodyOf({
        messages: [
          { role: "user", content: [{ type: "text", text: " \n" }] },
          { role: "user", content: "go on" },
          { role: "assistant", content: [{ type: "reasoning", text: "hm" }] },
          { role: "assistant", content: [{ type: "text", text: "Once \n" }] },
        ],
      })["messages"],
    ).toEqual([
      { role: "user", content: [{ type: "text", text: "go on" }] },
      { role: "assistant", content: [{ type: "text", text: "Once" }] },
    ]);
  });

  test("names a call as Anthropic allows, the same with its result, and wraps an input that is no object", () => {
    const body = bodyOf({
      messages: [
        { role: "user", content: "go" },
        {
          role: "assistant",
          content: [{ type: "tool-call", toolCallId: "a.b:c", toolName: "add", input: '{"a": 1, ' }],
        },
        {
          role: "tool",
          content: [
            { type: "tool-result", toolCallId: "a.b:c", toolName: "add", output: { type: "text", value: "no" } },
          ],
        },
      ],
    });
    expect(body["messages"]).toMatchObject([
      {},
      { content: [{ type: "tool_use", id: "a_b_c", input: { rawInvalidInput: '{"a": 1, ' } }] },
      { content: [{ type: "tool_result", tool_use_id: "a_b_c" }] },
    ]);
  });

  test.each([
    ["file:///etc/passwd", "image/png"],
    ["https://a.b/c.zip", "application/zip"],
    ["UEsDBA==", "application/zip"],
    ["AAAA", "audio/wav"],
    ["AAAA", "image/*"],
  ])("S25 refuses %j as %s with a text that is safe to show", (data, mediaType) => {
    const messages: ModelCall["messages"] = [{ role: "user", content: [{ type: "file", data, mediaType }] }];
    expect(() => requestBody(call({ messages }))).toThrow(
      expect.objectContaining({ code: "provider_refused", message: expect.not.stringContaining("passwd") }),
    );
  });
});
