import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Conversation, Message } from "../protocol/resources.ts";
import { chatgptConversation } from "../testing/databases/chatgpt-export.ts";
import { leadConversation, type Step } from "../testing/databases/lead-conversation.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createTransferDesk, type TransferDesk } from "../testing/databases/transfer-desk.ts";
import { requestOf, tokenFor } from "../testing/servers/web.ts";
import { testRuns } from "../testing/test-runs.ts";

describe.each(testDatabases)("one's own conversations, taken out and brought again, on $name", ({ open }) => {
  let database: Database;
  let desk: TransferDesk;

  beforeAll(async () => {
    database = await open();
    desk = await createTransferDesk(database);
  });
  afterAll(async () => {
    await desk.close();
    await database.close();
  });

  const lead = (token: string, steps: readonly Step[]) => leadConversation(desk, token, steps);
  const takeOut = async (token: string, query = ""): Promise<string> => (await desk.takeOut(token, query)).toString();
  const wipe = (token: string, ids: readonly string[]) =>
    Promise.all(ids.map((id) => desk.web.ask(`/v1/conversations/${id}`, { method: "DELETE", token }))).then(() =>
      database.query(sql`delete from conversation where id = any(${[...ids]})`),
    );

  /** Everything that has to come back. */
  const stateOf = async (token: string, ids: readonly string[]): Promise<unknown[]> => {
    const states: unknown[] = [];
    for (const id of ids) {
      const {
        version: _version,
        settingsVersion: _settings,
        ...conversation
      } = await desk.json<Conversation>(`/v1/conversations/${id}`, { token });
      const messages: unknown[] = [];
      for (const { completionId: _id, completion: _completion, ...message } of await desk.messagesOf(token, id)) {
        const parts: unknown[] = [];
        for (const part of message.parts) {
          const isFile = part.type === "file";
          const content = isFile ? await (await desk.web.ask(part.url, { token })).text() : "";
          parts.push(isFile ? { ...part, url: content } : part);
        }
        messages.push({ ...message, parts });
      }
      states.push({ ...conversation, messages });
    }
    return states;
  };

  test("N10 export, wipe, import gives the same conversations, branches, votes and files", async () => {
    const step = fc.tuple(fc.constantFrom("say", "say", "file", "drop"), fc.nat(20));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { maxLength: 8 }), { minLength: 1, maxLength: 3 }), async (plans) => {
        const token = await tokenFor();
        const ids: string[] = [];
        for (const plan of plans) ids.push(await lead(token, plan));
        const before = await stateOf(token, ids);
        const file = await takeOut(token);
        await wipe(token, ids);
        const report = await desk.bring(token, file);
        expect(report).toMatchObject({ status: "completed", imported: ids.length, failed: 0, skipped: 0 });
        expect(await stateOf(token, ids)).toEqual(before);
        const again = await desk.bring(token, zipSync({ "natter.jsonl": strToU8(file) }));
        expect(again).toMatchObject({ status: "completed", imported: 0, skipped: ids.length });
      }),
      { numRuns: testRuns(3), endOnFailure: true },
    );
  });

  test("N10 answers, their votes and edits come back, and waiting sends stay behind", async () => {
    const token = await tokenFor();
    const worker = desk.web.spine.worker();
    await worker.start();
    const { conversationId: id, message } = await desk.json<{ conversationId: string; message: Message }>("/v1/chat", {
      token,
      body: { message: { text: "first" }, stream: false },
    });
    await desk.json(`/v1/conversations/${id}/messages/${message.id}/vote`, {
      token,
      method: "PUT",
      body: { value: "down", reason: "wrong" },
    });
    await worker.drain(5);
    const before = await stateOf(token, [id]);
    await desk.json(`/v1/conversations/${id}/completions`, { token, body: { message: { text: "waits" } } });
    const file = await takeOut(token, `?conversationId=${id}`);
    await wipe(token, [id]);
    await desk.bring(token, file);
    const [after] = (await stateOf(token, [id])) as [Conversation & { messages: Message[] }];
    expect(after.messages).toEqual((before[0] as typeof after).messages);
    expect(await desk.json(`/v1/conversations/${id}/messages/${message.id}/vote`, { token })).toEqual({
      value: "down",
      reason: "wrong",
    });
    const markdown = await takeOut(token, `?conversationId=${id}&format=markdown`);
    expect(markdown).toMatch(/## You \([-0-9: ]+\)\n\nfirst\n\n## Assistant \([-0-9: ]+\)\n\nanswer/u);
  });

  test("S12 an export holds one's own alone, without what is temporary or deleted; a report is its owner's", async () => {
    const [token, other] = [await tokenFor(), await tokenFor()];
    const mine = await lead(token, [["say", 1]]);
    const gone = await lead(token, [["say", 2]]);
    const { id: temporary } = await desk.json<Conversation>("/v1/conversations", { token, body: { temporary: true } });
    await desk.web.ask(`/v1/conversations/${gone}`, { method: "DELETE", token });
    await lead(other, [["say", 3]]);
    const lines = (await takeOut(token))
      .trim()
      .split("\n")
      .map((one) => JSON.parse(one) as { type: string; id: string });
    expect(lines.filter(({ type }) => type === "conversation").map(({ id }) => id)).toEqual([mine]);
    for (const id of [gone, temporary])
      expect((await desk.web.ask(`/v1/export?conversationId=${id}`, { token })).status).toBe(404);
    expect((await desk.web.ask(`/v1/export?conversationId=${mine}`, { token: other })).status).toBe(404);
    expect((await desk.web.ask("/v1/export?workspaceId=*", { token })).status).toBe(404);
    expect((await desk.web.ask("/v1/export?workspace=*", { token })).status).toBe(400);
    const report = await desk.bring(token, JSON.stringify([chatgptConversation(createId(), ["x"])]));
    expect((await desk.web.http.fetch(requestOf(`/v1/import/${report.id}`, { token: other }))).status).toBe(404);
  });
});
