import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { chatWire } from "../testing/providers/provider-wire.ts";
import { geminiWire } from "../testing/providers/gemini-wire.ts";
import { messagesWire } from "../testing/providers/messages-wire.ts";
import { describeModelDriver } from "../testing/conformance/model-driver-conformance.ts";
import { responsesWire } from "../testing/providers/responses-wire.ts";
import { createAnthropicDriver } from "./anthropic.ts";
import { createAzureDriver } from "./azure.ts";
import { createDeepSeekDriver } from "./deepseek.ts";
import { createGoogleDriver } from "./google.ts";
import { createGroqDriver } from "./groq.ts";
import { createLanguageModelDriver } from "./ai-sdk/language-model.ts";
import { createOpenAIDriver } from "./openai.ts";
import { createOpenAICompatibleDriver } from "./openai-compatible.ts";

const apiKey = "sk-1";

/** These share a reader: what makes them differ is in what they send. */
const inBrief = (model: string) => ({
  ...chatWire,
  model,
  streams: chatWire.streams.filter(({ name }) => /multi-byte|interleaved|error object/.test(name)),
});

describeModelDriver({ name: "the lean reader", create: createOpenAICompatibleDriver });

describeModelDriver({
  name: "a compatible model of AI SDK",
  create: ({ baseUrl, stallSeconds }) => {
    const provider = createOpenAICompatible({ name: "compatible", baseURL: baseUrl, includeUsage: true });
    return createLanguageModelDriver((modelId) => provider(modelId), { stallSeconds });
  },
});

describeModelDriver({
  name: "OpenAI",
  wire: inBrief("openai/gpt-4o"),
  create: (options) => createOpenAIDriver({ ...options, apiKey }),
});

describeModelDriver({
  name: "OpenAI by AI SDK",
  wire: inBrief("openai/gpt-4o"),
  create: ({ baseUrl, stallSeconds }) => {
    const provider = createOpenAI({ apiKey, baseURL: baseUrl });
    return createLanguageModelDriver((modelId) => provider.chat(modelId), { stallSeconds });
  },
});

describeModelDriver({
  name: "OpenAI's Responses",
  wire: responsesWire,
  create: (options) => createOpenAIDriver({ ...options, apiKey }),
});

describeModelDriver({
  name: "Groq",
  wire: inBrief("groq/llama-3.3-70b-versatile"),
  create: (options) => createGroqDriver({ ...options, apiKey }),
});

describeModelDriver({
  name: "DeepSeek",
  wire: inBrief("deepseek/deepseek-chat"),
  create: (options) => createDeepSeekDriver({ ...options, apiKey }),
});

describeModelDriver({
  name: "Azure OpenAI",
  wire: inBrief("azure/gpt-4o"),
  create: (options) => createAzureDriver({ ...options, apiKey, apiVersion: "2024-10-21" }),
});

describeModelDriver({
  name: "Anthropic",
  wire: messagesWire,
  create: (options) => createAnthropicDriver({ ...options, apiKey }),
});

describeModelDriver({
  name: "Anthropic by AI SDK",
  wire: messagesWire,
  create: ({ baseUrl, stallSeconds }) => {
    const provider = createAnthropic({ apiKey, baseURL: baseUrl });
    return createLanguageModelDriver((modelId) => provider(modelId), { stallSeconds });
  },
});

describeModelDriver({
  name: "Google",
  wire: geminiWire,
  create: (options) => createGoogleDriver({ ...options, apiKey }),
});
