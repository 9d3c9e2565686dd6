import { describe, expect, test } from "vitest";
import { catalogueRows } from "./catalogue-rows.ts";
import { createProviders, type ProvidersConfig } from "../registry.ts";

const keys = {
  openai: "k",
  anthropic: "k",
  google: "k",
  groq: "k",
  deepseek: "k",
  azure: { apiKey: "k", resourceName: "r" },
};

const create = (config: Partial<ProvidersConfig> = {}) =>
  createProviders({ providers: {}, keys, aliases: {}, prices: {}, allowsDemo: false, stallSeconds: 5, ...config });

const named: readonly (readonly [string, string])[] = [
  ["o3", "openai/o3"],
  ["o3-mini", "openai/o3-mini"],
  ["o4-mini", "openai/o4-mini"],
  ["gpt-5", "openai/gpt-5"],
  ["gpt-5-mini", "openai/gpt-5-mini"],
  ["gpt-4o", "openai/gpt-4o"],
  ["gpt-4-turbo", "openai/gpt-4-turbo"],
  ["o1", "openai/o1"],
  ["claude-opus-4.6", "anthropic/claude-opus-4-6"],
  ["sonnet-4.6", "anthropic/claude-sonnet-4-6"],
  ["claude-sonnet-4.6", "anthropic/claude-sonnet-4-6"],
  ["anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4-5"],
  ["haiku-4.5", "anthropic/claude-haiku-4-5"],
  ["claude-haiku-4-5", "anthropic/claude-haiku-4-5"],
  ["gemini-2.5-pro", "google/gemini-2.5-pro"],
  ["gemini-2.5-flash", "google/gemini-2.5-flash"],
  ["gemini-2.5-flash-lite", "google/gemini-2.5-flash-lite"],
  ["llama-3.3-70b-versatile", "groq/llama-3.3-70b-versatile"],
  ["deepseek-chat", "deepseek/deepseek-chat"],
];

describe("A9 the catalogue", () => {
  test.each(named)("knows %s as %s", (name, id) => {
    expect(create().models.resolve(name)).toBe(id);
  });

  test.each(catalogueRows.map(([id]) => id))("has limits and a published price for %s", (id) => {
    const { models, priceOf, describe: describeModel } = create();
    const model = models.list().find((one) => one.id === id);
    expect(model?.maxOutputTokens).toBeLessThanOrEqual(describeModel(id).contextTokens ?? 0);
    expect(priceOf(id, { inputTokens: 1_000_000, outputTokens: 1_000_000 })?.costMicros).toBeGreaterThan(0);
  });

  test("knows a model that is pinned to a day as that model, and of a stranger nothing", () => {
    const contextTokens = (id: string) => create().describe(id).contextTokens;
    expect(contextTokens("anthropic/claude-haiku-4-5-20251001")).toBe(200_000);
    expect(contextTokens("openai/gpt-4o-2024-08-06")).toBe(128_000);
    expect(contextTokens("openai/gpt-4o-audio-preview")).toBe(null);
  });
});

describe("A9 built-in providers", () => {
  test("are there by their keys, take any id of their own, and are gone without", () => {
    const { models, driver } = create();
    for (const id of [
      "openai/gpt-9",
      "anthropic/claude-x",
      "google/gemini-9",
      "groq/a/b",
      "deepseek/x",
      "azure/mine",
    ]) {
      expect(models.resolve(id)).toBe(id);
      expect(() => driver(id)).not.toThrow();
    }
    const without = create({ keys: { groq: "k" } });
    expect(without.models.resolve("openai/gpt-5")).toBe(undefined);
    expect(without.models.list().every(({ id }) => id.startsWith("groq/"))).toBe(true);
    expect(() => without.driver("openai/gpt-5")).toThrow("any more");
    expect(create({ keys: { openai: undefined } }).models.list()).toEqual([]);
  });

  test("give way to a configured provider of the same id", () => {
    const { models } = create({
      keys: { openai: "k" },
      providers: { openai: { baseUrl: "http://127.0.0.1:1/v1", models: ["o3"] } },
    });
    expect(models.list().map(({ id }) => id)).toEqual(["openai/o3"]);
  });

  test("choose nothing that nobody asked for: the default is the first of the first provider", () => {
    expect(create({ keys: { anthropic: "k", deepseek: "k" } }).models.defaultModel).toBe("anthropic/claude-sonnet-4-6");
    expect(create({ keys: { azure: keys.azure } }).models.defaultModel).toBe("");
  });

  test("A9 tells which models read images and files, also of models that it does not have", () => {
    const { takesFile } = create({ providers: { own: { baseUrl: "http://127.0.0.1:1/v1", files: ["image/*"] } } });
    for (const [id, mediaType, isTaken] of [
      ["openai/gpt-5-mini", "image/png", true],
      ["openai/gpt-5-mini", "application/pdf", true],
      ["openai/gpt-5-mini", "image/avif", false],
      ["openai/gpt-9-next", "image/png", true],
      ["openai/o3-mini", "image/png", false],
      ["openai/gpt-4-turbo", "image/png", true],
      ["openai/gpt-4-turbo", "application/pdf", false],
      ["anthropic/claude-sonnet-4-6", "image/gif", true],
      ["google/gemini-2.5-pro", "audio/mpeg", true],
      ["google/gemini-2.5-pro", "image/gif", false],
      ["groq/llama-3.3-70b-versatile", "image/png", false],
      ["deepseek/deepseek-chat", "image/png", false],
      ["ollama/llama3.2-vision:11b", "image/png", true],
      ["ollama/llama3.2", "image/png", false],
      ["compatible/qwen2.5-vl-7b", "image/jpeg", true],
      ["own/anything", "image/avif", true],
      ["own/anything", "application/pdf", false],
    ] as const)
      expect([id, mediaType, takesFile(id, mediaType)]).toEqual([id, mediaType, isTaken]);
  });

  test("A9 offers abilities and list prices", () => {
    const { models } = create({ prices: { "openai/gpt-5": { input: 1.234567, output: 2 } }, allowsDemo: true });
    const offered = new Map(models.list().map((model) => [model.id, model]));
    expect(offered.get("openai/gpt-5")?.price).toEqual({
      inputMicrosPerMillion: 1_234_570,
      outputMicrosPerMillion: 2_000_000,
    });
    expect(offered.get("anthropic/claude-sonnet-4-5")).toMatchObject({
      images: true,
      files: ["application/pdf"],
      price: { inputMicrosPerMillion: 3_000_000, outputMicrosPerMillion: 15_000_000 },
    });
    expect(offered.get("groq/llama-3.1-8b-instant")).toMatchObject({ images: false, files: [] });
    expect(offered.get("natter/demo")?.price).toEqual({ inputMicrosPerMillion: 0, outputMicrosPerMillion: 0 });
  });
});
