import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Message } from "../../src/protocol/resources.ts";
import type { ToolExecution } from "../../src/protocol/tool-execution.ts";
import { createScriptedProvider, type ScriptedProvider } from "../../src/testing/providers/scripted-provider.ts";
import { until } from "../../src/testing/spine.ts";
import { tokenFor } from "../../src/testing/servers/web.ts";
import { NatterNode } from "../../tests/faults/natter-node.ts";
import { askUntilAnswered } from "../../tests/faults/request.ts";

let folder: string;
let provider: ScriptedProvider;
let node: NatterNode;
let token: string;

const textOf = (body: Record<string, unknown>): string => JSON.stringify(body["messages"]);
const resultsIn = (text: string): number => text.split("[Result of the background tool").length - 1;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "natter-example-"));
  provider = await createScriptedProvider(({ body }) => {
    const text = textOf(body);
    if (resultsIn(text) > 0) return [{ say: "In March 2026 there were 903 customers." }];
    if (text.includes('"role":"tool"')) return [{ say: "I have begun." }];
    return [{ call: { id: "call-1", name: "report", arguments: '{"month":"2026-03"}' } }];
  });
  const environment = {
    NATTER_DATA_DIR: join(folder, "data"),
    OPENAI_COMPATIBLE_BASE_URL: provider.baseUrl,
    OPENAI_COMPATIBLE_API_KEY: "any",
    NATTER_DEFAULT_MODEL: "compatible/scripted",
  };
  node = await NatterNode.create(environment, { directory: import.meta.dirname });
  token = await tokenFor();
});
afterAll(async () => {
  await node.end("SIGKILL");
  await provider.close();
  await rm(folder, { recursive: true, force: true });
});

const conversationId = "background-tool-example";
const read = async <Body>(path: string): Promise<Body> =>
  (await askUntilAnswered<Body>(() => `${node.url}/v1/conversations/${conversationId}${path}`, { token })).body;
const execution = (look: (found: ToolExecution) => boolean): Promise<ToolExecution> =>
  until(async () => {
    const [found] = (await read<{ data?: ToolExecution[] }>("/tool-executions")).data ?? [];
    return found !== undefined && look(found) && found;
  }, 60);

test("N2 the example's report is written though its server is killed twice, and told once while nobody watches", async () => {
  await node.start();
  const body = { conversationId, message: { text: "the report of 2026-03" }, stream: false };
  await askUntilAnswered(() => `${node.url}/v1/chat`, { token, body });
  for (let kill = 0; kill < 2; kill += 1) {
    // told again by each start, since the body begins anew
    await execution(({ status, progress }) => status === "running" && (progress?.ratio ?? 0) > 0.3);
    await node.end("SIGKILL");
    await node.start();
    await execution(({ progress, status }) => status === "running" && progress?.ratio === 0);
  }
  const done = await execution(({ finishedAt }) => finishedAt !== null);
  expect(done.outcome).toEqual({
    type: "completed",
    data: { month: "2026-03", counts: { customers: 903, orders: 603, refunds: 703 } },
  });
  const [, , told] = await until(async () => {
    const { data } = await read<{ data: Message[] }>("/messages?branch=active");
    return data.length === 3 && data[2]?.completion?.status === "completed" && data;
  }, 60);
  expect(told?.parts.at(-1)).toMatchObject({ type: "text", text: "In March 2026 there were 903 customers." });
  expect(provider.requests.map((request) => resultsIn(textOf(request.body))).filter((count) => count > 0)).toEqual([1]);
}, 120_000);
