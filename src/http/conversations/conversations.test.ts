import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Worker } from "../../engine/worker.ts";
import type { Database } from "../../ports/database.ts";
import {
  conversationSchema,
  messageSchema,
  completionSchema,
  type Conversation,
  type Message,
} from "../../protocol/resources.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, readStream, tokenFor, type Ask, type Web } from "../../testing/servers/web.ts";

interface Page<Item> {
  readonly data: readonly Item[];
  readonly nextCursor: string | null;
  readonly count?: number;
}

describe.each(testDatabases)("conversations and what is in them, on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  const hold = Promise.withResolvers<void>();
  const model = createScriptedModel((call) =>
    JSON.stringify(call.messages.at(-1)).includes("hold")
      ? [say("a "), { wait: hold.promise }, say("b")]
      : [say("done")],
  );

  beforeAll(async () => {
    database = await open();
    web = await createWeb({ database, model });
    worker = web.spine.worker();
    await worker.start();
  });
  afterAll(async () => {
    hold.resolve();
    await worker.drain(2);
    await web.close();
    await database.close();
  });

  const json = async <Body>(path: string, ask: Ask, status = 200): Promise<Body> => {
    const response = await web.ask(path, ask);
    const text = await response.text();
    expect([path, response.status, text]).toEqual([path, status, text]);
    return JSON.parse(text) as Body;
  };

  const pages = async <Item>(path: string, token: string): Promise<Item[][]> => {
    const all: Item[][] = [];
    let cursor: string | null = null;
    do {
      const page: Page<Item> = await json(`${path}${cursor === null ? "" : `&cursor=${cursor}`}`, { token });
      all.push([...page.data]);
      cursor = page.nextCursor;
    } while (cursor !== null && all.length < 50);
    return all;
  };

  test("A1 what is made is told in the shape that the schema says, with its place and tag", async () => {
    const token = await tokenFor();
    const id = createId();
    const response = await web.ask("/v1/conversations", {
      token,
      body: { id, title: "Trip", settings: { temperature: 0.5 }, pinned: true },
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("location")).toBe(`/v1/conversations/${id}`);
    expect(response.headers.get("etag")).toBe('"1"');
    const made: unknown = await response.json();
    expect(conversationSchema.strict().parse(made)).toMatchObject({
      id,
      title: "Trip",
      settings: { temperature: 0.5 },
      pinned: true,
      messageCount: 0,
      deletedAt: null,
    });
    const again = await web.ask("/v1/conversations", { token, body: { id } });
    expect(again.status).toBe(409);
  });

  test("A2 changes are guarded by the tag: two editors can't undo each other", async () => {
    const token = await tokenFor();
    const { id } = await json<Conversation>("/v1/conversations", { token, body: {} }, 201);
    const patch = (body: object, tag?: string) =>
      web.ask(`/v1/conversations/${id}`, {
        method: "PATCH",
        token,
        body,
        headers: tag === undefined ? {} : { "if-match": tag },
      });
    const first = await patch({ title: "one" }, '"1"');
    expect(first.status).toBe(200);
    expect(first.headers.get("etag")).toBe('"2"');
    const second = await patch({ title: "two" }, '"1"');
    expect(second.status).toBe(412);
    expect(await second.json()).toMatchObject({ code: "precondition_failed", settingsVersion: 2 });
    expect((await patch({ title: "three" }, "W/garbage")).status).toBe(412);
    expect((await patch({ title: "four" }, "*")).status).toBe(200);
    expect((await patch({ title: null })).status).toBe(200);
    expect((await patch({})).status).toBe(422);
    expect(await json<Conversation>(`/v1/conversations/${id}`, { token })).toMatchObject({
      title: null,
      settingsVersion: 4,
    });
  });

  test("D8 lists by last update, in pages that neither repeat nor miss", async () => {
    const token = await tokenFor();
    const ids: string[] = [];
    for (let count = 0; count < 7; count += 1)
      ids.unshift((await json<Conversation>("/v1/conversations", { token, body: {} }, 201)).id);
    await json("/v1/conversations", { token, body: { temporary: true } }, 201);
    const listed = await pages<Conversation>("/v1/conversations?limit=3", token);
    expect(listed.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(listed.flat().map(({ id }) => id)).toEqual(ids);
    await json(`/v1/conversations/${ids[3]}`, { method: "PATCH", token, body: { status: "archived" } });
    expect(await json<Page<Conversation>>("/v1/conversations?status=archived&count=true", { token })).toMatchObject({
      data: [{ id: ids[3] }],
      count: 1,
    });
  });

  test("N10 those with an answer that one has not looked at are listed alone, in pages, until one looks", async () => {
    const token = await tokenFor();
    const ids: string[] = [];
    for (const text of ["one", "two", "three"]) {
      const id = createId();
      await readStream(await web.ask("/v1/chat", { token, body: { conversationId: id, message: { text } } }));
      ids.unshift(id);
    }
    await json("/v1/conversations", { token, body: {} }, 201);
    const unread = async () => (await pages<Conversation>("/v1/conversations?unread=true&limit=2", token)).flat();
    expect((await unread()).map(({ id }) => id)).toEqual(ids);
    expect((await web.ask(`/v1/conversations/${ids[1]}/seen`, { method: "PUT", token })).status).toBe(204);
    expect((await unread()).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    expect((await web.ask("/v1/conversations?unread=maybe", { token })).status).toBe(400);
    const foreign = await json<Page<Conversation>>("/v1/conversations?unread=true", { token: await tokenFor() });
    expect(foreign.data).toEqual([]);
  });

  test("D8 what is deleted is gone, and comes back when it is restored", async () => {
    const token = await tokenFor();
    const { id } = await json<Conversation>("/v1/conversations", { token, body: { title: "x" } }, 201);
    expect((await web.ask(`/v1/conversations/${id}`, { method: "DELETE", token })).status).toBe(204);
    expect((await web.ask(`/v1/conversations/${id}`, { token })).status).toBe(404);
    expect((await json<Page<Conversation>>("/v1/conversations", { token })).data).toEqual([]);
    expect(await json(`/v1/conversations/${id}/restore`, { method: "POST", token })).toMatchObject({
      id,
      deletedAt: null,
    });
    expect((await web.ask(`/v1/conversations/${id}`, { token })).status).toBe(200);
  });

  test("A5 messages come by sequence both ways and as a branch upwards, in pages", async () => {
    const token = await tokenFor();
    const { id } = await json<Conversation>("/v1/conversations", { token, body: {} }, 201);
    for (const text of ["a", "b", "c", "d", "e"])
      await json(`/v1/conversations/${id}/messages`, { token, body: { message: { text } } }, 201);
    const path = `/v1/conversations/${id}/messages`;
    const texts = (found: readonly (readonly Message[])[]): unknown =>
      found.map((page) => page.map(({ sequence }) => sequence));
    const forward = await pages<Message>(`${path}?limit=2`, token);
    expect(texts(forward)).toEqual([[1, 2], [3, 4], [5]]);
    for (const message of forward.flat()) messageSchema.strict().parse(message);
    const backward = await json<Page<Message>>(`${path}?before=5&limit=3`, { token });
    expect(backward.data.map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
    expect(texts([(await json<Page<Message>>(`${path}?cursor=${backward.nextCursor}`, { token })).data])).toEqual([
      [1],
    ]);
    const branch = await json<Page<Message>>(`${path}?branch=active&limit=2`, { token });
    expect(branch.data.map(({ sequence }) => sequence)).toEqual([4, 5]);
    const upwards = await json<Page<Message>>(`${path}?cursor=${branch.nextCursor}`, { token });
    expect(upwards.data.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test("A5 one message is read, and emptied with its place kept", async () => {
    const token = await tokenFor();
    const { id } = await json<Conversation>("/v1/conversations", { token, body: {} }, 201);
    const message = await json<Message>(
      `/v1/conversations/${id}/messages`,
      { token, body: { message: { text: "a" } } },
      201,
    );
    await json(`/v1/conversations/${id}/messages`, { token, body: { message: { text: "b" } } }, 201);
    const path = `/v1/conversations/${id}/messages/${message.id}`;
    expect(await json(path, { token })).toEqual(message);
    expect((await web.ask(path, { method: "DELETE", token })).status).toBe(204);
    expect((await web.ask(path, { token })).status).toBe(404);
    expect(
      (await json<Message>(`/v1/conversations/${id}/messages`, { token, body: { message: { text: "c" } } }, 201))
        .sequence,
    ).toBe(3);
  });

  test("N4 a fork is a conversation of one's own with the branch in it", async () => {
    const token = await tokenFor();
    const { id } = await json<Conversation>("/v1/conversations", { token, body: {} }, 201);
    const first = await json<Message>(
      `/v1/conversations/${id}/messages`,
      { token, body: { message: { text: "a" } } },
      201,
    );
    await json(`/v1/conversations/${id}/messages`, { token, body: { message: { text: "b" } } }, 201);
    const whole = await json<Conversation>(`/v1/conversations/${id}/fork`, { method: "POST", token }, 201);
    const part = await json<Conversation>(
      `/v1/conversations/${id}/fork`,
      { token, body: { messageId: first.id } },
      201,
    );
    expect([whole.messageCount, part.messageCount]).toEqual([2, 1]);
  });

  test("N4 messages wait while an answer runs; they are listed, changed, taken back, and sent before their turn", async () => {
    const token = await tokenFor();
    const conversationId = createId();
    const running = await web.ask("/v1/chat", { token, body: { conversationId, message: { text: "hold" } } });
    const send = (text: string) =>
      json<{ completionId: string }>(
        `/v1/conversations/${conversationId}/completions`,
        { token, body: { message: { text } } },
        202,
      );
    const [first, second, third] = [await send("first"), await send("second"), await send("third")];
    const waiting = () =>
      json<Page<{ completionId: string; parts: { text: string }[] }>>(
        `/v1/conversations/${conversationId}/waiting-sends`,
        { token },
      );
    expect((await waiting()).data.map(({ parts }) => parts[0]?.text)).toEqual(["first", "second", "third"]);
    const change = await web.ask(`/v1/waiting-sends/${second.completionId}`, {
      method: "PATCH",
      token,
      body: { message: { text: "changed" } },
    });
    expect(change.status).toBe(204);
    expect((await web.ask(`/v1/waiting-sends/${first.completionId}`, { method: "DELETE", token })).status).toBe(204);
    expect((await waiting()).data.map(({ parts }) => parts[0]?.text)).toEqual(["changed", "third"]);
    expect((await web.ask(`/v1/waiting-sends/${third.completionId}/send-now`, { method: "POST", token })).status).toBe(
      204,
    );
    const ended = await readStream(running);
    expect(ended.chunks.slice(-2)).toEqual([{ type: "abort" }, { type: "finish", finishReason: "interrupted" }]);
    for (const { completionId } of [third, second])
      await readStream(await web.ask(`/v1/completions/${completionId}/events`, { token }));
    const branch = await json<Page<Message>>(`/v1/conversations/${conversationId}/messages?branch=active`, { token });
    const said = branch.data
      .filter(({ role }) => role === "user")
      .map(({ parts }) => (parts[0]?.type === "text" ? parts[0].text : ""));
    expect(said).toEqual(["hold", "third", "changed"]);
    expect((await web.ask(`/v1/waiting-sends/${second.completionId}`, { method: "DELETE", token })).status).toBe(409);
  });

  test("B9 stop cancels from anywhere, keeps what was said, and does nothing twice", async () => {
    const token = await tokenFor();
    const conversationId = createId();
    const running = await web.ask("/v1/chat", { token, body: { conversationId, message: { text: "hold" } } });
    await expect
      .poll(
        async () =>
          (await json<Page<{ status: string }>>(`/v1/conversations/${conversationId}/completions`, { token })).data[0]
            ?.status,
      )
      .toBe("running");
    const stop = () => web.ask(`/v1/chat/${conversationId}/stop`, { method: "POST", token });
    expect((await stop()).status).toBe(200);
    const { chunks } = await readStream(running);
    expect(chunks.slice(-2)).toEqual([{ type: "abort" }, { type: "finish", finishReason: "interrupted" }]);
    expect((await stop()).status).toBe(204);
    const { data } = await json<Page<{ id: string; status: string }>>(
      `/v1/conversations/${conversationId}/completions`,
      { token },
    );
    expect(completionSchema.strict().parse(data[0])).toMatchObject({ status: "cancelled" });
    expect(await json(`/v1/completions/${data[0]?.id}/cancel`, { method: "POST", token })).toMatchObject({
      status: "cancelled",
    });
  });

  test("N6 the ledger is one's own, paged, with the sums of the time asked for", async () => {
    const token = await tokenFor();
    for (let count = 0; count < 3; count += 1)
      await readStream(await web.ask("/v1/chat", { token, body: { message: { text: "hello" } } }));
    const report = await json<Page<{ inputTokens: number }> & { totals: object }>("/v1/usage?limit=2", { token });
    expect(report).toMatchObject({ totals: { calls: 3, inputTokens: 30, outputTokens: 3, unpricedCalls: 0 } });
    expect(report.data).toHaveLength(2);
    const rest = await json<Page<unknown>>(`/v1/usage?limit=2&cursor=${report.nextCursor}`, { token });
    expect(rest).toMatchObject({ data: [{ estimated: false }], nextCursor: null });
    expect(await json("/v1/usage?from=2100-01-01T00:00:00Z", { token })).toMatchObject({
      data: [],
      totals: { calls: 0 },
    });
    expect((await web.ask("/v1/usage?from=yesterday", { token })).status).toBe(400);
  });

  test("selectors tell what there is, and nothing of the operator's", async () => {
    const token = await tokenFor();
    expect(await json("/v1/agents", { token })).toMatchObject({
      data: [{ id: "default", isDefault: true, runner: "toolLoop" }],
    });
    expect(await json("/v1/models", { token })).toMatchObject({ data: [], nextCursor: null });
  });
});
