import { createServer, type ServerResponse } from "node:http";
import { once } from "node:events";
import { EventType } from "@ag-ui/core";
import { EventSchema, RunAgentInputSchema } from "@ag-ui/core/schemas";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../ports/database.ts";
import { createAgentStage, type AgentStage } from "../../testing/agent-stage.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { readAgentEvent } from "./agent-event.ts";
import { agUi, type AgUiOptions } from "./ag-ui.ts";

const started = { type: "RUN_STARTED", threadId: "t", runId: "r" };
const finished = { type: "RUN_FINISHED", threadId: "t", runId: "r" };
const frames = (...events: readonly object[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

describe("N7 an agent behind AG-UI", () => {
  let database: Database;
  let stage: AgentStage;
  let url: string;
  let respond: (response: ServerResponse) => void = () => {};
  const bodies: unknown[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then((bytes) => {
      bodies.push(JSON.parse(Buffer.concat(bytes).toString()));
      respond(response);
    });
  });
  beforeAll(async () => {
    database = await testDatabases[0]!.open();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  });
  afterEach(async () => {
    bodies.length = 0;
    await stage.close();
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await database.close();
  });

  const play = async (script: (response: ServerResponse) => void, options: Partial<AgUiOptions> = {}) => {
    respond = script;
    stage = await createAgentStage({ database, agents: { default: { runner: agUi({ url, ...options }) } } });
    return stage.ended(await stage.ask("hello"));
  };
  const say = (...events: readonly object[]) =>
    play((response) => response.writeHead(200, { "content-type": "text/event-stream" }).end(frames(...events)));

  it("asks in the form of AG-UI 1.0, with the headers that were given", async () => {
    let authorization: string | undefined;
    const answer = await play(
      (response) => {
        authorization = response.req.headers.authorization;
        response.end(frames(started, finished));
      },
      { headers: ({ completion }) => ({ authorization: `Bearer ${completion.userId}` }) },
    );
    expect(answer.completion.status).toBe("completed");
    const input = RunAgentInputSchema.parse(bodies[0]);
    expect(input).toMatchObject({
      threadId: answer.completion.conversationId,
      runId: answer.completion.id,
      protocolVersion: "1.0",
      messages: [{ role: "user", content: "hello" }],
    });
    expect(authorization).toMatch(/^Bearer \S+/);
  });

  it("says what it is told in whatever form, and keeps what has no form of its own", async () => {
    const call = { toolCallId: "c", toolCallName: "look", delta: '{"at":' };
    const { parts } = await say(
      started,
      { type: "REASONING_MESSAGE_CHUNK", messageId: "r", delta: "hm" },
      { type: "TEXT_MESSAGE_CHUNK", messageId: "m", delta: "one " },
      { type: "TEXT_MESSAGE_CHUNK", delta: "two" },
      { type: "TOOL_CALL_CHUNK", ...call },
      { type: "TOOL_CALL_CHUNK", delta: '"it"}' },
      { type: "TOOL_CALL_RESULT", messageId: "x", toolCallId: "c", content: '["seen"]' },
      { type: "STATE_SNAPSHOT", snapshot: { n: 1 } },
      { type: "STATE_SNAPSHOT", snapshot: { n: 2 } },
      { type: "ACTIVITY_SNAPSHOT", messageId: "a", activityType: "plan", content: { steps: 2 } },
      { type: "CUSTOM", name: "theirs", value: 7 },
      { type: "CUSTOM", name: "natter.chunk", value: { type: "data-chart", data: "ours" } },
      { type: "CUSTOM", name: "natter.chunk", value: { type: "nonsense" } },
      { type: "STEP_STARTED", stepName: "s" },
      { type: "FROM_THE_FUTURE", x: 1 },
      finished,
    );
    expect(parts).toMatchObject([
      { type: "step-start" },
      { type: "reasoning", text: "hm" },
      { type: "text", text: "one two" },
      { type: "tool-look", state: "output-available", input: { at: "it" }, output: ["seen"] },
      { type: "data-ag-ui-state", data: { n: 2 } },
      { type: "data-ag-ui-activity", data: { type: "plan", content: { steps: 2 } } },
      { type: "data-ag-ui-custom", data: { name: "theirs", value: 7 } },
      { type: "data-chart", data: "ours" },
    ]);
  });

  const members: Record<string, unknown> = {
    threadId: "t",
    runId: "r",
    message: "m",
    messageId: "m",
    delta: "d",
    toolCallId: "c",
    toolCallName: "n",
    content: "x",
    snapshot: {},
    event: {},
    name: "n",
    value: 1,
    stepName: "s",
    messages: [],
    subtype: "message",
    entityId: "e",
    encryptedValue: "v",
    activityType: "a",
    patch: [],
    subagentRunId: "s",
  };
  const otherMembers: Partial<Record<EventType, object>> = {
    [EventType.ACTIVITY_SNAPSHOT]: { content: {} },
    [EventType.STATE_DELTA]: { delta: [] },
    [EventType.REASONING_MESSAGE_START]: { role: "reasoning" },
  };

  it.each(Object.values(EventType))("reads %s", (type) => {
    const event = { ...members, ...otherMembers[type], type };
    expect(EventSchema.safeParse(event).success || type.startsWith("SUBAGENT")).toBe(true);
    expect(readAgentEvent(JSON.stringify(event))).not.toBeNull();
  });

  it.each([
    ["no event of a run first", frames({ type: "TEXT_MESSAGE_CHUNK", messageId: "m", delta: "x" }), "provider_failed"],
    ["no JSON", "data: {nonsense\n\n", "provider_failed"],
    ["an event without what it must have", frames(started, { type: "TOOL_CALL_START" }), "provider_failed"],
    ["an end without its end", frames(started), "provider_failed"],
    ["nothing", "", "provider_failed"],
  ])("D6 fails on %s", async (_what, body, code) => {
    const { completion } = await play((response) => response.end(body));
    expect(completion).toMatchObject({ status: "failed", error: { code } });
  });

  it.each([
    [429, "provider_busy"],
    [401, "provider_misconfigured"],
    [500, "provider_failed"],
    [302, "provider_unreachable"],
  ])("D6 tells status %i as %s, and nothing of what came with it", async (status, code) => {
    const answer = await play((response) =>
      response.writeHead(status, { location: "http://127.0.0.1:9/" }).end("secret detail"),
    );
    expect(answer.completion).toMatchObject({ status: "failed", error: { code } });
    expect(JSON.stringify(answer)).not.toContain("secret");
  });

  it("F24 gives up an agent that falls silent, and closes the socket", async () => {
    let isClosed = false;
    const { completion, parts } = await play(
      (response) => {
        response.once("close", () => {
          isClosed = true;
        });
        response.write(frames(started, { type: "TEXT_MESSAGE_CHUNK", messageId: "m", delta: "half" }));
      },
      { stallSeconds: 0.5 },
    );
    expect(completion).toMatchObject({ status: "failed", error: { code: "provider_timeout" } });
    expect(parts[1]).toMatchObject({ type: "text", text: "half" });
    await expect.poll(() => isClosed).toBe(true);
  });

  it("N5 asks about an interrupt that belongs to no call as about a call of its own", async () => {
    const interrupts = [{ id: "i-1", reason: "input", message: "Go on?" }];
    respond = (response) =>
      response.end(
        bodies.length === 1
          ? frames(started, { ...finished, outcome: { type: "interrupt", interrupts } })
          : frames(started, { type: "TEXT_MESSAGE_CHUNK", messageId: "m", delta: "on" }, finished),
      );
    stage = await createAgentStage({ database, agents: { default: { runner: agUi({ url }) } } });
    const sent = await stage.ask("hello");
    const [approval] = await stage.asked(sent);
    expect(approval).toMatchObject({ tool: "interrupt", input: { message: "Go on?", reason: "input" } });
    await stage.decide(approval!, "once");
    const { completion, parts } = await stage.ended(sent);
    expect(completion.status).toBe("completed");
    expect(parts).toMatchObject([
      { type: "step-start" },
      { type: "tool-interrupt", state: "output-available" },
      { type: "step-start" },
      { type: "text", text: "on" },
    ]);
    expect(RunAgentInputSchema.parse(bodies[1]).resume).toEqual([
      { interruptId: "i-1", status: "resolved", payload: { approved: true } },
    ]);
  });
});
