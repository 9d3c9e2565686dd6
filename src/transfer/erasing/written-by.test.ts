import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../../ports/database.ts";
import type { Conversation, Message } from "../../protocol/resources.ts";
import type { NewShare } from "../../protocol/share.ts";
import { createErasingDesk, marker, type ErasingDesk } from "../../testing/databases/erasing-desk.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { readStream } from "../../testing/servers/web.ts";

const instructions = "Be brief.";

describe.each(testDatabases)("whose words they are decides what erasing takes, on $name", ({ open }) => {
  let database: Database;
  let desk: ErasingDesk;

  beforeEach(async () => {
    database = await open();
    desk = await createErasingDesk(database);
  });
  afterEach(async () => {
    await desk.close();
    await database.close();
  });

  const say = async (who: "ada" | "bob", conversationId: string, text: string, more: object = {}): Promise<void> => {
    const body = { conversationId, message: { text }, ...more };
    await readStream(await desk.web.ask("/v1/chat", { token: desk.tokens[who], body }));
  };
  const fork = async (id: string): Promise<string> =>
    (await desk.json<Conversation>("bob", `/v1/conversations/${id}/fork`, { body: {} })).id;
  const change = (id: string, body: object): Promise<Conversation> =>
    desk.json<Conversation>("bob", `/v1/conversations/${id}`, { method: "PATCH", body });
  const read = (id: string): Promise<Conversation> => desk.json<Conversation>("bob", `/v1/conversations/${id}`);
  const eraseAda = async (): Promise<void> => {
    expect((await desk.erase("boss")).status).toBe(202);
    desk.loop.start();
    await desk.done();
  };
  /** Instructions that completions were made with, in their order. */
  const asked = async (id: string): Promise<(string | null)[]> => {
    const rows = await database.query<{ instructions: string | null }>(sql`
      select settings ->> 'instructions' as instructions from completion where conversation_id = ${id} order by created_at, id`);
    return rows.map((row) => row.instructions);
  };

  test("N10 instructions go with whoever wrote them, not with whoever wrote the same", async () => {
    const hers = await desk.start("ada", { settings: { instructions } });
    await say("ada", hers, "one");
    const kept = await fork(hers);
    await say("bob", kept, "two");
    await change(kept, { settings: { instructions, temperature: 0.5 } });
    const again = await fork(kept);
    const changed = await fork(hers);
    await say("bob", changed, "three");
    await change(changed, { settings: { instructions: "Be long." } });
    await say("bob", changed, "four");
    const his = await desk.start("bob", { settings: { instructions } });
    await say("bob", his, "five");
    await say("ada", his, "six");
    await say("ada", his, "seven", { settings: { instructions: `Hide ${marker}.` } });
    await eraseAda();
    expect((await read(kept)).settings).toEqual({ temperature: 0.5 });
    expect((await read(again)).settings).toEqual({ temperature: 0.5 });
    expect(await asked(kept)).toEqual([null]);
    expect((await read(changed)).settings).toEqual({ instructions: "Be long." });
    expect(await asked(changed)).toEqual([null, "Be long."]);
    expect((await read(his)).settings).toEqual({ instructions });
    expect(await asked(his)).toEqual([instructions, instructions, null]);
    expect(await desk.traces()).toEqual([]);
  });

  test("N10 titles of conversations and links go that the user wrote or began; what somebody else called it stays", async () => {
    const hers = await desk.start("ada", { title: `My ${marker}` });
    await say("bob", hers, "Bob begins");
    const copied = await fork(hers);
    const renamed = await fork(hers);
    await change(renamed, { title: "Of Bob" });
    const his = await desk.start("bob");
    await say("ada", his, `It is about ${marker}`);
    await database.query(sql`update conversation set title = ${marker} where id = ${his}`);
    const share = (id: string): Promise<NewShare> =>
      desk.json<NewShare>("bob", `/v1/conversations/${id}/shares`, { body: {} });
    const links = [await share(copied), await share(renamed), await share(his)];
    await change(his, { title: "Called so by Bob" });
    await eraseAda();
    const titles = await Promise.all([copied, renamed, his].map(async (id) => (await read(id)).title));
    expect(titles).toEqual([null, "Of Bob", "Called so by Bob"]);
    const shown = await Promise.all(
      links.map(
        async ({ token }) => (await (await desk.web.ask(`/v1/shared/${token}`)).json()) as { title: string | null },
      ),
    );
    expect(shown.map(({ title }) => title)).toEqual([null, "Of Bob", null]);
    expect(await desk.traces()).toEqual([]);
  });

  test("N10 a copy in the same workspace knows who said what, and loses it with them", async () => {
    const hers = await desk.start("ada", { title: marker });
    await say("ada", hers, `I am ${marker}`);
    await say("bob", hers, "I am Bob");
    const { id } = await desk.json<Conversation>("bob", `/v1/conversations/${hers}/copy`, { body: {} });
    const messages = async (): Promise<Message[]> =>
      (await desk.json<{ data: Message[] }>("bob", `/v1/conversations/${id}/messages`)).data;
    expect((await messages()).map(({ authorId }) => authorId)).toEqual([desk.ids.ada, null, desk.ids.bob, null]);
    await eraseAda();
    expect((await messages()).map(({ deletedAt }) => deletedAt !== null)).toEqual([true, true, false, false]);
    expect((await read(id)).title).toBeNull();
    expect(await desk.traces()).toEqual([]);
  });

  test("N10 answers that go on with an answer to the user go as well, in copies too", async () => {
    const his = await desk.start("bob");
    await say("ada", his, `I am ${marker}`);
    const goesOn = async (id: string, parent: object | undefined): Promise<void> => {
      const parts = JSON.stringify([{ type: "text", text: `still ${marker}` }]);
      await desk.exec(sql`
        with above as (update conversation set next_sequence = next_sequence + 1, active_leaf_id = ${id} where id = ${his} returning next_sequence - 1 as place)
        insert into message (workspace_id, conversation_id, id, parent_id, sequence, role, parts)
        select ${desk.workspace}, ${his}, ${id}, ${Object(parent).id}, place, 'assistant', ${parts}::jsonb from above`);
    };
    const [, answer] = (await desk.json<{ data: Message[] }>("bob", `/v1/conversations/${his}/messages`)).data;
    await goesOn("goes-on-with-it", answer);
    await goesOn("goes-still-further", { id: "goes-on-with-it" });
    await say("bob", his, "I am Bob");
    const copy = await fork(his);
    await eraseAda();
    expect(await desk.traces()).toEqual([]);
    const { data } = await desk.json<{ data: Message[] }>("bob", `/v1/conversations/${copy}/messages`);
    expect(data.map(({ deletedAt }) => deletedAt !== null)).toEqual([true, true, true, true, false, false]);
  });

  test("N10 an artifact of somebody else that is as empty as an erased one stays", async () => {
    const his = await desk.start("bob");
    const body = { kind: "document", title: "Erased", content: "" };
    const { id } = await desk.json<{ id: string }>("bob", `/v1/conversations/${his}/artifacts`, { body });
    await desk.json("ada", `/v1/conversations/${his}/artifacts`, { body: { ...body, title: marker, content: marker } });
    await eraseAda();
    expect(await desk.exec(sql`select id from artifact`)).toEqual([{ id }]);
  });
});
