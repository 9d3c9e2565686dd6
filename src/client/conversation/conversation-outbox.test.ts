import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createNatter, type Natter, type Running } from "../../natter.ts";
import { hasFinished, lastOf, liveText, textOf, untilView as until } from "../../testing/client-views.ts";
import { createClient, type Client } from "../client.ts";
import { createConversationStore, type ConversationStore } from "./conversation-store.ts";
import type { OutboxMemory, StoredMessage } from "./outbox-memory.ts";
import type { ConversationStoreOptions } from "./store-options.ts";

/** As a browser's database: what was kept is a copy, and every look takes a while. */
const createMemory = (): OutboxMemory & {
  readonly kept: Map<string, StoredMessage>;
  readonly puts: StoredMessage[];
} => {
  const puts: StoredMessage[] = [];
  const kept = new Map<string, StoredMessage>();
  return {
    kept,
    puts,
    read: async () => [...kept.values()].toReversed(),
    put: async (_conversationId, message) => {
      puts.push(structuredClone(message));
      kept.set(message.id, structuredClone(message));
    },
    delete: async (_conversationId, id) => void kept.delete(id),
  };
};

describe("what a person wrote, chose and said of an answer", () => {
  let folder: string;
  let natter: Natter;
  let running: Running;
  let client: Client;
  let isOffline = false;
  const requests: string[] = [];
  const stores: ConversationStore[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "natter-outbox-"));
    natter = createNatter({ dataDirectory: folder, env: { NATTER_DRAIN_SECONDS: "0" } });
    running = await natter.start();
    const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
      if (isOffline) throw new TypeError("Failed to fetch");
      const request = new Request(input, init);
      requests.push(`${request.method} ${new URL(request.url).pathname}`);
      return running.http.fetch(request);
    };
    running.listening(80);
    client = createClient({
      baseUrl: "http://127.0.0.1",
      token: running.token ?? "",
      headers: { host: "127.0.0.1" },
      fetch,
    });
  });
  afterEach(() => {
    isOffline = false;
    for (const store of stores.splice(0)) store.close();
  });
  afterAll(async () => {
    await natter.close();
    await rm(folder, { recursive: true });
  });

  const open = (conversationId?: string, options: ConversationStoreOptions = {}): ConversationStore => {
    const store = createConversationStore(client, conversationId, options);
    stores.push(store);
    return store;
  };
  const settled = async (text = "hello"): Promise<ConversationStore> => {
    const store = open();
    store.send(text);
    await until(store, hasFinished);
    return store;
  };

  describe("what was not sent", () => {
    test("a message of a new conversation survives a reload without a network, and is sent once", async () => {
      const outboxMemory = createMemory();
      const first = open(undefined, { outboxMemory });
      isOffline = true;
      const sent = first.send("written in a tunnel");
      await until(first, ({ connection }) => connection === "interrupted");
      first.close();
      expect([...outboxMemory.kept.keys()]).toEqual([sent]);
      isOffline = false;
      const again = open(first.conversationId, { outboxMemory });
      const view = await until(again, hasFinished);
      expect(view.messages.map(({ id }) => id)[0]).toBe(sent);
      expect(outboxMemory.kept.size).toBe(0);
    });

    test("F13 a message that was stored, but whose answer never came back, is not stored twice by the next page", async () => {
      const outboxMemory = createMemory();
      const first = open(undefined, { outboxMemory });
      first.send("stored already");
      await until(first, hasFinished);
      first.close();
      const [message] = outboxMemory.puts;
      outboxMemory.kept.set(message!.id, message!);
      const again = open(first.conversationId, { outboxMemory });
      await until(again, (view) => hasFinished(view) && outboxMemory.kept.size === 0);
      const { data } = await client.messages.list(first.conversationId);
      expect(data).toHaveLength(2);
    });

    test("a message that was refused is still there after a reload, with the reason, to be sent again", async () => {
      const outboxMemory = createMemory();
      const made = await settled();
      await client.conversations.change(made.conversationId, { status: "archived" });
      const first = open(made.conversationId, { outboxMemory });
      await until(first, hasFinished);
      const id = first.send("refused");
      await until(first, (view) => lastOf(view)?.state === "unsent");
      await until(first, () => outboxMemory.kept.get(id)?.error?.code === "archived");
      first.close();
      const again = open(made.conversationId, { outboxMemory });
      const view = await until(again, (state) => lastOf(state)?.state === "unsent");
      expect(lastOf(view)!.error?.code).toBe("archived");
      await client.conversations.change(made.conversationId, { status: "active" });
      again.retry(id);
      await until(again, (state) => hasFinished(state) && state.messages.length === 4);
      expect(outboxMemory.kept.size).toBe(0);
    });
  });

  describe("stopping", () => {
    test("a stop right after a send stops its answer, also before the server knows of it", async () => {
      const store = open();
      store.send("hang");
      await store.stop();
      const view = await until(store, (state) => lastOf(state)?.state === "cancelled" && state.live === null);
      expect(view.messages).toHaveLength(2);
      store.send("hello");
      await until(store, (state) => hasFinished(state) && state.messages.length === 4);
    });

    test("a stop of what runs leaves what waits", async () => {
      const store = open();
      store.send("hang");
      await until(store, (view) => liveText(view).length > 10);
      store.send("hello");
      await until(store, ({ waiting }) => waiting[0]?.state === "queued");
      await store.stop();
      const view = await until(store, (state) => hasFinished(state) && state.messages.length === 4);
      expect(view.messages.map(({ state }) => state)).toEqual(["sent", "cancelled", "sent", "finished"]);
    });
  });

  describe("C8 votes", () => {
    test("a vote shows at once and on every device, is taken back, and stays out when it is refused", async () => {
      const store = await settled();
      const answer = lastOf(store.getSnapshot())!.id;
      await store.vote(answer, "down", "too short");
      expect((await until(store, (view) => lastOf(view)?.vote === "down")).messages).toHaveLength(2);
      expect(await client.messages.getVote(store.conversationId, answer)).toEqual({
        value: "down",
        reason: "too short",
      });
      const other = open(store.conversationId);
      await until(other, (view) => lastOf(view)?.vote === "down");
      await other.vote(answer, null);
      await until(other, (view) => lastOf(view)?.vote === null);
      isOffline = true;
      await expect(other.vote(answer, "up")).rejects.toMatchObject({ code: "unreachable" });
      await until(other, (view) => lastOf(view)?.vote === null);
    });
  });

  describe("A2 settings", () => {
    test("what is chosen before the first send goes along with it, and is the conversation's then", async () => {
      const store = open();
      await store.change({ settings: { temperature: 0.5 }, model: "natter/demo" });
      store.draft({ title: "Chosen", pinned: true });
      expect((await until(store, ({ draft }) => draft.pinned === true)).draft.settings).toEqual({ temperature: 0.5 });
      store.send("hello");
      await until(store, hasFinished);
      expect(await client.conversations.get(store.conversationId)).toMatchObject({
        title: "Chosen",
        pinned: true,
        model: "natter/demo",
        settings: { temperature: 0.5 },
      });
    });

    test("a temporary conversation is drafted, and is in no list", async () => {
      const store = open();
      store.draft({ temporary: true });
      store.send("hello");
      await until(store, hasFinished);
      const { data } = await client.conversations.list();
      expect(data.map(({ id }) => id)).not.toContain(store.conversationId);
    });

    test("somebody's change of another thing is no obstacle; one of the same thing is told and shown", async () => {
      const store = await settled();
      await until(store, ({ conversation }) => conversation !== null);
      await client.conversations.change(store.conversationId, { pinned: true });
      await store.change({ settings: { temperature: 1 } });
      const view = await until(store, ({ conversation }) => conversation?.settings.temperature === 1);
      expect(view.conversation?.pinned).toBe(true);
      await client.conversations.change(store.conversationId, { settings: { temperature: 0.1 } });
      const change = store.change({ settings: { temperature: 2 } });
      await expect(change).rejects.toMatchObject({ code: "precondition_failed", status: 412 });
      await until(store, ({ conversation }) => conversation?.settings.temperature === 0.1);
      store.send("hotter", { settings: { temperature: 1.5 } });
      await until(store, (state) => hasFinished(state) && state.messages.length === 4);
      expect((await client.conversations.get(store.conversationId)).settings).toEqual({ temperature: 0.1 });
    });
  });

  test("C8 a file goes with a message, and comes back as an attachment", async () => {
    const store = open();
    const url = `data:text/plain;base64,${Buffer.from("a file of words").toString("base64")}`;
    store.send([
      { type: "text", text: "read this" },
      { type: "file", mediaType: "text/plain", filename: "words.txt", url },
    ]);
    await until(store, hasFinished);
    const view = await until(store, ({ messages }) =>
      messages[0]!.parts.some((part) => part.type === "file" && !part.url.startsWith("data:")),
    );
    expect(textOf(view.messages[0]!.parts)).toBe("read this");
    expect(view.messages[0]!.parts[1]).toMatchObject({ type: "file", mediaType: "text/plain", filename: "words.txt" });
  });
});
