import type { ModelDriver } from "../protocol/agent/model.ts";
import type { BuiltInOptions } from "./built-in-options.ts";
import { createLanguageModelDriver } from "./ai-sdk/language-model.ts";
import { createLazyDriver } from "./lazy-driver.ts";
import { limitOptions } from "./ai-sdk/provider-options.ts";

const defaultBaseUrl = "https://generativelanguage.googleapis.com/v1beta";

/** What a conversation may ask of Gemini: not whose cached contents it reads, nor what its filters let pass. */
const options = ["thinkingConfig", "responseModalities", "mediaResolution"];

/** Google's Gemini, by way of the package `@ai-sdk/google`, an optional one. */
export const createGoogleDriver = ({ baseUrl, apiKey, headers, stallSeconds }: BuiltInOptions): ModelDriver => {
  const driver = createLazyDriver("@ai-sdk/google", async () => {
    const { createGoogle } = await import("@ai-sdk/google");
    // an empty key: without any it would read the environment's, which may not be meant for this address
    const google = createGoogle({
      apiKey: apiKey ?? "",
      baseURL: baseUrl ?? defaultBaseUrl,
      ...(headers === undefined ? {} : { headers }),
    });
    return createLanguageModelDriver((modelId) => google(modelId), { stallSeconds });
  });
  return {
    stream: (call, signal, sink) => driver.stream(limitOptions(call, "google", options), signal, sink),
  };
};
