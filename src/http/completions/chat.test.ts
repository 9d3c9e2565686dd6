import { readUIMessageStream, type UIMessageChunk } from "ai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, framesOf, readStream, spokenText, tokenFor, type Web } from "../../testing/servers/web.ts";
import type { Database } from "../../ports/database.ts";
import type { Worker } from "../../engine/worker.ts";
import { NatterError } from "../../foundation/errors.ts";

describe.each(testDatabases)("POST /v1/chat on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let token: string;
  const hold = Promise.withResolvers<void>();

  const model = createScriptedModel((call) => {
    const asked = JSON.stringify(call.messages.at(-1));
    if (asked.includes("fail"))
      return [say("half "), { fail: new NatterError("provider_busy", "The model is busy; try again in a minute.") }];
    if (asked.includes("hold")) return [say("first "), { wait: hold.promise }, say("second")];
    return [say("one ", "two ", "three")];
  });

  beforeAll(async () => {
    database = await open();
    web = await createWeb({ database, model, dependencies: { limits: { answerMs: 700 } } });
    worker = web.spine.worker();
    await worker.start();
    token = await tokenFor();
  });

  afterAll(async () => {
    hold.resolve();
    await worker.drain(2);
    await web.close();
    await database.close();
  });

  test("D3 answers at once with `start` and streams the answer with ids to its ending", async () => {
    const response = await web.ask("/v1/chat", { token, body: { message: { text: "hello" } } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBe("v1");
    expect(response.headers.get("cache-control")).toBe("no-cache, no-transform");
    const { frames, chunks, isDone } = await readStream(response);
    expect(chunks[0]).toMatchObject({ type: "start", messageMetadata: { sequence: 2 } });
    expect(frames[0]?.id).toBeUndefined();
    expect(frames.slice(1).map(({ id }) => Number(id?.split(".")[1]))).toEqual(
      frames.slice(1).map((_frame, index) => index + 2),
    );
    expect(spokenText(chunks)).toBe("one two three");
    expect(chunks.at(-1)).toMatchObject({ type: "finish", finishReason: "stop" });
    expect(isDone).toBe(true);
  });

  test("N7 what AI SDK reads from the stream is what is stored", async () => {
    const response = await web.ask("/v1/chat", { token, body: { message: { text: "hello" } } });
    const { chunks } = await readStream(response);
    const stream = new ReadableStream<UIMessageChunk>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
    let last: unknown;
    for await (const message of readUIMessageStream({ stream })) last = message;
    const start = chunks[0];
    const { conversationId } = (start?.type === "start" ? start.messageMetadata : {}) as { conversationId: string };
    const listed = await web.ask(`/v1/conversations/${conversationId}/messages`, { token });
    const { data } = (await listed.json()) as { data: { parts: unknown }[] };
    expect(data).toHaveLength(2);
    expect((last as { parts: unknown }).parts).toEqual(data[1]?.parts);
  });

  test("D2 answers as JSON with stream: false", async () => {
    const conversationId = createId();
    const response = await web.ask("/v1/chat", {
      token,
      body: { conversationId, stream: false, message: { text: "hello" } },
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      conversationId,
      status: "completed",
      message: {
        conversationId,
        role: "assistant",
        sequence: 2,
        parts: expect.arrayContaining([expect.objectContaining({ type: "text", text: "one two three" })]),
      },
      toolCalls: [],
      usage: { inputTokens: 10, outputTokens: 3 },
    });
  });

  test("A2 the conversation's stream flag is the default of its sends", async () => {
    const made = await web.ask("/v1/conversations", { token, body: { settings: { stream: false } } });
    const { id } = (await made.json()) as { id: string };
    const response = await web.ask("/v1/chat", { token, body: { conversationId: id, message: { text: "hello" } } });
    expect(response.headers.get("content-type")).toBe("application/json");
  });

  test("D6 answers 504 with the ids when time is up, and the completion goes on", async () => {
    const response = await web.ask("/v1/chat", { token, body: { stream: false, message: { text: "hold" } } });
    expect(response.status).toBe(504);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const problem = (await response.json()) as { completionId: string };
    expect(problem).toMatchObject({
      code: "timeout",
      accepted: true,
      conversationId: expect.any(String),
      completionId: expect.any(String),
    });
    const running = await web.ask(`/v1/completions/${problem.completionId}`, { token });
    expect(await running.json()).toMatchObject({ status: "running" });
    hold.resolve();
    const stream = await readStream(await web.ask(`/v1/completions/${problem.completionId}/events`, { token }));
    expect(spokenText(stream.chunks)).toBe("first second");
  });

  test("D6 answers 502 with the ids and a safe text when the provider failed", async () => {
    const response = await web.ask("/v1/chat", { token, body: { stream: false, message: { text: "fail" } } });
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({
      code: "provider_busy",
      accepted: true,
      completionStatus: "failed",
      completionId: expect.any(String),
    });
  });

  test("a failure after accepting is an error chunk of the stream, never a status", async () => {
    const response = await web.ask("/v1/chat", { token, body: { message: { text: "fail" } } });
    expect(response.status).toBe(200);
    const { chunks, isDone } = await readStream(response);
    expect(chunks.at(-1)?.type).toBe("error");
    expect(isDone).toBe(true);
  });

  test("F12 20 identical posts with one Idempotency-Key are one message and one completion; all see the whole answer", async () => {
    const conversationId = createId();
    const ask = () =>
      web.ask("/v1/chat", {
        token,
        headers: { "idempotency-key": conversationId },
        body: { conversationId, message: { text: "hello" } },
      });
    const streams = await Promise.all(Array.from({ length: 20 }, async () => readStream(await ask())));
    const starts = streams.map(({ chunks }) => JSON.stringify(chunks[0]));
    expect(new Set(starts).size).toBe(1);
    expect(streams.map(({ chunks }) => spokenText(chunks))).toEqual(streams.map(() => "one two three"));
    const { messageCount } = (await (await web.ask(`/v1/conversations/${conversationId}`, { token })).json()) as {
      messageCount: number;
    };
    expect(messageCount).toBe(2);
    const later = await readStream(await ask());
    expect(spokenText(later.chunks)).toBe("one two three");
    const other = await web.ask("/v1/chat", {
      token,
      headers: { "idempotency-key": conversationId },
      body: { conversationId, message: { text: "other" } },
    });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({ code: "idempotency_mismatch" });
  });

  test("leaving the stream does not stop the completion", async () => {
    const gate = createId();
    const response = await web.ask("/v1/chat", { token, body: { conversationId: gate, message: { text: "hello" } } });
    for await (const frame of framesOf(response)) if (frame !== "[DONE]") break;
    await expect
      .poll(async () => (await (await web.ask(`/v1/conversations/${gate}/completions`, { token })).json()) as unknown)
      .toMatchObject({ data: [{ status: "completed" }] });
  });

  test("N4 an edit is answered like a send and makes a sibling", async () => {
    const conversationId = createId();
    await readStream(
      await web.ask("/v1/chat", {
        token,
        body: { conversationId, message: { id: "the-first-message", text: "hello" } },
      }),
    );
    const edited = await readStream(
      await web.ask(`/v1/conversations/${conversationId}/messages/the-first-message/edits`, {
        token,
        body: { message: { text: "hello again" } },
      }),
    );
    expect(spokenText(edited.chunks)).toBe("one two three");
    const branch = await web.ask(`/v1/conversations/${conversationId}/messages?branch=active`, { token });
    expect(await branch.json()).toMatchObject({ data: [{ parts: [{ text: "hello again" }] }, { role: "assistant" }] });
  });

  test("A7 starting in the background answers 202 with the place to look", async () => {
    const conversationId = createId();
    await readStream(await web.ask("/v1/chat", { token, body: { conversationId, message: { text: "hello" } } }));
    const started = await web.ask(`/v1/conversations/${conversationId}/completions`, {
      token,
      body: { message: { text: "more" } },
    });
    expect(started.status).toBe(202);
    const { completionId } = (await started.json()) as { completionId: string };
    expect(started.headers.get("location")).toBe(`/v1/completions/${completionId}`);
    await readStream(await web.ask(`/v1/completions/${completionId}/events`, { token }));
    const retried = await web.ask(`/v1/completions/${completionId}/retry`, { method: "POST", token });
    expect(retried.status).toBe(202);
    const nowhere = await web.ask(`/v1/conversations/${createId()}/completions`, {
      token,
      body: { message: { text: "more" } },
    });
    expect(nowhere.status).toBe(404);
  });
});
