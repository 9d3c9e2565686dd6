import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defineAgent } from "../../agents/define-agent.ts";
import type { Worker } from "../../engine/worker.ts";
import type { Database } from "../../ports/database.ts";
import type { Completion, Message } from "../../protocol/resources.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";

describe("A3 who answers", () => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let token: string;

  beforeAll(async () => {
    database = await testDatabases[0]!.open();
    const agents = {
      default: defineAgent({ instructions: "one" }),
      other: defineAgent({ instructions: async ({ agent }) => `two, as ${agent}` }),
    };
    web = await createWeb({
      database,
      agents,
      model: createScriptedModel(({ instructions }) => say(instructions ?? "nobody")),
    });
    worker = web.spine.worker();
    await worker.start();
    token = await tokenFor();
  });
  afterAll(async () => {
    await worker.drain(0);
    await web.close();
    await database.close();
  });

  const sayTo = async (body: object) => {
    const response = await web.ask("/v1/chat", { token, body: { message: { text: "hi" }, stream: false, ...body } });
    const { status } = response;
    const told = (await response.json()) as { conversationId: string; message?: Message; detail?: string };
    const part = told.message?.parts.find(({ type }) => type === "text");
    return { status, ...told, text: part?.type === "text" ? part.text : undefined };
  };
  const patch = (id: string, body: object) => web.ask(`/v1/conversations/${id}`, { token, method: "PATCH", body });

  test("is the conversation's agent, changed by a person, or one that a send names for itself", async () => {
    const first = await sayTo({});
    const { conversationId } = first;
    expect(first.text).toBe("one");
    expect((await sayTo({ conversationId, agent: "other" })).text).toBe("two, as other");
    expect((await sayTo({ conversationId })).text).toBe("one");
    expect((await patch(conversationId, { agent: "other" })).status).toBe(200);
    const later = await sayTo({ conversationId });
    expect(later.text).toBe("two, as other");
    expect(later.message?.completion).toMatchObject({ agent: "other" } satisfies Partial<Completion>);
  });

  test("that is not there is refused in words, wherever it is named", async () => {
    const { conversationId } = await sayTo({});
    const made = await web.ask("/v1/conversations", { token, body: { agent: "nobody" } });
    const changed = await patch(conversationId, { agent: "toString" });
    const sent = await sayTo({ conversationId, agent: "__proto__" });
    expect([made.status, changed.status, sent.status]).toEqual([422, 422, 422]);
    expect(await made.text()).toContain("There is no agent");
    expect(sent.detail).toContain("There is no agent");
  });

  test("that is not configured any more is told, and another can take its place", async () => {
    const { conversationId } = await sayTo({});
    await database.query(sql`update conversation set agent = 'gone' where id = ${conversationId}`);
    const sent = await sayTo({ conversationId });
    expect([sent.status, sent.detail]).toEqual([422, expect.stringContaining('no agent "gone"')]);
    expect((await sayTo({ conversationId, agent: "default" })).text).toBe("one");
    await patch(conversationId, { agent: "other" });
    expect((await sayTo({ conversationId })).text).toBe("two, as other");
  });
});
