import { describe, expect, onTestFinished, test } from "vitest";
import type { ModelCall, ModelDriver } from "../protocol/agent/model.ts";
import { geminiWire } from "../testing/providers/gemini-wire.ts";
import { chatWire, type ProviderWire } from "../testing/providers/provider-wire.ts";
import { responsesWire } from "../testing/providers/responses-wire.ts";
import {
  createScriptedProvider,
  type ScriptedProvider,
  type ScriptedRequest,
} from "../testing/providers/scripted-provider.ts";
import { createAzureDriver } from "./azure.ts";
import { builtInCreator } from "./built-in.ts";
import { createLazyDriver } from "./lazy-driver.ts";

const tools: ModelCall["tools"] = [{ name: "add", inputSchema: { type: "object" } }];

const call = (model: string, more: Partial<ModelCall> = {}): ModelCall => ({
  model,
  instructions: "Be brief.",
  messages: [
    { role: "user", content: "one" },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "early" },
        { type: "text", text: "1" },
      ],
    },
    { role: "user", content: "two" },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "late" },
        { type: "text", text: "2" },
      ],
    },
  ],
  tools: [],
  settings: {
    temperature: 0.5,
    topP: 0.9,
    frequencyPenalty: 0.1,
    presencePenalty: 0.1,
    maxOutputTokens: 100,
  },
  ...more,
});

const serve = async (wire: ProviderWire): Promise<ScriptedProvider> => {
  const provider = await createScriptedProvider(() => [
    { bytes: wire.open + wire.text("ok") + wire.close },
    { end: true },
  ]);
  onTestFinished(() => provider.close());
  return provider;
};

const sent = async (
  model: string,
  {
    wire = chatWire,
    create,
    ...more
  }: Partial<ModelCall> & { wire?: ProviderWire; create?: (url: string) => ModelDriver } = {},
): Promise<ScriptedRequest> => {
  const provider = await serve(wire);
  const id = model.slice(0, model.indexOf("/"));
  const options = { baseUrl: provider.baseUrl, apiKey: "sk-1", headers: { "x-own": "yes" }, stallSeconds: 5 };
  const driver = create?.(provider.baseUrl) ?? builtInCreator(id)?.(options);
  await driver?.stream(call(model, more), new AbortController().signal, () => {});
  const [request] = provider.requests;
  if (request === undefined) throw new Error("nothing was sent");
  return request;
};

const options = (providerId: string, values: Record<string, string | number | boolean>): Partial<ModelCall> => ({
  settings: { ...call("").settings, providerOptions: { [providerId]: values } },
});

describe("A9 OpenAI", () => {
  test("gets sampling, max_tokens and a system message for a model that does not reason, and no foreign reasoning", async () => {
    const { path, headers, body } = await sent("openai/gpt-4o");
    expect([path, headers["authorization"], headers["x-own"]]).toEqual(["/v1/chat/completions", "Bearer sk-1", "yes"]);
    expect(body).toEqual({
      model: "gpt-4o",
      temperature: 0.5,
      top_p: 0.9,
      frequency_penalty: 0.1,
      presence_penalty: 0.1,
      max_tokens: 100,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "one" },
        { role: "assistant", content: "1" },
        { role: "user", content: "two" },
        { role: "assistant", content: "2" },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test.each(["o1", "o3", "o3-mini", "o4-mini", "gpt-5", "gpt-5-mini", "gpt-5.1", "gpt-6-sol", "o3-2025-04-16"])(
    "gets max_completion_tokens, a developer message and no sampling for %s",
    async (model) => {
      const { path, body } = await sent(`openai/${model}`, { ...options("openai", { logitBias: 1 }) });
      expect(path).toBe("/v1/chat/completions");
      expect(body["messages"]).toMatchObject([{ role: "developer" }, {}, {}, {}, {}]);
      expect(Object.keys(body).toSorted((a, b) => a.localeCompare(b))).toEqual([
        "max_completion_tokens",
        "messages",
        "model",
        "stream",
        "stream_options",
      ]);
    },
  );

  test("gets temperature for a model that is told not to reason", async () => {
    const { body } = await sent("openai/gpt-5.1", options("openai", { reasoningEffort: "none" }));
    expect(body).toMatchObject({ reasoning_effort: "none", temperature: 0.5, top_p: 0.9 });
    expect(body).not.toHaveProperty("frequency_penalty");
  });

  test("gets options by OpenAI's names or AI SDK's, but none that decide what is called, paid or read", async () => {
    const { body } = await sent(
      "openai/gpt-4o",
      options("openai", {
        textVerbosity: "low",
        service_tier: "flex",
        maxCompletionTokens: 9,
        max_tokens: 9,
        store: true,
        previousResponseId: "resp_of_another",
        model: "gpt-5-pro",
      }),
    );
    expect(body).toMatchObject({ verbosity: "low", service_tier: "flex", max_tokens: 100, model: "gpt-4o" });
    for (const name of ["max_completion_tokens", "store", "previous_response_id"])
      expect(body).not.toHaveProperty(name);
  });

  test.each([
    ["openai/gpt-5-pro", {}],
    ["openai/gpt-5.3-codex", {}],
    ["openai/gpt-5", options("openai", { reasoningSummary: "auto" })],
    ["openai/gpt-5.6-sol", { tools }],
  ])("answers %s %j by Responses, which store nothing at OpenAI", async (model, more) => {
    const { path, body } = await sent(model, { wire: responsesWire, ...more });
    expect(path).toBe("/v1/responses");
    expect(body).toMatchObject({ store: false, include: ["reasoning.encrypted_content"], max_output_tokens: 100 });
    expect(body).not.toHaveProperty("temperature");
  });

  test("answers tools without reasoning, and a summary of a model that has none, by Chat Completions", async () => {
    for (const [model, more] of [
      ["openai/gpt-5.6-sol", { tools, ...options("openai", { reasoningEffort: "none" }) }],
      ["openai/gpt-4o", options("openai", { reasoningSummary: "auto" })],
    ] as const) {
      const { path, body } = await sent(model, more);
      expect(path).toBe("/v1/chat/completions");
      expect(body).not.toHaveProperty("reasoning_summary");
    }
  });
});

describe("A9 Azure OpenAI", () => {
  const azure = (apiVersion?: string) => (baseUrl: string) =>
    createAzureDriver({ baseUrl, apiKey: "key", apiVersion, stallSeconds: 5 });

  test.each([
    ["2024-10-21", "/deployments/my%20gpt-5/chat/completions?api-version=2024-10-21"],
    ["preview", "/v1/chat/completions?api-version=preview"],
    [undefined, "/v1/chat/completions"],
  ])("with the version %s is called at %s, with its key in a header of its own", async (apiVersion, expected) => {
    const { path, headers, body } = await sent("azure/my gpt-5", { create: azure(apiVersion) });
    expect(path).toBe(expected);
    expect(headers["api-key"]).toBe("key");
    expect(headers).not.toHaveProperty("authorization");
    expect(body).toMatchObject({ model: "my gpt-5" });
  });

  test("calls a deployment that is named after a reasoning model as that model wants to be", async () => {
    const { body } = await sent("azure/o4-mini", { create: azure("2024-10-21") });
    expect(body).toMatchObject({ max_completion_tokens: 100, messages: [{ role: "developer" }, {}, {}, {}, {}] });
    expect(body).not.toHaveProperty("temperature");
  });
});

describe("A9 other providers", () => {
  const assistants = ({ body }: ScriptedRequest): unknown =>
    Array.isArray(body["messages"]) ? body["messages"].filter(({ role }) => role === "assistant") : [];

  test("Groq gets reasoning back only for models that reason, under its own name, and keeps it out of the text", async () => {
    expect(assistants(await sent("groq/openai/gpt-oss-120b"))).toMatchObject([
      { reasoning: "early" },
      { reasoning: "late" },
    ]);
    const plain = await sent("groq/llama-3.3-70b-versatile");
    expect(JSON.stringify(assistants(plain))).not.toContain("reasoning");
    expect(plain.body).toMatchObject({ max_completion_tokens: 100, temperature: 0.5 });
    expect((await sent("groq/qwen/qwen3-32b")).body).toMatchObject({
      reasoning_format: "parsed",
      model: "qwen/qwen3-32b",
    });
  });

  test("DeepSeek gets reasoning back only behind the last message of a person, V4 always", async () => {
    expect(assistants(await sent("deepseek/deepseek-reasoner"))).toEqual([
      { role: "assistant", content: "1" },
      { role: "assistant", content: "2", reasoning_content: "late" },
    ]);
    const messages: ModelCall["messages"] = [
      { role: "user", content: "one" },
      { role: "assistant", content: "1" },
    ];
    expect(assistants(await sent("deepseek/deepseek-v4-pro", { messages }))).toEqual([
      { role: "assistant", content: "1", reasoning_content: "" },
    ]);
  });

  test("Google is called at its own address form, and reads nobody's cached contents", async () => {
    const { path, headers, body } = await sent("google/gemini-2.5-flash", {
      wire: geminiWire,
      ...options("google", { cachedContent: "cachedContents/of-another" }),
    });
    expect(path).toBe("/v1/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
    expect(headers["x-goog-api-key"]).toBe("sk-1");
    expect(body).not.toHaveProperty("cachedContent");
    expect(body).toMatchObject({ generationConfig: { maxOutputTokens: 100, temperature: 0.5 } });
  });

  test("one whose package is not installed says in one line how to install it, and is tried again by the next call", async () => {
    let isInstalled = false;
    const driver = createLazyDriver("@ai-sdk/google", async () => {
      if (!isInstalled) throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
      return { stream: async () => ({ finishReason: "stop" }) };
    });
    const ask = () => driver.stream(call("google/a"), new AbortController().signal, () => {});
    await expect(ask()).rejects.toMatchObject({
      code: "provider_misconfigured",
      message: "This model needs one more package: npm install @ai-sdk/google",
    });
    isInstalled = true;
    await expect(ask()).resolves.toEqual({ finishReason: "stop" });
  });
});
