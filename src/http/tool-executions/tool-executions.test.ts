import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { BackgroundWorker } from "../../compose/compose-background.ts";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { BackgroundJob } from "../../protocol/agent/tool.ts";
import type { ToolExecution } from "../../protocol/tool-execution.ts";
import { createStartingModel, resultsIn, startBackground } from "../../testing/background-world.ts";
import type { ScriptedModel } from "../../testing/providers/scripted-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import { pending } from "../../tools/results.ts";
import { tool } from "../../tools/tool.ts";
import { signResult } from "./signature.ts";

interface Page {
  readonly data: readonly ToolExecution[];
  readonly nextCursor: string | null;
}

describe("B5 B7 background tools over HTTP", () => {
  let database: Database;
  let model: ScriptedModel;
  let web: Web;
  let worker: Worker;
  let background: BackgroundWorker;
  let jobs: BackgroundJob[];
  let token: string;

  beforeEach(async () => {
    database = await testDatabases.at(-1)!.open();
    model = createStartingModel();
    jobs = [];
    const work = tool({
      inputSchema: z.object({ number: z.number() }),
      background: {},
      execute: (_input, job) => {
        jobs.push(job);
        return pending("somebody calls back");
      },
    });
    web = await createWeb({ database, model, agents: { default: { tools: { work } } } });
    worker = web.spine.worker();
    await worker.start();
    background = await startBackground(web.spine);
    token = await tokenFor();
  });
  afterEach(async () => {
    await Promise.all([worker.drain(0), background.drain(0)]);
    await web.close();
    await database.close();
  });

  const say = async (words: string, conversationId: string): Promise<void> => {
    const response = await web.ask("/v1/chat", {
      token,
      body: { conversationId, message: { text: words }, stream: false },
    });
    expect(response.status).toBe(200);
  };
  const list = async (conversationId: string, query = ""): Promise<Page> =>
    (await web.ask(`/v1/conversations/${conversationId}/tool-executions${query}`, { token })).json() as Promise<Page>;
  const begin = async (words = "start"): Promise<{ conversationId: string; job: BackgroundJob }> => {
    const conversationId = createId();
    await say(words, conversationId);
    const job = await until(async () => jobs.at(-1));
    await until(async () => (await list(conversationId)).data.every(({ status }) => status === "waiting"));
    return { conversationId, job };
  };
  const post = (job: BackgroundJob, body: unknown, more: { secret?: string; at?: number; header?: string } = {}) => {
    const text = JSON.stringify(body);
    const { secret = job.webhook.secret, at = Date.now() } = more;
    const signed = { secret, id: job.toolExecutionId, body: Buffer.from(text) };
    const header = more.header ?? signResult(signed, at);
    return web.ask(job.webhook.path, { body: text, headers: { "natter-signature": header } });
  };
  const result = { type: "completed", data: { paid: true } };

  test("a signed result ends a call that waits for it, once, and is told to the next answer", async () => {
    const { conversationId, job } = await begin();
    const answers = await Promise.all([1, 2, 3].map(() => post(job, result)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
    const [told] = (await list(conversationId)).data;
    expect(told).toMatchObject({ status: "completed", outcome: result, callId: job.callId });
    expect(JSON.stringify(told)).not.toContain(job.webhook.secret);
    await say("and now", conversationId);
    expect(resultsIn(model.calls.at(-1))).toBe(1);
    expect(JSON.stringify(model.calls.at(-1)?.messages)).toContain("paid");
  });

  test("whoever does not sign as the call's secret says is refused, as for a call that is not there", async () => {
    const { conversationId, job } = await begin();
    const missing = {
      ...job,
      toolExecutionId: createId(),
      webhook: { ...job.webhook, path: `/v1/tool-executions/${createId()}/result` },
    };
    const refused = await Promise.all([
      post(job, result, { secret: "another" }),
      post(job, result, { at: Date.now() - 10 * 60_000 }),
      post(job, result, { at: Date.now() + 10 * 60_000 }),
      post(job, result, { header: "" }),
      post(job, result, { header: "t=1,v1=00" }),
      post(missing, result),
      post({ ...job, webhook: { ...job.webhook, path: "/v1/tool-executions/a%00b/result" } }, result),
      post({ ...job, webhook: { ...job.webhook, path: "/v1/tool-executions/%ff/result" } }, result),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401, 401, 401]);
    const bodies = await Promise.all(
      refused.map(async (response) => ((await response.json()) as { detail: string }).detail),
    );
    expect(new Set(bodies).size).toBe(1);
    expect((await list(conversationId)).data[0]?.status).toBe("waiting");
  });

  test("a signed body must be a result, and not that it is pending", async () => {
    const { job } = await begin();
    const bodies = [
      {},
      null,
      [],
      { type: "pending", note: "x" },
      { type: "completed", more: 1 },
      { type: "failed", message: "a\0" },
    ];
    const answers = await Promise.all(bodies.map((body) => post(job, body)));
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 422, 422, 422]);
    expect((await post(job, { type: "not-found", what: "order 7" })).status).toBe(200);
  });

  test("S31 a result that was sent for one round is nothing in the next", async () => {
    const { conversationId, job } = await begin();
    const body = Buffer.from(JSON.stringify(result));
    const header = signResult({ secret: job.webhook.secret, id: job.toolExecutionId, body }, Date.now());
    const path = `/v1/tool-executions/${job.toolExecutionId}`;
    expect((await web.ask(`${path}/cancel`, { token, method: "POST" })).status).toBe(200);
    expect((await post(job, result, { header })).status).toBe(409);
    const retried = await web.ask(`${path}/retry`, { token, method: "POST" });
    expect([retried.status, ((await retried.json()) as ToolExecution).round]).toEqual([202, 2]);
    await until(async () => jobs.length === 2 && (await list(conversationId)).data[0]?.status === "waiting");
    expect((await post(job, result, { header })).status).toBe(401);
    expect((await post(jobs[1]!, result)).status).toBe(200);
  });

  test("a conversation's calls are listed newest first, page by page", async () => {
    const { conversationId } = await begin("start 3");
    const all = await until(async () => {
      const { data } = await list(conversationId);
      return data.length === 3 && data;
    });
    const first = await list(conversationId, "?limit=2");
    const second = await list(conversationId, `?limit=2&cursor=${first.nextCursor ?? ""}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(second.nextCursor).toBeNull();
    expect((await web.ask(`/v1/conversations/${conversationId}/tool-executions?cursor=e30`, { token })).status).toBe(
      400,
    );
  });

  test("S7 nobody else reads, cancels or retries them, or gives their results unsigned", async () => {
    const { job } = await begin();
    const stranger = await tokenFor();
    const path = `/v1/tool-executions/${job.toolExecutionId}`;
    const answers = await Promise.all([
      web.ask(path, { token: stranger }),
      web.ask(`${path}/cancel`, { token: stranger, method: "POST" }),
      web.ask(`${path}/retry`, { token: stranger, method: "POST" }),
      web.ask(`${path}/result`, { token: stranger, body: { output: 1 } }),
      web.ask(`${path}/result`, { token, body: { output: 1 } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect((await web.ask(path, { token })).status).toBe(200);
  });
});
