import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Worker } from "../engine/worker.ts";
import { createId } from "../foundation/ids.ts";
import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";
import type { Conversation, Message } from "../protocol/resources.ts";
import {
  callTool,
  createScriptedModel,
  say,
  type ModelStep,
  type ScriptedModel,
} from "../testing/providers/scripted-model.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createWeb, readStream, spokenText, tokenFor, type Ask, type Web } from "../testing/servers/web.ts";
import { createMemoryLimits } from "../drivers/limits/limits-memory.ts";
import { createCallerAddress } from "./admission/caller-address.ts";
import { createLimiter } from "./admission/limiter.ts";
import sql from "sql-template-tag";
import { tool } from "../tools/tool.ts";
import { z } from "zod";

const addTask = tool({
  description: "Adds a task",
  inputSchema: z.object({ title: z.string() }),
  execute: async ({ title }) => ({ added: title }),
});

interface UserAnswer {
  readonly conversationId: string;
  readonly messageId: string;
  readonly assistantMessage: string;
  readonly toolCalls: readonly { readonly toolName: string; readonly output: unknown }[];
  readonly timestamp: string;
}

describe.each(testDatabases)("the chat of a named user on $name", ({ open }) => {
  const subject = `task-user ${createId()}`;
  const me = encodeURIComponent(subject);
  let database: Database;
  let web: Web;
  let worker: Worker;
  let model: ScriptedModel;
  let token: string;
  let script: () => readonly ModelStep[];

  beforeEach(async () => {
    script = () => say("Hello ", "there");
    database = await open();
    model = createScriptedModel(() => script());
    web = await createWeb({
      database,
      model,
      agents: { default: { tools: { addTask } } },
      dependencies: { limits: { answerMs: 3_000 } },
    });
    worker = web.spine.worker();
    await worker.start();
    token = await tokenFor({ subject });
  });
  afterEach(async () => {
    await worker.drain(0);
    await web.close();
    await database.close();
  });

  const ask = (path: string, options: Ask = {}) => web.ask(`/v1/users/${path}`, { token, ...options });
  const chat = async (message: string, conversationId?: string): Promise<UserAnswer> => {
    const response = await ask(`${me}/chat`, { body: { message, conversationId } });
    expect(response.status).toBe(200);
    return (await response.json()) as UserAnswer;
  };
  const problem = async (response: Promise<Response>) => {
    const answered = await response;
    return { status: answered.status, ...((await answered.json()) as { code: string }) };
  };

  test("D1 the path is for the token's own user alone, by the token's name of it or by ours", async () => {
    const { userId } = (await (await web.ask("/v1/me", { token })).json()) as { userId: string };
    const { conversationId } = await chat("mine");
    const paths: [string, string, unknown?][] = [
      ["POST", "chat", { message: "hi" }],
      ["POST", "chat/stream", { message: "hi" }],
      ["GET", "conversations"],
      ["GET", `conversations/${conversationId}`],
      ["GET", `conversations/${conversationId}/messages`],
      ["DELETE", `conversations/${conversationId}`],
    ];
    const stranger = await tokenFor();
    for (const [method, path, body] of paths) {
      expect(await problem(ask(`${me}/${path}`, { method, body, token: stranger }))).toMatchObject({
        status: 403,
        code: "forbidden",
      });
      expect((await web.ask(`/v1/users/${me}/${path}`, { method, body })).status).toBe(401);
    }
    expect((await ask(`${userId}/conversations/${conversationId}`)).status).toBe(200);
    expect((await ask(`${me}/conversations/${conversationId}`)).status).toBe(200);
    const theirs = (await (await web.ask("/v1/me", { token: stranger })).json()) as { userId: string };
    const foreign = `${theirs.userId}/conversations/${conversationId}`;
    expect(await problem(ask(foreign, { token: stranger }))).toMatchObject({ status: 404 });
  });

  test("D2 a message is answered with ids, text, tool calls and time, in a conversation that is made or goes on", async () => {
    let calls = 0;
    script = () => ((calls += 1) === 1 ? callTool("call-1", "addTask", { title: "milk" }) : say("Added milk."));
    const first = await chat("add milk");
    expect(first).toMatchObject({
      assistantMessage: "Added milk.",
      toolCalls: [{ toolName: "addTask", output: { added: "milk" } }],
      timestamp: expect.stringMatching(/^\d{4}-/),
    });
    const second = await chat("thanks", first.conversationId);
    expect(second.conversationId).toBe(first.conversationId);
    expect(second.messageId).not.toBe(first.messageId);
  });

  test("D3 the same as a stream", async () => {
    const response = await ask(`${me}/chat/stream`, { body: { message: "hello" } });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const { chunks, isDone } = await readStream(response);
    expect(isDone).toBe(true);
    expect(spokenText(chunks)).toBe("Hello there");
  });

  test("D4 each user of the path has so many messages a minute, also when a key sends for them, and the rest is 429", async () => {
    const limiter = createLimiter({
      store: createMemoryLimits({ now: () => 0 }),
      callerAddress: createCallerAddress([]),
      sends: [{ limit: 2, windowSeconds: 60 }],
      tries: [],
    });
    const limited = await createWeb({ database, model, dependencies: { limiter, limits: { answerMs: 50 } } });
    const workspace = createId();
    const [admin, ada, ben] = await Promise.all(
      (["admin", "member", "member"] as const).map((role, index) =>
        tokenFor({ subject: `${role}-${index}`, workspace, role }),
      ),
    );
    for (const each of [admin, ada, ben]) await limited.ask("/v1/me", { token: each! });
    const made = await limited.ask("/v1/api-keys", { token: admin!, body: { name: "k", scopes: ["chat", "act-as"] } });
    const { key } = (await made.json()) as { key: string };
    const send = (user: string, as: string, path = "chat/stream") =>
      limited.ask(`/v1/users/${user}/${path}`, { token: as, body: { message: "hi" } });
    const told: (string | null)[] = [];
    for (const [as, path] of [
      [ada!, "chat/stream"],
      [key, "chat"],
    ] as const) {
      const response = await send("member-1", as, path);
      told.push(response.headers.get("x-ratelimit-remaining"));
      await response.body?.cancel();
    }
    expect(told).toEqual(["1", "0"]);
    for (const [as, path] of [
      [ada!, "chat"],
      [ada!, "chat/stream"],
      [key, "chat"],
    ] as const) {
      const refused = await send("member-1", as, path);
      expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([429, true]);
      expect(await problem(Promise.resolve(refused))).toMatchObject({ code: "rate_limited" });
    }
    expect((await send("member-2", key)).status).toBe(200);
    const rows = await database.query(sql`select 1 from message where role = 'user' and workspace_id = ${workspace}`);
    expect(rows).toHaveLength(3);
    await limited.close();
  });

  test("D5 what is no message is 400, and says where; nothing is stored", async () => {
    for (const body of [{}, { message: "" }, { message: "  " }, { message: 5 }, { message: "x".repeat(100_001) }])
      expect(await problem(ask(`${me}/chat`, { body }))).toMatchObject({ status: 400, code: "invalid_request" });
    expect(await problem(ask(`${me}/chat`, { body: "{" }))).toMatchObject({ status: 400 });
    expect(await (await ask(`${me}/conversations`)).json()).toMatchObject({ data: [], total: 0 });
  });

  test("D6 an unknown or deleted conversation is 404, and is not made", async () => {
    const unknown = createId();
    for (const path of ["chat", "chat/stream"])
      expect(await problem(ask(`${me}/${path}`, { body: { message: "hi", conversationId: unknown } }))).toMatchObject({
        status: 404,
      });
    const { conversationId } = await chat("hi");
    expect((await ask(`${me}/conversations/${conversationId}`, { method: "DELETE" })).status).toBe(204);
    expect(await problem(ask(`${me}/chat`, { body: { message: "hi", conversationId } }))).toMatchObject({
      status: 404,
    });
    expect((await ask(`${me}/conversations/${conversationId}/messages`)).status).toBe(404);
    expect(await (await ask(`${me}/conversations`)).json()).toMatchObject({ data: [], total: 0 });
  });

  test("D6 a provider that fails is 502 with a safe text, one that is late 504; both say that the message is stored", async () => {
    script = () => [{ fail: new NatterError("provider_busy", "The model is busy; try again.") }];
    expect(await problem(ask(`${me}/chat`, { body: { message: "hi" } }))).toMatchObject({
      status: 502,
      code: "provider_busy",
      accepted: true,
    });
    script = () => [{ hang: true }];
    expect(await problem(ask(`${me}/chat`, { body: { message: "hi" } }))).toMatchObject({
      status: 504,
      code: "timeout",
      accepted: true,
    });
  });

  test("D7 the model sees the last 20 messages, or as many as the conversation says", async () => {
    const { conversationId } = await chat("message 0");
    for (let count = 1; count < 12; count += 1) await chat(`message ${count}`, conversationId);
    expect(model.calls.at(-1)!.messages).toHaveLength(19);
    expect(JSON.stringify(model.calls.at(-1)!.messages)).not.toContain('message 1"');
    await web.ask(`/v1/conversations/${conversationId}`, {
      method: "PATCH",
      token,
      body: { settings: { contextMessages: 3 } },
    });
    await chat("the last", conversationId);
    expect(model.calls.at(-1)!.messages).toHaveLength(3);
  });

  test("D8 conversations by last update and messages in order, in pages, without what was removed", async () => {
    const first = await chat("one");
    const second = await chat("two");
    await chat("three", first.conversationId);
    const list = (await (await ask(`${me}/conversations?limit=1`)).json()) as {
      data: Conversation[];
      nextCursor: string;
      total: number;
    };
    expect(list).toMatchObject({ data: [{ id: first.conversationId }], total: 2 });
    const rest = (await (await ask(`${me}/conversations?cursor=${list.nextCursor}`)).json()) as typeof list;
    expect(rest).toMatchObject({ data: [{ id: second.conversationId }], nextCursor: null });
    await web.ask(`/v1/conversations/${first.conversationId}/messages/${first.messageId}`, { method: "DELETE", token });
    const read = async (query: string) =>
      (await (await ask(`${me}/conversations/${first.conversationId}/messages${query}`)).json()) as {
        data: (Message & { content: string })[];
        nextCursor: string | null;
        total: number;
      };
    const all = await read("");
    expect(all.data.map(({ role, content }) => [role, content])).toEqual([
      ["user", "one"],
      ["user", "three"],
      ["assistant", "Hello there"],
    ]);
    expect(all.total).toBe(3);
    const page = await read("?limit=3");
    expect((await read(`?cursor=${page.nextCursor}`)).data.map(({ content }) => content)).toEqual(["Hello there"]);
  });
});
