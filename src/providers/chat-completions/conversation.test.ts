import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { expect, test } from "vitest";
import { conversationCall, conversationWire } from "../../testing/providers/recorded-request.ts";
import { createScriptedProvider } from "../../testing/providers/scripted-provider.ts";
import { createLanguageModelDriver } from "../ai-sdk/language-model.ts";
import { createOpenAICompatibleDriver } from "../openai-compatible.ts";

test("the lean reader and AI SDK send a conversation, its tools and settings alike, as Chat Completions takes them", async () => {
  await using provider = await createScriptedProvider(() => [{ say: "ok" }]);
  const { baseUrl } = provider;
  const compatible = createOpenAICompatible({ name: "compatible", baseURL: baseUrl, includeUsage: true });
  const signal = new AbortController().signal;
  await createOpenAICompatibleDriver({ baseUrl, stallSeconds: 5 }).stream(conversationCall, signal, () => {});
  await createLanguageModelDriver((id) => compatible(id), { stallSeconds: 5 }).stream(
    conversationCall,
    signal,
    () => {},
  );
  expect(provider.requests.map(({ body }) => body)).toEqual([conversationWire, conversationWire]);
});
