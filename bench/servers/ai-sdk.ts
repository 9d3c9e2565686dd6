import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { serve } from "@hono/node-server";
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  streamText,
  toUIMessageStream,
  type UIMessage,
} from "ai";
import { Hono } from "hono";

const baseURL = `${process.env["UPSTREAM"]}/v1`;
const provider = createOpenAICompatible({ name: "mock", baseURL, apiKey: "x", includeUsage: true });
const app = new Hono();

app.get("/", (context) => context.text("ok"));
app.post("/chat", async (context) => {
  const body = await context.req.json<{ model: string; messages: UIMessage[] }>();
  const result = streamText({
    model: provider(body.model),
    messages: await convertToModelMessages(body.messages),
    abortSignal: context.req.raw.signal,
    maxRetries: 0,
  });
  return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream }) });
});

serve({ fetch: app.fetch, port: Number(process.env["PORT"]), hostname: "127.0.0.1", overrideGlobalObjects: true });
