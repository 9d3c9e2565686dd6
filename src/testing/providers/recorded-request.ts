import type { ModelCall } from "../../protocol/agent/model.ts";

const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=";

/** A conversation with everything that Chat Completions has a place for. */
export const conversationCall: ModelCall = {
  model: "compatible/vendor/model:free",
  instructions: "Be brief.",
  messages: [
    { role: "user", content: "hello" },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "They want the weather." },
        { type: "text", text: "Looking." },
        { type: "tool-call", toolCallId: "call_1", toolName: "weather", input: { city: "Köln" } },
        { type: "tool-call", toolCallId: "call_2", toolName: "currentTime", input: {} },
      ],
    },
    {
      role: "tool",
      content: [
        { type: "tool-result", toolCallId: "call_1", toolName: "weather", output: { type: "json", value: { c: 21 } } },
        {
          type: "tool-result",
          toolCallId: "call_2",
          toolName: "currentTime",
          output: { type: "error-text", value: "no clock" },
        },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "text", text: "It is " },
        { type: "text", text: "21 °C." },
      ],
    },
    {
      role: "user",
      content: [
        { type: "text", text: "And these?" },
        { type: "file", data: `data:image/png;base64,${png}`, mediaType: "image/png" },
        { type: "file", data: "https://example.org/cat.jpg", mediaType: "image/jpeg" },
        { type: "file", data: "JVBERi0xLjQ=", mediaType: "application/pdf", filename: "a.pdf" },
        { type: "file", data: Buffer.from("a,b"), mediaType: "text/csv" },
      ],
    },
  ],
  tools: [
    {
      name: "weather",
      description: "Weather of a city",
      inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    },
  ],
  settings: {
    temperature: 0.5,
    maxOutputTokens: 100,
    topP: 0.9,
    frequencyPenalty: 0.1,
    presencePenalty: -0.1,
    providerOptions: {
      compatible: { seed: 7, logit_bias: { 50256: -100 }, model: "expensive", n: 5, stream: false, max_tokens: 9999 },
      other: { seed: 8 },
    },
  },
};

/** The same on the wire. */
export const conversationWire = {
  model: "vendor/model:free",
  temperature: 0.5,
  max_tokens: 100,
  top_p: 0.9,
  frequency_penalty: 0.1,
  presence_penalty: -0.1,
  seed: 7,
  logit_bias: { 50256: -100 },
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: "hello" },
    {
      role: "assistant",
      content: "Looking.",
      reasoning_content: "They want the weather.",
      tool_calls: [
        { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Köln"}' } },
        { id: "call_2", type: "function", function: { name: "currentTime", arguments: "{}" } },
      ],
    },
    { role: "tool", tool_call_id: "call_1", content: '{"c":21}' },
    { role: "tool", tool_call_id: "call_2", content: "no clock" },
    { role: "assistant", content: "It is 21 °C." },
    {
      role: "user",
      content: [
        { type: "text", text: "And these?" },
        { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } },
        { type: "image_url", image_url: { url: "https://example.org/cat.jpg" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0xLjQ=" } },
        { type: "text", text: "a,b" },
      ],
    },
  ],
  tools: [
    {
      type: "function",
      function: {
        name: "weather",
        description: "Weather of a city",
        parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
      },
    },
  ],
  stream: true,
  stream_options: { include_usage: true },
};
