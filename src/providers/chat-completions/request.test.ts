import type { FilePart } from "ai";
import { describe, expect, test } from "vitest";
import type { ModelCall } from "../../protocol/agent/model.ts";
import { requestBody } from "./request.ts";

const bodyOf = (call: Partial<ModelCall>, modelId = "m"): Record<string, unknown> => {
  const whole = { model: `compatible/${modelId}`, messages: [], tools: [], settings: {}, ...call };
  return JSON.parse(requestBody(whole, { providerId: "compatible", modelId }));
};

const withFile = (data: FilePart["data"], mediaType: string): unknown =>
  bodyOf({ messages: [{ role: "user", content: [{ type: "file", data, mediaType }] }] })["messages"];

describe("A2 a request", () => {
  test("names the token limit as the model knows it", () => {
    const settings = { maxOutputTokens: 9 };
    for (const id of ["o3", "o4-mini", "gpt-5-mini", "openai/gpt-5"]) {
      expect(bodyOf({ settings }, id)).toMatchObject({ max_completion_tokens: 9 });
      expect(bodyOf({ settings }, id)).not.toHaveProperty("max_tokens");
    }
    for (const id of ["gpt-4o", "llama3:8b", "olmo-2", "foo-gpt-5"])
      expect(bodyOf({ settings }, id)).toMatchObject({ max_tokens: 9 });
  });

  test("lets a conversation's own parameters win over its settings, and over nothing that the server decides", () => {
    const compatible = {
      temperature: 0.9,
      top_k: 5,
      messages: [],
      tools: [],
      stream_options: {},
      max_completion_tokens: 1e6,
      best_of: 9,
    };
    const body = bodyOf({
      settings: { temperature: 0.1, maxOutputTokens: 5, providerOptions: { compatible, other: { top_k: 6 } } },
      instructions: "x",
    });
    expect(body).toEqual({
      temperature: 0.9,
      top_k: 5,
      max_tokens: 5,
      model: "m",
      messages: [{ role: "system", content: "x" }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  test("S38 with a __proto__ in its parameters is inert", () => {
    const providerOptions = JSON.parse('{"compatible":{"__proto__":{"polluted":1},"seed":1},"__proto__":{"x":{}}}');
    expect(bodyOf({ settings: { providerOptions } })).toMatchObject({ seed: 1 });
    expect("polluted" in {}).toBe(false);
  });

  test("leaves out what another provider's own tool did, which nobody here could answer", () => {
    const call = { toolCallId: "c", toolName: "search", input: {} };
    const result = { ...call, type: "tool-result", output: { type: "text", value: "found" } } as const;
    const content = [
      { type: "tool-call", providerExecuted: true, ...call },
      result,
      { type: "text", text: "It is so." },
    ] as const;
    expect(bodyOf({ messages: [{ role: "assistant", content: [...content] }] })["messages"]).toEqual([
      { role: "assistant", content: "It is so." },
    ]);
  });

  test("carries a file in every form that AI SDK allows", () => {
    const image = (url: string) => [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }];
    const bytes = Buffer.from("iVBORw0KGgoAAAA=", "base64");
    const inline = image("data:image/png;base64,iVBORw0KGgoAAAA=");
    for (const data of [
      bytes,
      new Uint8Array(bytes),
      { type: "data" as const, data: bytes },
      "iVBORw0KGgoAAAA=",
      "data:image/png;base64,iVBORw0KGgoAAAA=",
    ]) {
      expect(withFile(data, "image/png")).toEqual(inline);
      expect(withFile(data, "image/*")).toEqual(inline);
      expect(withFile(data, "image")).toEqual(inline);
    }
    expect(withFile({ type: "url", url: new URL("https://a.b/c") }, "image")).toEqual(image("https://a.b/c"));
    expect(withFile({ type: "text", text: "hello" }, "text/plain")).toEqual([{ role: "user", content: "hello" }]);
    expect(withFile({ type: "reference", reference: { compatible: "f-1" } }, "image/png")).toEqual([
      { role: "user", content: [{ type: "file", file: { file_id: "f-1" } }] },
    ]);
    expect(withFile("UklGRg==", "audio/wav")).toMatchObject([
      { content: [{ type: "input_audio", input_audio: { format: "wav" } }] },
    ]);
  });

  test.each([
    ["file:///etc/passwd", "image/png"],
    ["ftp://a.b/c.png", "image/png"],
    ["https://a.b/c.pdf", "application/pdf"],
    ["UEsDBA==", "application/zip"],
    ["AAAA", "image/*"],
    [{ type: "reference", reference: { other: "f-1" } } as const, "image/png"],
  ])("S25 refuses %j as %s with a text that is safe to show", (data, mediaType) => {
    expect(() => withFile(data, mediaType)).toThrow(
      expect.objectContaining({ code: "provider_refused", message: expect.not.stringContaining("passwd") }),
    );
  });

  test("has no empty content: a message without text is an empty text", () => {
    expect(bodyOf({ messages: [{ role: "user", content: [{ type: "text", text: "" }] }] })["messages"]).toEqual([
      { role: "user", content: "" },
    ]);
  });
});
