import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Worker } from "../../engine/worker.ts";
import type { Database } from "../../ports/database.ts";
import type { Message } from "../../protocol/resources.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";

describe("C8 votes over HTTP", () => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let token: string;
  let path: string;
  let list: string;

  beforeAll(async () => {
    database = await testDatabases[0]!.open();
    web = await createWeb({ database, model: createScriptedModel(() => say("hi")) });
    worker = web.spine.worker();
    await worker.start();
    token = await tokenFor();
    const sent = await web.ask("/v1/chat", { token, body: { message: { text: "hello" }, stream: false } });
    const { conversationId, message } = (await sent.json()) as { conversationId: string; message: Message };
    list = `/v1/conversations/${conversationId}/messages`;
    path = `${list}/${message.id}/vote`;
  });
  afterAll(async () => {
    await worker.drain(0);
    await web.close();
    await database.close();
  });

  const ask = (method: string, body?: unknown) =>
    web.ask(path, { method, token, ...(body === undefined ? {} : { body }) });

  test("a vote is put, read, shown with its message, replaced and deleted", async () => {
    expect(await (await ask("GET")).json()).toEqual({ value: null, reason: null });
    expect(await (await ask("PUT", { value: "down", reason: "<b>no</b>" })).json()).toEqual({
      value: "down",
      reason: "<b>no</b>",
    });
    expect(await (await ask("PUT", { value: "up" })).json()).toEqual({ value: "up", reason: null });
    const { data } = (await (await web.ask(list, { token })).json()) as { data: Message[] };
    expect(data.map(({ role, vote }) => [role, vote])).toEqual([
      ["user", null],
      ["assistant", "up"],
    ]);
    expect((await ask("DELETE")).status).toBe(204);
    expect((await ask("DELETE")).status).toBe(204);
    expect(await (await ask("GET")).json()).toEqual({ value: null, reason: null });
  });

  test.each([
    [{}, 422],
    [{ value: null }, 422],
    [{ value: "sideways" }, 422],
    [{ value: "up", reason: "x".repeat(2_001) }, 422],
    [{ value: "up", reason: "a\u0000b" }, 422],
    [{ value: "up", userId: "somebody-else" }, 422],
    ["[]", 422],
    ["{", 400],
  ])("S10, S34, S37 %j is refused with %i", async (body, status) => {
    const answered = await ask("PUT", body);
    expect(answered.status).toBe(status);
    expect(answered.headers.get("content-type")).toBe("application/problem+json");
    expect(await (await ask("GET")).json()).toEqual({ value: null, reason: null });
  });

  test("S47 other verbs are 405 and name those there are", async () => {
    const answered = await ask("POST", { value: "up" });
    expect(answered.status).toBe(405);
    expect(answered.headers.get("allow")).toBe("GET, PUT, DELETE");
  });
});
