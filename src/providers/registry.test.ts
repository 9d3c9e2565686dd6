import { convertArrayToReadableStream, MockLanguageModelV4 } from "ai/test";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ModelCall } from "../protocol/agent/model.ts";
import { createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { createScriptedProvider } from "../testing/providers/scripted-provider.ts";
import { createProviders, type ProvidersConfig } from "./registry.ts";

const create = (config: Partial<ProvidersConfig> = {}) =>
  createProviders({ providers: {}, aliases: {}, prices: {}, allowsDemo: true, stallSeconds: 5, ...config });

const own = { driver: createScriptedModel(() => [say("own")]) };

const call = (model: string): ModelCall => ({
  model,
  messages: [{ role: "user", content: "hi" }],
  tools: [],
  settings: {},
});

const answer = async (providers: ReturnType<typeof create>, model: string): Promise<string> => {
  let text = "";
  await providers.driver(model).stream(call(model), new AbortController().signal, (events) => {
    for (const event of events) if ("delta" in event) text += event.delta;
  });
  return text;
};

describe("the models of a server", () => {
  test("N9 without any provider are the demo model, unless it is not allowed", () => {
    const { models } = create();
    expect([models.defaultModel, models.list().map(({ id }) => id)]).toEqual(["natter/demo", ["natter/demo"]]);
    const none = create({ allowsDemo: false }).models;
    expect([none.defaultModel, none.list(), none.resolve("natter/demo"), none.resolve("")]).toEqual([
      "",
      [],
      undefined,
      undefined,
    ]);
  });

  test("C3 A9 take any id of a configured provider, whatever slashes it has, and nobody else's", () => {
    const { models } = create({ providers: { compatible: { baseUrl: "http://127.0.0.1:1/v1" } } });
    for (const id of ["compatible/llama3:8b", "compatible/vendor/model-1.5@q4"]) expect(models.resolve(id)).toBe(id);
    for (const id of [
      "openai/gpt-5",
      "compatible/",
      "compatible/../x y",
      "compatible/\n",
      "compatible",
      "natter/other",
      "",
      "toString",
      "__proto__/a",
    ]) {
      expect(models.resolve(id)).toBe(undefined);
    }
  });

  test("are offered with what the catalogue knows of them", () => {
    const { models, describe: describeModel } = create({
      providers: { openai: own, local: { ...own, models: ["tiny"] } },
      allowsDemo: false,
    });
    expect(models.defaultModel).toBe("openai/gpt-5");
    expect(models.list()).toContainEqual({
      id: "openai/gpt-4o",
      name: "GPT-4o",
      contextTokens: 128_000,
      maxOutputTokens: 16_384,
      tools: true,
      reasoning: false,
      images: true,
      files: ["application/pdf"],
      price: { inputMicrosPerMillion: 2_500_000, outputMicrosPerMillion: 10_000_000 },
    });
    expect(models.list().at(-1)).toMatchObject({ id: "local/tiny", name: "tiny", contextTokens: null });
    expect(["openai/o3", "local/tiny"].map((id) => describeModel(id).contextTokens)).toEqual([200_000, null]);
  });

  test("A9 are found by their names elsewhere, by an operator's alias, and without their provider", () => {
    const { models } = create({ providers: { anthropic: own, openai: own }, aliases: { fast: "openai/gpt-5-mini" } });
    expect(models.resolve("anthropic/claude-opus-4.6")).toBe("anthropic/claude-opus-4-6");
    expect(models.resolve("claude-opus-4.6")).toBe("anthropic/claude-opus-4-6");
    expect(models.resolve("gpt-5-mini")).toBe("openai/gpt-5-mini");
    expect(models.resolve("fast")).toBe("openai/gpt-5-mini");
    expect(create({ providers: {}, aliases: { fast: "openai/gpt-5-mini" } }).models.resolve("fast")).toBe(undefined);
  });

  test("C11 have the default that the operator names, or the server does not start", () => {
    const providers = { compatible: { baseUrl: "http://127.0.0.1:1/v1", models: ["a", "b"] } };
    expect(create({ providers }).models.defaultModel).toBe("compatible/a");
    expect(create({ providers, default: "b" }).models.defaultModel).toBe("compatible/b");
    expect(() => create({ providers, default: "openai/gpt-5" })).toThrow(/default model/);
  });
});

describe("a driver", () => {
  test("C3 is a server of Chat Completions, a model of AI SDK, or one's own", async () => {
    const provider = await createScriptedProvider(({ body }) => [{ say: `compatible ${String(body["model"])}` }]);
    onTestFinished(() => provider.close());
    const providers = create({
      providers: {
        compatible: { baseUrl: provider.baseUrl },
        sdk: {
          model: (modelId) =>
            new MockLanguageModelV4({
              doStream: async () => ({
                stream: convertArrayToReadableStream([
                  { type: "text-delta", id: "0", delta: `sdk ${modelId}` },
                  {
                    type: "finish",
                    finishReason: { unified: "stop", raw: "stop" },
                    usage: {
                      inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
                      outputTokens: { total: 1, text: 1, reasoning: 0 },
                    },
                  },
                ]),
              }),
            }),
        },
        own,
      },
    });
    expect(await answer(providers, "compatible/a/b")).toBe("compatible a/b");
    expect(await answer(providers, "sdk/c")).toBe("sdk c");
    expect(await answer(providers, "own/d")).toBe("own");
    expect(await answer(providers, "natter/demo")).toContain("not an AI");
  }, 20_000);

  test("F23 tries a busy provider again before it gives up", async () => {
    const provider = await createScriptedProvider(({ number }) =>
      number === 1 ? [{ status: 429, headers: { "retry-after": "0" } }] : [{ say: "second" }],
    );
    onTestFinished(() => provider.close());
    expect(await answer(create({ providers: { compatible: { baseUrl: provider.baseUrl } } }), "compatible/a")).toBe(
      "second",
    );
  });

  test("of a provider that is gone is told", () => {
    expect(() => create().driver("gone/model")).toThrow(/no model "gone\/model"/);
  });
});
