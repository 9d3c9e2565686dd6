import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { describeModelDriver } from "../testing/model-driver-conformance.ts";
import { createLanguageModelDriver } from "./language-model.ts";
import { createOpenAICompatibleDriver } from "./openai-compatible.ts";

describeModelDriver({ name: "the lean reader", create: createOpenAICompatibleDriver });

describeModelDriver({
  name: "a model of AI SDK",
  create: ({ baseUrl, stallSeconds }) => {
    const provider = createOpenAICompatible({ name: "compatible", baseURL: baseUrl, includeUsage: true });
    return createLanguageModelDriver((modelId) => provider(modelId), { stallSeconds });
  },
});
