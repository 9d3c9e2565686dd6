import { Agent } from "node:http";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { findPostgresFolder } from "../src/testing/servers/find-program.ts";
import { startPostgres } from "../src/testing/servers/postgres-server.ts";
import { startNatter } from "./natter-target.ts";
import { median } from "./samples.ts";
import { startServer } from "./server-process.ts";
import { requestStream } from "./streamed-request.ts";
import type { RunningTarget } from "./targets.ts";

const { values: options } = parseArgs({
  options: {
    messages: { type: "string", default: "10000" },
    repeats: { type: "string", default: "60" },
    assert: { type: "boolean", default: false },
  },
});

const limit = 1.3;
const pageSize = 50;
const shortLength = 100;
const repeats = Number(options.repeats);
const answerTokens = 10;

const created = z.object({ id: z.string() });
const page = z.object({ data: z.array(z.unknown()) });
const upstream = await startServer({ args: [join(import.meta.dirname, "upstream.ts")], ready: "/stats" });

const call = async (target: RunningTarget, path: string, body?: object): Promise<unknown> => {
  const headers = { ...target.headers, "content-type": "application/json" };
  const request = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
  const response = await fetch(new URL(path, target.url), request);
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
};

const build = async (target: RunningTarget, length: number): Promise<string> => {
  const { id } = created.parse(await call(target, "/v1/conversations", {}));
  for (let number = 1; number <= length; number += 1) {
    await call(target, `/v1/conversations/${id}/messages`, { message: { text: `message ${number} of a long talk` } });
  }
  return id;
};

const open = async (target: RunningTarget, id: string): Promise<number> => {
  const start = performance.now();
  const { data } = page.parse(await call(target, `/v1/conversations/${id}/messages?branch=active&limit=${pageSize}`));
  if (data.length !== pageSize) throw new Error(`the first page of ${id} holds ${data.length} messages`);
  return performance.now() - start;
};

const agent = new Agent({ keepAlive: true });

const send = async (target: RunningTarget, id: string): Promise<number> => {
  const template = target.followUp ?? target.body;
  const body = template.replaceAll("{{conversation}}", id).replaceAll("{{model}}", `mock-n${answerTokens}-d0`);
  const url = new URL(target.url);
  const answer = await requestStream({ url, headers: target.headers, body, agent, tokens: answerTokens });
  if (answer.error !== undefined || answer.firstToken === undefined) throw new Error(answer.error ?? "no token");
  return answer.firstToken;
};

type Action = (target: RunningTarget, id: string) => Promise<number>;

const compare = async (target: RunningTarget, action: Action, ids: { short: string; long: string }) => {
  const times: { short: number[]; long: number[] } = { short: [], long: [] };
  for (let warmUp = 0; warmUp < 10; warmUp += 1) {
    for (const id of Object.values(ids)) await action(target, id);
  }
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    times.short.push(await action(target, ids.short));
    times.long.push(await action(target, ids.long));
  }
  const [short, long] = [median(times.short), median(times.long)];
  return { shortMilliseconds: short, longMilliseconds: long, ratio: long / short };
};

const measure = async (target: RunningTarget) => {
  try {
    const ids = { short: await build(target, shortLength), long: await build(target, Number(options.messages)) };
    return { open: await compare(target, open, ids), send: await compare(target, send, ids) };
  } finally {
    await target.stop();
  }
};

const report: Record<string, Awaited<ReturnType<typeof measure>>> = {
  PGlite: await measure(await startNatter(upstream.url, null)),
};
if (findPostgresFolder()) {
  report["PostgreSQL"] = await measure(await startNatter(upstream.url, await startPostgres({ fsync: true })));
}
await upstream.stop();

console.log(JSON.stringify({ messages: Number(options.messages), ...report }, null, 2));
const ratios = Object.values(report).flatMap(({ open: opened, send: sent }) => [opened.ratio, sent.ratio]);
const isOver = ratios.some((ratio) => ratio > limit);
if (isOver) console.error(`over budget: a ratio is above ${limit}`);
process.exit(options.assert && isOver ? 1 : 0);
