import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { send } from "../conversations/sending/send.ts";
import { NatterError } from "../foundation/errors.ts";
import { withinRequest } from "../foundation/request-scope.ts";
import type { Database } from "../ports/database.ts";
import type { ModelDriver } from "../protocol/agent/model.ts";
import { createRecordingTracer, type RecordedSpan } from "../testing/recording-tracer.ts";
import { callTool, createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text, until } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { tool } from "../tools/tool.ts";
import { createAcceptTraces } from "./accept-traces.ts";
import { createEngineTraces } from "./engine-traces.ts";

const secret = "the canary of what people say";

describe("N11 the trace of a completion", () => {
  let database: Database;
  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
  });
  afterAll(() => database.close());

  const look = tool({ inputSchema: z.object({ word: z.string() }), execute: ({ word }) => ({ found: word }) });

  const createTraced = async (model: ModelDriver, contents = false) => {
    const tracer = createRecordingTracer();
    const config = { tracer, contents };
    const spine = await createSpine({ database, model, agents: { default: { tools: { look } } } });
    const observer = createEngineTraces(config);
    const context = { ...spine.context, onAccepted: createAcceptTraces(config) };
    const input = { message: { parts: text(secret) } };
    return { tracer, spine, observer, ask: () => send(context, spine.principal, input, permitAll) };
  };

  const answered = async (model: ModelDriver, contents?: boolean): Promise<readonly RecordedSpan[]> => {
    const { tracer, spine, observer, ask } = await createTraced(model, contents);
    const worker = spine.worker({ observer });
    await worker.start();
    await ask();
    await until(async () => tracer.spans.length > 1 && tracer.spans.every(({ ends }) => ends > 0));
    await worker.drain(5);
    await spine.close();
    expect(tracer.spans.every(({ ends }) => ends === 1)).toBe(true);
    return tracer.spans;
  };

  const withTool = () =>
    createScriptedModel((_call, number) =>
      number === 1 ? [say(secret), callTool("call-1", "look", { word: secret })] : [say("done")],
    );

  test("holds a span of the agent, of each model call and of each tool, by the conventions", async () => {
    const spans = await answered(withTool());
    const [accept, agent, first, execute, second] = spans;
    expect(spans.map(({ name, kind }) => [name, kind])).toEqual([
      ["accept message", 0],
      ["invoke_agent default", 0],
      ["chat model", 2],
      ["execute_tool look", 0],
      ["chat model", 2],
    ]);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(accept?.parentId).toBe(agent?.parentId);
    for (const child of [first, execute, second]) expect(child?.parentId).toBe(agent?.spanId);
    expect(agent?.attributes).toMatchObject({
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "default",
      "gen_ai.provider.name": "test",
      "natter.end": "completed",
    });
    expect(first?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "test",
      "gen_ai.request.model": "model",
      "gen_ai.response.finish_reasons": ["tool-calls"],
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 3,
    });
    expect(first?.attributes["gen_ai.response.time_to_first_chunk"]).toBeGreaterThan(0);
    expect(execute?.attributes).toMatchObject({
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "look",
      "gen_ai.tool.call.id": "call-1",
      "natter.tool.outcome": "completed",
    });
  });

  test("holds what was said only where the operator wants it", async () => {
    expect(JSON.stringify(await answered(withTool()))).not.toContain(secret);
    const [, , first, execute] = await answered(withTool(), true);
    expect(first?.attributes["gen_ai.input.messages"]).toContain(secret);
    expect(first?.attributes["gen_ai.output.messages"]).toContain(secret);
    expect(execute?.attributes["gen_ai.tool.call.arguments"]).toContain(secret);
    expect(execute?.attributes["gen_ai.tool.call.result"]).toContain(secret);
  });

  test("says what failed, and not what the provider said of it", async () => {
    const cause = new Error(`no: ${secret}`);
    const fail = new NatterError("provider_refused", "The model refused this request.", { cause });
    const [, agent, call] = await answered(createScriptedModel(() => [[{ fail }]]));
    expect(call).toMatchObject({
      error: "The model refused this request.",
      attributes: { "error.type": "provider_refused" },
    });
    expect(call?.exceptions).toHaveLength(1);
    expect(agent).toMatchObject({ attributes: { "error.type": "provider_refused", "natter.end": "failed" } });
    expect(JSON.stringify([agent, call])).not.toContain(secret);
  });

  test("F1 goes on with the worker that takes over, and links whoever asked", async () => {
    const model = createScriptedModel((_call, number) =>
      number === 1 ? [say("one"), [{ hang: true }]] : [say("two")],
    );
    const { tracer, spine, observer, ask } = await createTraced(model);
    const first = spine.worker({ observer, workerId: "first", leaseSeconds: 600 });
    await first.start();
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    const accepted = await withinRequest({ requestId: "request-1", traceparent, arrivedAt: 1_000 }, ask);
    await model.called(1);
    await database.query(
      sql`update completion set lease_until = now() - interval '1 second' where id = ${accepted.completionId}`,
    );
    const second = spine.worker({ observer, workerId: "second" });
    await second.start();
    await until(async () => tracer.spans.filter(({ ends }) => ends === 1).length === 5);
    await Promise.all([first.drain(5), second.drain(5)]);
    await spine.close();
    const [accept, ...others] = tracer.spans;
    expect(new Set(tracer.spans.map(({ traceId }) => traceId))).toEqual(
      new Set([accepted.completionId.replaceAll("-", "")]),
    );
    expect(accept).toMatchObject({
      startTime: 1_000,
      attributes: { "natter.request.id": "request-1" },
      links: [{ context: { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" } }],
    });
    const agents = others.filter(({ name }) => name === "invoke_agent default");
    expect(agents.map(({ attributes }) => [attributes["natter.take_over"], attributes["natter.end"]])).toEqual([
      [false, "lost"],
      [true, "completed"],
    ]);
  });
});
