import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startServer, type HttpServer } from "../../http/server/server.ts";
import { createNatter, type Running } from "../../natter.ts";
import { hasFinished, lastOf, liveText, textOf, untilView as until } from "../../testing/client-views.ts";
import { startCutProxy, type CutProxy } from "../../testing/servers/cut-proxy.ts";
import { createClient, type Client } from "../client.ts";
import { createConversationStore, type ConversationStore } from "./conversation-store.ts";
import type { ConversationStoreOptions } from "./store-options.ts";

const counted = (amount: number): string => Array.from({ length: amount }, (_, index) => `${index + 1} `).join("");

describe("the live store on a real server", () => {
  let folder: string;
  let running: Running;
  let server: HttpServer;
  let cable: CutProxy;
  let client: Client;
  const stores: ConversationStore[] = [];

  const startAll = async (port = 0): Promise<void> => {
    const env = { NATTER_DRAIN_SECONDS: "0", NATTER_ALLOWED_HOSTS: `127.0.0.1:${cable.port}` };
    running = await createNatter({ dataDirectory: folder, env }).start();
    server = await startServer(running.http, { host: "127.0.0.1", port });
    running.listening(server.port);
  };
  const stopAll = async (): Promise<void> => {
    await server.close(0.1);
    await running.close();
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "natter-client-"));
    cable = await startCutProxy(() => server.port);
    await startAll();
    client = createClient({
      baseUrl: `http://127.0.0.1:${cable.port}`,
      token: running.token ?? "",
    });
  });
  afterEach(() => {
    for (const store of stores.splice(0)) store.close();
  });
  afterAll(async () => {
    await cable.close();
    await stopAll();
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

  test("a message shows at once, its answer streams, and both are rows in the end", async () => {
    const store = open();
    const phases = new Set<string>();
    store.subscribe(() => store.getSnapshot().messages.forEach(({ state }) => phases.add(state)));
    store.send("long 30");
    const sending = await until(store, ({ messages }) => messages.length > 0);
    expect(sending.messages.map(({ state }) => state)).toEqual(["sending"]);
    const view = await until(store, hasFinished);
    expect(view.messages.map(({ role, state }) => [role, state])).toEqual([
      ["user", "sent"],
      ["assistant", "finished"],
    ]);
    expect(textOf(view.messages[1]!.parts)).toBe(counted(30));
    expect([...phases]).toEqual(expect.arrayContaining(["sending", "sent", "thinking", "streaming", "finished"]));
    const { data } = await client.messages.list(store.conversationId);
    expect(data.map(({ id, parts }) => [id, parts])).toEqual(view.messages.map(({ id, parts }) => [id, parts]));
    const told = await until(store, ({ messages }) => messages[1]?.completion?.usage != null);
    expect(told.messages[1]!.completion).toEqual(data[1]!.completion);
    expect(data[1]!.completion).toMatchObject({
      status: "completed",
      model: "natter/demo",
      usage: { outputTokens: expect.any(Number) },
      timing: { startedAt: expect.any(String), finishedAt: expect.any(String) },
    });
  });

  test("a second store that comes in the middle of an answer sees what the first sees", async () => {
    const first = open();
    first.send("slow 40");
    await until(first, (view) => liveText(view).length > 20);
    const second = open(first.conversationId);
    await until(second, (view) => view.live !== null && liveText(view).length > 20);
    const [left, right] = await Promise.all([until(first, hasFinished), until(second, hasFinished)]);
    expect(right.messages.map(({ id, parts }) => [id, parts])).toEqual(
      left.messages.map(({ id, parts }) => [id, parts]),
    );
  });

  test("text that was shown is never taken back, also not by a reload in the middle", async () => {
    const first = open();
    first.send("slow 30");
    await until(first, (view) => liveText(view).length > 10);
    first.close();
    const again = open(first.conversationId);
    let longest = "";
    again.subscribe(() => {
      const text = textOf(lastOf(again.getSnapshot())?.parts ?? []);
      expect(text.startsWith(longest)).toBe(true);
      longest = text;
    });
    await until(again, hasFinished);
    expect(longest).toContain("or to stop.");
  });

  test("a second store stops the answer of the first, and the text stays", async () => {
    const first = open();
    first.send("hang");
    await until(first, (view) => liveText(view).includes("wait to be stopped"));
    const second = open(first.conversationId);
    await until(second, (view) => view.live !== null);
    await second.stop();
    const view = await until(first, (state) => state.live === null && lastOf(state)?.state === "cancelled");
    expect(textOf(lastOf(view)!.parts)).toContain("I stop here");
    const told = await until(first, (state) => lastOf(state)?.completion?.usage != null);
    expect(lastOf(told)!.completion).toMatchObject({ status: "cancelled", usage: { estimated: true } });
    expect(lastOf(told)!.completion?.timing.finishedAt).not.toBeNull();
    await until(second, (state) => lastOf(state)?.state === "cancelled");
  });

  test("a failure of the provider keeps the text and says why", async () => {
    const store = open();
    store.send("fail 5");
    const view = await until(store, (state) => lastOf(state)?.state === "failed" && state.live === null);
    expect(textOf(lastOf(view)!.parts)).toBe(counted(5));
    expect(lastOf(view)!.error?.message).toMatch(/\w/);
  });

  test("N4 an edit makes a sibling, and each device chooses its branch", async () => {
    const chosen = new Map<string, string | null>();
    const branchMemory = {
      read: (id: string) => chosen.get(id) ?? null,
      write: (id: string, messageId: string | null) => void chosen.set(id, messageId),
    };
    const made = await settled("first words");
    const store = open(made.conversationId, { branchMemory });
    const before = await until(store, hasFinished);
    const original = before.messages[0]!.id;
    store.edit(original, "second words");
    const edited = await until(store, (view) => hasFinished(view) && view.messages[0]!.id !== original);
    expect(textOf(edited.messages[0]!.parts)).toBe("second words");
    expect(edited.messages[0]!.siblings).toEqual([original, edited.messages[0]!.id]);
    store.select(original);
    const back = await until(store, (view) => view.messages[0]!.id === original);
    expect(textOf(back.messages[1]!.parts)).toContain("first words");
    expect(open(made.conversationId, { branchMemory }).conversationId).toBe(made.conversationId);
    const reloaded = await until(stores.at(-1)!, (view) => view.messages.length === 2);
    expect(reloaded.messages[0]!.id).toBe(original);
    const elsewhere = await until(open(made.conversationId), (view) => view.messages.length === 2);
    expect(elsewhere.messages[0]!.id).toBe(edited.messages[0]!.id);
    store.send("go on here");
    const longer = await until(store, (view) => hasFinished(view) && view.messages.length === 4);
    expect(longer.messages[0]!.id).toBe(original);
  });

  test("a message that another device removed is gone at the next look, and its answer stays", async () => {
    const store = await settled("gone soon");
    const [asked, answer] = store.getSnapshot().messages;
    const other = open(store.conversationId);
    await until(other, hasFinished);
    await client.messages.remove(store.conversationId, asked!.id);
    const again = open(store.conversationId);
    const view = await until(again, (state) => state.load === "ready" && state.messages.length === 1);
    expect(view.messages[0]!.id).toBe(answer!.id);
  });

  test("regenerating makes a sibling of the answer", async () => {
    const store = await settled("again please");
    const answer = lastOf(store.getSnapshot())!.id;
    await store.regenerate(answer);
    const view = await until(store, (state) => hasFinished(state) && lastOf(state)!.id !== answer);
    expect(lastOf(view)!.siblings).toEqual([answer, lastOf(view)!.id]);
  });

  test("an edit in the middle of an answer stops that and keeps what it said", async () => {
    const store = open();
    store.send("hang");
    const live = await until(store, (view) => liveText(view).length > 10);
    const [question, answer] = live.messages;
    store.edit(question!.id, "hello instead");
    await until(store, (view) => hasFinished(view) && view.messages[0]!.id !== question!.id);
    store.select(question!.id);
    const old = await until(store, (view) => view.messages[1]?.id === answer!.id);
    expect(old.messages[1]!.state).toBe("cancelled");
    expect(textOf(old.messages[1]!.parts)).toContain("I stop here");
  });

  test("two sends wait, one is changed and one removed, and the other is answered in its turn", async () => {
    const store = open();
    store.send("slow 60");
    await until(store, (view) => liveText(view).length > 5);
    const removed = store.send("not this");
    const kept = store.send("but that");
    const view = await until(store, ({ waiting }) => waiting.filter(({ state }) => state === "queued").length === 2);
    expect(view.waiting.map(({ id }) => id)).toEqual([removed, kept]);
    const other = open(store.conversationId);
    await until(other, ({ waiting }) => waiting.length === 2);
    await other.removeWaiting(removed);
    await other.changeWaiting(kept, "but this one");
    const end = await until(store, (state) => hasFinished(state) && state.messages.length === 4);
    expect(end.messages.map(({ parts }) => textOf(parts)).join()).toContain("but this one");
    expect(end.messages.map(({ parts }) => textOf(parts)).join()).not.toContain("not this");
    expect(end.messages.map(({ id }) => id)).toContain(kept);
  });

  test("two stores that send at the same time see the same line of messages, the second behind the first", async () => {
    const first = await settled();
    const second = open(first.conversationId);
    await until(second, hasFinished);
    first.send("slow 100");
    second.send("slow 101");
    const both = [first, second];
    await Promise.all(both.map((store) => until(store, (view) => view.live !== null && view.waiting.length === 1)));
    expect(first.getSnapshot().live?.messageId).toBe(second.getSnapshot().live?.messageId);
    const [left, right] = await Promise.all(
      both.map((store) => until(store, (view) => hasFinished(view) && view.messages.length === 6, 15)),
    );
    expect(right!.messages.map(({ id, parts }) => [id, parts])).toEqual(
      left!.messages.map(({ id, parts }) => [id, parts]),
    );
  });

  test("send now stops the answer and goes next", async () => {
    const store = open();
    store.send("hang");
    await until(store, (view) => liveText(view).length > 10);
    const waiting = store.send("hello");
    await until(store, (view) => view.waiting.some(({ id, state }) => id === waiting && state === "queued"));
    await store.sendWaitingNow(waiting);
    const end = await until(store, (view) => hasFinished(view) && view.messages.length === 4);
    expect(end.messages.map(({ state }) => state)).toEqual(["sent", "cancelled", "sent", "finished"]);
  });

  test("a waiting message that is changed and at once sent now is sent as it was changed", async () => {
    const requests: string[] = [];
    const recorded = createClient({
      baseUrl: `http://127.0.0.1:${server.port}`,
      token: running.token ?? "",
      fetch: async (input, init) => {
        const request = `${init?.method} ${(input as string).split("/").at(-1)}`;
        requests.push(`${request} begins`);
        const response = await fetch(input, init);
        requests.push(`${request} ends`);
        return response;
      },
    });
    const store = createConversationStore(recorded);
    stores.push(store);
    store.send("hang");
    await until(store, (view) => liveText(view).length > 10);
    const waiting = store.send("hello");
    const { waiting: tray } = await until(store, (view) => view.waiting.some(({ state }) => state === "queued"));
    await Promise.all([store.changeWaiting(waiting, "hello again"), store.sendWaitingNow(waiting)]);
    const end = await until(store, (view) => hasFinished(view) && view.messages.length === 4);
    expect(textOf(end.messages[2]!.parts)).toBe("hello again");
    const changed = requests.indexOf(`PATCH ${tray[0]!.completionId} ends`);
    expect(changed).toBeGreaterThan(0);
    expect(requests.indexOf("POST send-now begins")).toBeGreaterThan(changed);
  });

  test("a waiting message that was taken back does not come back by what was read before", async () => {
    const reading = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    let isHeld = false;
    const slow = createClient({
      baseUrl: `http://127.0.0.1:${server.port}`,
      token: running.token ?? "",
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        if (isHeld && (input as string).endsWith("/waiting-sends")) {
          reading.resolve();
          await held.promise;
        }
        return response;
      },
    });
    const store = createConversationStore(slow, undefined, {
      schedulePaint: (paint) => {
        queueMicrotask(paint);
        return () => {};
      },
    });
    stores.push(store);
    store.send("hang");
    await until(store, (view) => liveText(view).length > 10);
    const waiting = store.send("hello");
    await until(store, (view) => view.waiting.some(({ state }) => state === "queued"));
    isHeld = true;
    const refreshed = store.refresh();
    await reading.promise;
    isHeld = false;
    const removed = store.removeWaiting(waiting);
    const trays: number[] = [];
    store.subscribe(() => trays.push(store.getSnapshot().waiting.length));
    await until(store, (view) => view.waiting.length === 0);
    held.resolve();
    await Promise.all([refreshed, removed]);
    expect(Math.max(0, ...trays)).toBe(0);
    await store.stop();
  });

  test("a message that is refused keeps its text, to be sent again or taken back", async () => {
    const store = await settled();
    await client.conversations.change(store.conversationId, { status: "archived" });
    const id = store.send("kept words");
    const view = await until(store, ({ messages }) => messages.at(-1)?.state === "unsent");
    expect(lastOf(view)!.error?.code).toBe("archived");
    await client.conversations.change(store.conversationId, { status: "active" });
    store.retry(id);
    await until(store, (state) => hasFinished(state) && state.messages.length === 4);
    await client.conversations.change(store.conversationId, { status: "archived" });
    const other = store.send("taken back");
    await until(store, ({ messages }) => messages.at(-1)?.state === "unsent");
    expect(textOf(store.discard(other))).toBe("taken back");
    await until(store, ({ messages }) => messages.length === 4);
  });

  test("a broken network in the middle of an answer: it goes on where it was, and what was written meanwhile is sent", async () => {
    const store = open();
    store.send("slow 60");
    await until(store, (view) => liveText(view).length > 10);
    let longest = "";
    const stop = store.subscribe(() => {
      const text = textOf(store.getSnapshot().messages[1]?.parts ?? []);
      expect(text.startsWith(longest)).toBe(true);
      longest = text;
    });
    cable.cut();
    await until(store, ({ connection }) => connection === "interrupted");
    store.send("written offline");
    await until(store, ({ waiting }) => waiting.length === 1);
    cable.mend();
    store.reconnect();
    const view = await until(store, (state) => hasFinished(state) && state.messages.length === 4);
    stop();
    expect(view.connection).toBe("connected");
    expect(textOf(view.messages[1]!.parts)).toContain("or to stop.");
    expect(textOf(view.messages[2]!.parts)).toBe("written offline");
    const { data } = await client.messages.list(store.conversationId);
    expect(data).toHaveLength(4);
  });

  test("a server that is closed and started again in the middle of an answer finishes it", async () => {
    const store = open();
    store.send("slow 150");
    await until(store, (view) => liveText(view).length > 10);
    await stopAll();
    await until(store, ({ connection }) => connection === "interrupted");
    await startAll();
    store.reconnect();
    const view = await until(store, hasFinished, 25);
    expect(textOf(lastOf(view)!.parts)).toContain("Slowly, one word");
    expect(textOf(lastOf(view)!.parts)).toContain("or to stop.");
    expect(textOf(lastOf(view)!.parts).match(/Slowly/g)).toHaveLength(1);
  });

  test("a long conversation is read upwards from its end, without a gap", async () => {
    const store = await settled("message 1");
    for (let turn = 2; turn <= 90; turn += 1) await client.messages.append(store.conversationId, `message ${turn}`);
    const reader = open(store.conversationId);
    const first = await until(reader, (view) => view.load === "ready" && view.messages.length > 0);
    expect(first.messages.length).toBeLessThanOrEqual(40);
    const kept = first.messages.at(-1)!;
    while (reader.getSnapshot().hasEarlier) {
      const before = reader.getSnapshot().messages.length;
      await reader.loadEarlier();
      await until(reader, (view) => view.messages.length > before && !view.isLoadingEarlier);
    }
    const view = reader.getSnapshot();
    expect(view.messages.at(-1)).toBe(kept);
    expect(view.messages[0]!.parentId).toBeNull();
    view.messages.slice(1).forEach(({ parentId }, index) => expect(parentId).toBe(view.messages[index]!.id));
  });

  test("C8 a message far above, or on another branch, is shown with all that follows it", async () => {
    const store = await settled("message 1");
    const { conversationId } = store;
    const [question] = store.getSnapshot().messages;
    store.edit(question!.id, "in other words");
    const edited = await until(store, (view) => hasFinished(view) && view.messages[0]?.id !== question!.id);
    for (let turn = 2; turn <= 60; turn += 1) await client.messages.append(conversationId, `message ${turn}`);
    const reader = open(conversationId);
    await until(reader, (view) => view.load === "ready" && view.messages.length > 0);
    const active = edited.messages[0]!.id;
    expect(await reader.reveal(active)).toBe(true);
    const above = await until(reader, ({ messages }) => messages.some(({ id }) => id === active));
    expect(textOf(lastOf(above)!.parts)).toBe("message 60");
    above.messages.slice(1).forEach(({ parentId }, index) => expect(parentId).toBe(above.messages[index]!.id));
    expect(await reader.reveal(question!.id)).toBe(true);
    const other = await until(reader, ({ messages }) => messages.some(({ id }) => id === question!.id));
    expect(other.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(await reader.reveal("no-such-message-here")).toBe(false);
    expect(await reader.reveal("../x")).toBe(false);
  });
});
