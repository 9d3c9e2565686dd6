import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createNatter, type Natter } from "../../src/natter.ts";
import { createScriptedProvider, type ScriptedProvider } from "../../src/testing/providers/scripted-provider.ts";
import { requestOf, testSecret, tokenFor } from "../../src/testing/servers/web.ts";

let folder: string;
let natter: Natter;
let provider: ScriptedProvider;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "natter-tasks-"));
  const input = JSON.stringify({ title: "buy milk", due: "2027-01-31" });
  provider = await createScriptedProvider(({ number }) =>
    number === 1
      ? [{ call: { id: "call_1", name: "tasks__add_task", arguments: input } }]
      : [{ say: "I put it on your list." }],
  );
  natter = createNatter({
    env: {
      NATTER_JWT_SECRET: testSecret,
      NATTER_DATA_DIR: folder,
      OPENAI_COMPATIBLE_BASE_URL: provider.baseUrl,
      NATTER_DEFAULT_MODEL: "compatible/scripted",
    },
    features: { titles: false },
    limits: { answerSeconds: 60 },
  });
  await natter.start();
}, 120_000);
afterAll(async () => {
  await natter.close();
  await provider.close();
  await rm(folder, { recursive: true, force: true });
});

test("D9 a model behind a provider gets the tasks as functions, calls one, and reads its result", async () => {
  const body = { stream: false, message: { text: "remember the milk" } };
  const response = await natter.fetch(requestOf("/v1/chat", { token: await tokenFor(), body }));
  expect(response.status).toBe(200);
  const [first, second] = provider.requests.map((request) => request.body);
  const tools = first?.["tools"] as { function: { name: string; parameters: object } }[];
  expect(tools.map((tool) => tool.function.name).filter((name) => name.startsWith("tasks__"))).toEqual([
    "tasks__add_task",
    "tasks__list_tasks",
    "tasks__complete_task",
    "tasks__update_task",
    "tasks__delete_task",
  ]);
  expect(tools.find((tool) => tool.function.name === "tasks__add_task")?.function.parameters).toMatchObject({
    type: "object",
    required: ["title"],
    properties: { title: { type: "string" }, due: { type: "string" } },
  });
  const messages = second?.["messages"] as object[];
  expect(messages.at(-1)).toMatchObject({
    role: "tool",
    tool_call_id: "call_1",
    content: "Added task 1: buy milk (due 2027-01-31)",
  });
});
