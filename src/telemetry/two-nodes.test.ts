import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { NatterError } from "../foundation/errors.ts";
import type { Logger } from "../foundation/logger.ts";
import { createNatter, type Natter } from "../natter.ts";
import { callTool, createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { until } from "../testing/spine.ts";
import { createTestDatabase } from "../testing/databases/test-database.ts";
import { readStream, requestOf, testSecret, tokenFor } from "../testing/servers/web.ts";
import { tool } from "../tools/tool.ts";

const postgresUrl = inject("postgresUrl") ?? "";
const metricsToken = "a-token-for-prometheus";

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const createListener = (): { lines: Line[]; logger: Logger } => {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields: { ...fields } });
  return { lines, logger: { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") } };
};

describe.skipIf(postgresUrl === "")("N11 the metrics and log lines of two nodes over PostgreSQL", () => {
  const { lines, logger } = createListener();
  const held = Promise.withResolvers<void>();
  const model = createScriptedModel((call) => {
    const asked = JSON.stringify(call.messages);
    if (asked.includes("fail")) return [[{ fail: new NatterError("provider_refused", "The model refused.") }]];
    if (asked.includes("hold")) return [say("held "), [{ wait: held.promise }], say("on")];
    return call.messages.at(-1)?.role === "tool"
      ? [say("found")]
      : [callTool("call-1", "look", {}), callTool("call-2", "gone", {})];
  });
  const look = tool({ inputSchema: z.object({}), execute: () => ({ found: true }) });
  let web: Natter;
  let worker: Natter;
  let next: Natter;
  let token: string;

  beforeAll(async () => {
    const url = await createTestDatabase(postgresUrl);
    const env = {
      DATABASE_URL: url,
      NATTER_JWT_SECRET: testSecret,
      NATTER_METRICS_TOKEN: metricsToken,
      NATTER_POLL_SECONDS: "0.1",
      NATTER_DRAIN_SECONDS: "0",
    };
    const create = (role: string): Natter =>
      createNatter({
        env: { ...env, NATTER_ROLE: role },
        logger,
        agents: { default: { tools: { look } } },
        providers: { scripted: { driver: model, models: ["model"] } },
        models: { default: "scripted/model" },
        features: { titles: false },
      });
    [web, worker, next] = [create("web"), create("worker"), create("worker")];
    await web.start();
    await worker.start();
    token = await tokenFor();
  });
  afterAll(async () => {
    held.resolve();
    await Promise.all([web.close(), worker.close(), next.close()]);
  });

  const metricsOf = async (node: Natter): Promise<string> =>
    (await node.fetch(requestOf("/metrics", { token: metricsToken }))).text();
  const ask = (words: string, more: object = {}): Promise<Response> =>
    web.fetch(
      requestOf("/v1/chat", {
        token,
        body: { message: { text: words }, ...more },
        headers: { "x-request-id": "request-0001" },
      }),
    );
  const has = async (node: Natter, sample: string): Promise<void> => {
    await until(async () => (await metricsOf(node)).split("\n").includes(sample));
  };

  test("the worker counts what it did, the web node what it was asked", async () => {
    expect((await readStream(await ask("look it up"))).isDone).toBe(true);
    expect((await ask("fail", { stream: false })).status).toBe(502);
    for (const sample of [
      'natter_completions_total{status="completed",provider="scripted"} 1',
      'natter_completions_total{status="failed",provider="scripted"} 1',
      'natter_completion_failures_total{code="provider_refused"} 1',
      'natter_provider_calls_total{provider="scripted",outcome="ok"} 2',
      'natter_provider_calls_total{provider="scripted",outcome="provider_refused"} 1',
      'natter_provider_circuit_open{provider="scripted"} 0',
      'natter_tool_executions_total{tool="look",outcome="completed"} 1',
      'natter_tool_executions_total{tool="unknown",outcome="failed"} 1',
      'natter_tokens_total{provider="scripted",direction="input"} 20',
      "natter_first_token_seconds_count 1",
      'natter_model_first_token_seconds_count{provider="scripted"} 2',
    ])
      await has(worker, sample);
    for (const sample of [
      "natter_messages_accepted_total 2",
      'natter_http_requests_total{route="/v1/chat",method="POST",status="502"} 1',
      'natter_database_connections_max{pool="requests"} 10',
      "natter_database_up 1",
    ])
      await has(web, sample);
    expect(await metricsOf(web)).toContain("natter_nodejs_eventloop_lag_p99_seconds");
    expect(await metricsOf(web)).not.toContain('provider="scripted",outcome="ok"');
  });

  test("what runs is seen by every node, and a hand-over by the one that takes it", async () => {
    const response = await ask("hold");
    for (const node of [web, worker]) await has(node, 'natter_queue_depth{status="running"} 1');
    await has(web, 'natter_viewers{transport="sse"} 1');
    await has(worker, "natter_completions_running 1");
    const age = /^natter_lease_age_seconds (\S+)$/m.exec(await metricsOf(web))?.[1];
    expect(Number(age)).toBeLessThan(10);
    await next.start();
    await worker.close();
    await has(next, 'natter_takeovers_total{cause="hand_over"} 1');
    held.resolve();
    expect((await readStream(response)).isDone).toBe(true);
    await has(web, 'natter_queue_depth{status="running"} 0');
    await has(next, "natter_log_lag_positions 0");
  });

  test("a log line names the request, or the completion and its conversation", async () => {
    const accepted = lines.filter(({ message }) => message === "a message was accepted");
    expect(accepted).toHaveLength(3);
    for (const { fields } of accepted)
      expect(fields).toMatchObject({ requestId: "request-0001", completionId: expect.any(String) });
    const failed = lines.filter(({ message }) => message === "a completion failed");
    expect(failed).toHaveLength(1);
    const { completionId, conversationId } = accepted[1]!.fields;
    expect(failed[0]?.fields).toMatchObject({ completionId, conversationId });
  });

  test("a queue that nobody works on gets older", async () => {
    await next.close();
    await ask("later");
    await has(web, 'natter_queue_depth{status="queued"} 1');
    const age = async (): Promise<number> =>
      Number(/^natter_queue_oldest_due_seconds (\S+)$/m.exec(await metricsOf(web))?.[1]);
    await until(async () => (await age()) > 0.5);
    expect(await age()).toBeLessThan(30);
  });
});
