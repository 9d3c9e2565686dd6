import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createNatter } from "../natter.ts";
import { messagesWire } from "../testing/providers/messages-wire.ts";
import { createScriptedProvider } from "../testing/providers/scripted-provider.ts";

const answers = {
  thought: messagesWire.streams.find(({ name }) => name.startsWith("thoughts"))?.bytes ?? "",
  plain: messagesWire.open + messagesWire.text("ok") + messagesWire.close,
};

test("A9 Anthropic's signed thoughts are stored with an answer, shown, and sent back with the next message", async () => {
  await using provider = await createScriptedProvider(({ number }) => [
    { bytes: number === 1 ? answers.thought : answers.plain },
    { end: true },
  ]);
  const dataDirectory = await mkdtemp(join(tmpdir(), "natter-anthropic-"));
  const natter = createNatter({
    env: {},
    dataDirectory,
    auth: { resolve: () => ({ userId: "ada" }) },
    providers: { anthropic: { baseUrl: provider.baseUrl, apiKey: "sk-1" } },
    models: { default: "claude-sonnet-4.6" },
    features: { titles: false },
  });
  try {
    const send = async (body: object): Promise<Record<string, unknown>> => {
      const response = await natter.fetch(
        new Request("http://127.0.0.1/v1/chat", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ stream: false, ...body }),
        }),
      );
      expect(response.status).toBe(200);
      return JSON.parse(await response.text());
    };
    const first = await send({ message: { text: "Hello?" } });
    const { conversationId } = first;
    expect(first["usage"]).toMatchObject({ inputTokens: 25, outputTokens: 7, cacheReadTokens: 8, reasoningTokens: 3 });
    await send({ conversationId, message: { text: "And now?" } });
    const { model, messages } = provider.requests[1]?.body ?? {};
    expect(model).toBe("claude-sonnet-4-6");
    expect(messages).toEqual([
      { role: "user", content: [{ type: "text", text: "Hello?" }] },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "Let me think.", signature: "signed-0==" },
          { type: "redacted_thinking", data: "c2VjcmV0" },
          { type: "text", text: "Yes" },
          { type: "thinking", thinking: "", signature: "signed-3==" },
          { type: "text", text: "!" },
        ],
      },
      { role: "user", content: [{ type: "text", text: "And now?" }] },
    ]);
  } finally {
    await natter.close();
    await rm(dataDirectory, { recursive: true, force: true });
  }
});
