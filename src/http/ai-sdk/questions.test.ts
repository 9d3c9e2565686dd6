import { readUIMessageStream, type UIMessage, type UIMessageChunk } from "ai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import { createMemoryLog } from "../../drivers/log/log-memory.ts";
import type { Database } from "../../ports/database.ts";
import { parseFrames } from "../../protocol/message/frames.ts";
import { callTool, createScriptedModel, say, type ScriptedModel } from "../../testing/providers/scripted-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import { tool } from "../../tools/tool.ts";

type ToolPart = Extract<UIMessage["parts"][number], { toolCallId: string }>;

describe.each(testDatabases)("questions to clients of AI SDK on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let model: ScriptedModel;
  let token: string;
  let id: string;
  let refunds: number[] = [];

  const refund = tool({
    inputSchema: z.object({ cents: z.int() }),
    approval: true,
    execute: ({ cents }) => refunds.push(cents),
  });
  const askName = tool({ inputSchema: z.object({}), outputSchema: z.object({ name: z.string() }) });

  const post = (message: object, more: object = {}): Promise<Response> =>
    web.ask("/v1/chat", { token, body: { id, trigger: "submit-message", messages: [message], ...more } });
  const say_ = (text: string): Promise<Response> =>
    post({ id: createId(), role: "user", parts: [{ type: "text", text }] });
  /** The whole stream, `[DONE]` left out. */
  const chunksOf = async (response: Response): Promise<UIMessageChunk[]> => {
    if (response.status !== 200) throw new Error(await response.text());
    const body = await response.text();
    expect(body.trimEnd().endsWith("data: [DONE]")).toBe(true);
    return parseFrames(Buffer.from(body.replace("data: [DONE]\n\n", ""))).map(({ chunk }) => chunk);
  };
  /** The message as useChat has it after a response; `before` is what it had. */
  const readOn = async (chunks: readonly UIMessageChunk[], before?: UIMessage): Promise<UIMessage> => {
    let last: UIMessage | undefined;
    const stream = new ReadableStream<UIMessageChunk>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(chunk);
        controller.close();
      },
    });
    for await (const message of readUIMessageStream({ stream, ...(before === undefined ? {} : { message: before }) }))
      last = message;
    if (last === undefined) throw new Error("the stream holds no message");
    return last;
  };
  const changed = (message: UIMessage, change: (part: ToolPart) => object): UIMessage => ({
    ...message,
    parts: message.parts.map((part) => ("toolCallId" in part ? (change(part) as never) : part)),
  });
  const deciding = (message: UIMessage, approved: boolean, more: object = {}): UIMessage =>
    changed(message, (part) => ({
      ...part,
      ...more,
      state: "approval-responded",
      approval: { id: (part.approval as { id: string }).id, approved },
    }));
  const statusOf = async (): Promise<string> => {
    const response = await web.ask(`/v1/conversations/${id}/completions`, { token });
    const { data } = (await response.json()) as { data: { status: string }[] };
    return data[0]?.status ?? "";
  };

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    refunds = [];
    let calls = 0;
    model = createScriptedModel(({ messages }) => {
      const last = messages.at(-1);
      if (last?.role === "tool") return [say("done")];
      const words = JSON.stringify(last);
      const both = words.includes("both");
      const asked = [...words.matchAll(/refund (\d+)/g)].map(([, cents]) =>
        callTool(`call-${(calls += 1)}`, "refund", { cents: Number(cents) }),
      );
      return [
        say("well"),
        ...asked,
        ...(words.includes("name") || both ? [callTool(`n-${calls}`, "askName", {})] : []),
      ];
    });
    web = await createWeb({ database, model, agents: { default: { tools: { refund, askName } } } });
    worker = web.spine.worker();
    await worker.start();
    token = await tokenFor();
    id = createId();
  });
  afterEach(async () => {
    await worker.drain(0);
    await web.close();
  });

  it("N5 the stream ends when somebody is asked, and goes on in the same message for who decides", async () => {
    const first = await chunksOf(await say_("refund 80"));
    expect(first.at(-1)).toEqual({ type: "finish", finishReason: "tool-calls" });
    const asked = await readOn(first);
    expect(asked.parts.at(-1)).toMatchObject({ state: "approval-requested", input: { cents: 80 } });
    expect(refunds).toEqual([]);

    const second = await chunksOf(await post(deciding(asked, true)));
    expect(second[0]).toMatchObject({ type: "start", messageId: asked.id });
    expect(second.at(-1)).toEqual({ type: "finish", finishReason: "stop" });
    expect(second.map(({ type }) => type)).not.toContain("tool-input-available");
    expect(refunds).toEqual([80]);
    const answered = await readOn(second, asked);
    expect(answered.parts).toMatchObject([
      { type: "step-start" },
      { type: "text", text: "well" },
      { type: "tool-refund", state: "output-available", output: 1, approval: { approved: true } },
      { type: "step-start" },
      { type: "text", text: "done" },
    ]);
    const again = await post(deciding(asked, true));
    expect([again.status, await again.text()]).toEqual([409, expect.stringContaining("Nothing in this answer waits")]);
    expect(refunds).toEqual([80]);
  });

  it("N5 a denial is told with its reason, and several questions are decided one by one or together", async () => {
    const asked = await readOn(await chunksOf(await say_("refund 80, refund 90")));
    const parts = asked.parts.filter((part) => "toolCallId" in part);
    expect(parts.map(({ state }) => state)).toEqual(["approval-requested", "approval-requested"]);
    const one = changed(asked, (part) =>
      part.toolCallId === parts[0]?.toolCallId ? deciding({ ...asked, parts: [part as never] }, true).parts[0]! : part,
    );
    const second = await chunksOf(await post(one));
    expect(second.at(-1)).toEqual({ type: "finish", finishReason: "tool-calls" });
    expect(refunds).toEqual([80]);
    const now = await readOn(second, asked);
    const denied = changed(now, (part) =>
      part.state === "approval-requested"
        ? { ...part, state: "approval-responded", approval: { id: part.approval.id, approved: false, reason: "no" } }
        : part,
    );
    const third = await readOn(await chunksOf(await post(denied)), now);
    expect(third.parts.filter((part) => "toolCallId" in part)).toMatchObject([
      { state: "output-available" },
      { state: "output-denied", approval: { approved: false, reason: "no" } },
    ]);
    expect(refunds).toEqual([80]);
  });

  it("S31 the client's word is not believed: another input, another id, another answer, another user", async () => {
    const asked = await readOn(await chunksOf(await say_("refund 80")));
    const forged = [
      deciding(asked, true, { input: { cents: 8 } }),
      changed(asked, (part) => ({
        ...part,
        state: "approval-responded",
        approval: { id: createId(), approved: true },
      })),
      { ...deciding(asked, true), id: createId() },
      changed(asked, (part) => ({ ...part, state: "output-available", output: 1 })),
      asked,
    ];
    for (const message of forged) expect((await post(message)).status).toBe(409);
    const stranger = await tokenFor();
    const body = { id, trigger: "submit-message", messages: [deciding(asked, true)] };
    expect((await web.ask("/v1/chat", { token: stranger, body })).status).toBe(404);
    expect(await statusOf()).toBe("waiting");
    expect(refunds).toEqual([]);
  });

  it("N13 a client's result is taken for the call that waits for it, when it fits", async () => {
    const asked = await readOn(await chunksOf(await say_("name")));
    const giving = (output: unknown) => changed(asked, (part) => ({ ...part, state: "output-available", output }));
    expect((await post(giving({ name: 7 }))).status).toBe(422);
    expect(await statusOf()).toBe("waiting");
    const answered = await readOn(await chunksOf(await post(giving({ name: "Ada" }))), asked);
    expect(answered.parts).toMatchObject([
      {},
      { text: "well" },
      { state: "output-available", output: { name: "Ada" } },
      {},
      { text: "done" },
    ]);
    expect((await post(giving({ name: "Eve" }))).status).toBe(409);
  });

  it("N2 who comes back while it waits gets all of it, also when its log was lost, and may decide then", async () => {
    const first = await chunksOf(await say_("refund 80"));
    const resumed = await chunksOf(await web.ask(`/v1/chat/${id}/stream`, { token }));
    expect(await readOn(resumed)).toEqual(await readOn(first));
    expect(resumed.at(-1)).toEqual({ type: "finish", finishReason: "tool-calls" });
    await worker.drain(0);
    const log = createMemoryLog({ retentionSeconds: 60 });
    const other = await createWeb({ database, model, log, agents: { default: { tools: { refund, askName } } } });
    const later = other.spine.worker();
    await later.start();
    const rebuilt = await chunksOf(await other.ask(`/v1/chat/${id}/stream`, { token }));
    const asked = await readOn(rebuilt);
    expect(asked).toEqual(await readOn(first));
    const body = { id, trigger: "submit-message", messages: [deciding(asked, true)] };
    const answered = await readOn(await chunksOf(await other.ask("/v1/chat", { token, body })), asked);
    expect(answered.parts.at(-1)).toMatchObject({ text: "done" });
    expect(refunds).toEqual([80]);
    await later.drain(0);
    await other.close();
  });

  it("N5 a native stream stays open while somebody is asked, and goes on", async () => {
    const body = { conversationId: id, message: { text: "refund 80" } };
    const response = await web.ask("/v1/chat", { token, body });
    await until(async () => (await statusOf()) === "waiting");
    const questions = await (await web.ask(`/v1/conversations/${id}/questions`, { token })).json();
    const [approval] = (questions as { approvals: { id: string }[] }).approvals;
    const decided = await web.ask(`/v1/approvals/${approval?.id}`, { token, body: { decision: "once" } });
    expect(decided.status).toBe(200);
    const chunks = await chunksOf(response);
    expect(chunks.filter(({ type }) => type === "finish")).toEqual([{ type: "finish", finishReason: "stop" }]);
    expect((await readOn(chunks)).parts.at(-1)).toMatchObject({ text: "done" });
  });
});
