import { afterAll, beforeAll, expect, test } from "vitest";
import type { Part } from "../../src/protocol/message/chunk.ts";
import { isToolPart } from "../../src/protocol/message/fold.ts";
import { mountNatter, type MountedNatter } from "../../src/testing/servers/mounted-natter.ts";
import { callTool, createScriptedModel, say } from "../../src/testing/providers/scripted-model.ts";
import config from "./natter.config.ts";

const model = createScriptedModel(({ messages }, number) => {
  const last = messages.at(-1);
  if (last?.role === "tool") return [say("Done.")];
  return JSON.stringify(last?.content).includes("book")
    ? [callTool(`call-${number}`, "book", { train: "R 12" })]
    : [callTool(`call-${number}`, "trains", { to: "Ghent", day: "2030-05-01" })];
});

let natter: MountedNatter;
beforeAll(async () => {
  natter = await mountNatter({ ...config, model });
}, 60_000);
afterAll(() => natter.close());

const read = async <Answer>(path: string, body?: unknown): Promise<Answer> =>
  (await (await natter.ask(path, body === undefined ? {} : { body })).json()) as Answer;

test("A3 N5 a graph uses the agent's tools, and asks before it books", async () => {
  const first = await read<{ conversationId: string; message: { parts: Part[] } }>("/v1/chat", {
    message: { text: "which trains?" },
    stream: false,
  });
  expect(first.message.parts).toContainEqual(
    expect.objectContaining({ type: "tool-trains", state: "output-available", output: [expect.anything()] }),
  );
  const { conversationId } = first;
  const open = await natter.ask("/v1/chat", { body: { conversationId, message: { text: "book the first" } } });
  await open.body?.cancel();
  const parts = async (): Promise<Part[]> => {
    const { data } = await read<{ data: { parts: Part[] }[] }>(`/v1/conversations/${conversationId}/messages`);
    return data.at(-1)?.parts ?? [];
  };
  const asked = async () => (await parts()).filter(isToolPart).find(({ state }) => state === "approval-requested");
  await expect.poll(async () => (await asked())?.input, { timeout: 20_000 }).toEqual({ book: { train: "R 12" } });
  await read(`/v1/approvals/${(await asked())?.approval?.id}`, { decision: "once" });
  await expect.poll(async () => JSON.stringify(await parts()), { timeout: 20_000 }).toContain("Done.");
  expect(await parts()).toContainEqual(
    expect.objectContaining({ type: "tool-book", state: "output-available", output: { booked: "R 12" } }),
  );
}, 60_000);
