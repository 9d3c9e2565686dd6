import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../src/foundation/ids.ts";
import { createNatter, type Natter } from "../../src/natter.ts";
import type { Part } from "../../src/protocol/message/chunk.ts";
import { isToolPart } from "../../src/protocol/message/fold.ts";
import { callTool, createScriptedModel, say } from "../../src/testing/providers/scripted-model.ts";
import { requestOf, testSecret, tokenFor } from "../../src/testing/servers/web.ts";
import config from "./natter.config.ts";

const patience = 30_000;

/** Does what the last message says: the name of a tool, and its input. */
const model = createScriptedModel(({ messages }, number) => {
  const last = messages.at(-1);
  if (last?.role !== "user") return [say("told")];
  const text = typeof last.content === "string" ? last.content : JSON.stringify(last.content);
  const [, name = "", input = "{}"] = /(\w+) (\{.*?\})/.exec(text.replaceAll("\\", "")) ?? [];
  return [callTool(`call-${number}`, name, JSON.parse(input))];
});

describe("B4 C10 the example of a custom tool", { timeout: 120_000 }, () => {
  let folder: string;
  let natter: Natter;
  let token: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "natter-example-"));
    token = await tokenFor();
    natter = createNatter({
      ...config,
      env: { NATTER_JWT_SECRET: testSecret, NATTER_DATA_DIR: folder },
      providers: { test: { driver: model, models: ["model"] } },
      models: { default: "test/model" },
      features: { titles: false },
    });
    await natter.start();
  }, 120_000);
  afterAll(async () => {
    await natter.close();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = async <Answer>(path: string, body?: unknown): Promise<Answer> => {
    const response = await natter.fetch(requestOf(path, { token, ...(body === undefined ? {} : { body }) }));
    return (await response.json()) as Answer;
  };

  const partOf = async (conversationId: string) => {
    const { data } = await ask<{ data: { parts: Part[] }[] }>(`/v1/conversations/${conversationId}/messages`);
    return data.flatMap(({ parts }) => parts.filter(isToolPart)).at(-1);
  };

  const send = async (text: string, state: string) => {
    const conversationId = createId();
    await natter.fetch(requestOf("/v1/chat", { token, body: { conversationId, message: { text } } }));
    await expect.poll(async () => (await partOf(conversationId))?.state, { timeout: patience }).toBe(state);
    return { conversationId, part: await partOf(conversationId) };
  };

  test("answers with data, with what is not there, and with what is wrong with the input", async () => {
    const found = await send('getOrder {"orderId":"A-1001"}', "output-available");
    expect(found.part).toMatchObject({ output: { id: "A-1001", cents: 4_900, refundedCents: 0 } });
    const absent = await send('getOrder {"orderId":"A-9999"}', "output-error");
    expect(absent.part).toMatchObject({ errorText: "Not found: order A-9999" });
    const wrong = await send('getOrder {"orderId":"../etc/passwd"}', "output-error");
    expect(wrong.part).toMatchObject({ errorText: expect.stringContaining("must look like A-1001") });
    const much = await send('refund {"orderId":"A-1001","cents":5000}', "output-error");
    expect(much.part).toMatchObject({ errorText: expect.stringContaining("at most 4900") });
  });

  test("pays a small sum back at once, and a large one when a person has allowed it", async () => {
    const small = await send('refund {"orderId":"A-1001","cents":2000}', "output-available");
    expect(small.part).toMatchObject({ output: { refundedCents: 2_000 } });
    const { conversationId } = await send('refund {"orderId":"A-1002","cents":90000}', "approval-requested");
    const { approvals } = await ask<{ approvals: { id: string; input: unknown }[] }>(
      `/v1/conversations/${conversationId}/questions`,
    );
    expect(approvals.map(({ input }) => input)).toEqual([{ orderId: "A-1002", cents: 90_000 }]);
    await ask(`/v1/approvals/${approvals[0]?.id}`, { decision: "once" });
    await expect
      .poll(async () => (await partOf(conversationId))?.state, { timeout: patience })
      .toBe("output-available");
    expect(await partOf(conversationId)).toMatchObject({ output: { refundedCents: 90_000 } });
  });
});
