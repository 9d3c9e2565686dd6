import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createClientDesk, type ClientDesk } from "../../testing/client-desk.ts";
import { hasFinished, lastOf, liveText, textOf, untilView as until, watchGrowing } from "../../testing/client-views.ts";

const counted = (amount: number): string => Array.from({ length: amount }, (_, index) => `${index + 1} `).join("");

describe("the live store on a real server", () => {
  let desk: ClientDesk;

  beforeAll(async () => {
    desk = await createClientDesk();
  });
  afterEach(() => desk.closeStores());
  afterAll(() => desk.close());

  test("a message shows at once, its answer streams, and both are rows in the end", async () => {
    const store = desk.open();
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
    const { data } = await desk.client.messages.list(store.conversationId);
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
    const first = desk.open();
    first.send("slow 40");
    await until(first, (view) => liveText(view).length > 20);
    const second = desk.open(first.conversationId);
    await until(second, (view) => view.live !== null && liveText(view).length > 20);
    const [left, right] = await Promise.all([until(first, hasFinished), until(second, hasFinished)]);
    expect(right.messages.map(({ id, parts }) => [id, parts])).toEqual(
      left.messages.map(({ id, parts }) => [id, parts]),
    );
  });

  test("text that was shown is never taken back, also not by a reload in the middle", async () => {
    const first = desk.open();
    first.send("slow 30");
    await until(first, (view) => liveText(view).length > 10);
    first.close();
    const again = desk.open(first.conversationId);
    const answer = watchGrowing(again);
    await until(again, hasFinished);
    expect(answer.text()).toContain("or to stop.");
  });

  test("a second store stops the answer of the first, and the text stays", async () => {
    const first = desk.open();
    first.send("hang");
    await until(first, (view) => liveText(view).includes("wait to be stopped"));
    const second = desk.open(first.conversationId);
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
    const store = desk.open();
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
    const made = await desk.settled("first words");
    const store = desk.open(made.conversationId, { branchMemory });
    const before = await until(store, hasFinished);
    const original = before.messages[0]!.id;
    store.edit(original, "second words");
    const edited = await until(store, (view) => hasFinished(view) && view.messages[0]!.id !== original);
    expect(textOf(edited.messages[0]!.parts)).toBe("second words");
    expect(edited.messages[0]!.siblings).toEqual([original, edited.messages[0]!.id]);
    store.select(original);
    const back = await until(store, (view) => view.messages[0]!.id === original);
    expect(textOf(back.messages[1]!.parts)).toContain("first words");
    const again = desk.open(made.conversationId, { branchMemory });
    expect(again.conversationId).toBe(made.conversationId);
    const reloaded = await until(again, (view) => view.messages.length === 2);
    expect(reloaded.messages[0]!.id).toBe(original);
    const elsewhere = await until(desk.open(made.conversationId), (view) => view.messages.length === 2);
    expect(elsewhere.messages[0]!.id).toBe(edited.messages[0]!.id);
    store.send("go on here");
    const longer = await until(store, (view) => hasFinished(view) && view.messages.length === 4);
    expect(longer.messages[0]!.id).toBe(original);
  });

  test("a message that another device removed is gone at the next look, and its answer stays", async () => {
    const store = await desk.settled("gone soon");
    const [asked, answer] = store.getSnapshot().messages;
    const other = desk.open(store.conversationId);
    await until(other, hasFinished);
    await desk.client.messages.remove(store.conversationId, asked!.id);
    const again = desk.open(store.conversationId);
    const view = await until(again, (state) => state.load === "ready" && state.messages.length === 1);
    expect(view.messages[0]!.id).toBe(answer!.id);
  });

  test("regenerating makes a sibling of the answer", async () => {
    const store = await desk.settled("again please");
    const answer = lastOf(store.getSnapshot())!.id;
    await store.regenerate(answer);
    const view = await until(store, (state) => hasFinished(state) && lastOf(state)!.id !== answer);
    expect(lastOf(view)!.siblings).toEqual([answer, lastOf(view)!.id]);
  });

  test("an edit in the middle of an answer stops that and keeps what it said", async () => {
    const store = desk.open();
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

  test("a message that is refused keeps its text, to be sent again or taken back", async () => {
    const store = await desk.settled();
    await desk.client.conversations.change(store.conversationId, { status: "archived" });
    const id = store.send("kept words");
    const view = await until(store, ({ messages }) => messages.at(-1)?.state === "unsent");
    expect(lastOf(view)!.error?.code).toBe("archived");
    await desk.client.conversations.change(store.conversationId, { status: "active" });
    store.retry(id);
    await until(store, (state) => hasFinished(state) && state.messages.length === 4);
    await desk.client.conversations.change(store.conversationId, { status: "archived" });
    const other = store.send("taken back");
    await until(store, ({ messages }) => messages.at(-1)?.state === "unsent");
    expect(textOf(store.discard(other))).toBe("taken back");
    await until(store, ({ messages }) => messages.length === 4);
  });

  test("a broken network in the middle of an answer: it goes on where it was, and what was written meanwhile is sent", async () => {
    const store = desk.open();
    store.send("slow 60");
    await until(store, (view) => liveText(view).length > 10);
    const answer = watchGrowing(store);
    desk.cable.cut();
    await until(store, ({ connection }) => connection === "interrupted");
    store.send("written offline");
    await until(store, ({ waiting }) => waiting.length === 1);
    desk.cable.mend();
    store.reconnect();
    const view = await until(store, (state) => hasFinished(state) && state.messages.length === 4);
    answer.stop();
    expect(view.connection).toBe("connected");
    expect(textOf(view.messages[1]!.parts)).toContain("or to stop.");
    expect(textOf(view.messages[2]!.parts)).toBe("written offline");
    const { data } = await desk.client.messages.list(store.conversationId);
    expect(data).toHaveLength(4);
  });

  test("a server that is closed and started again in the middle of an answer finishes it", async () => {
    const store = desk.open();
    store.send("slow 150");
    await until(store, (view) => liveText(view).length > 10);
    await desk.stopServer();
    await until(store, ({ connection }) => connection === "interrupted");
    await desk.startServer();
    store.reconnect();
    const view = await until(store, hasFinished, 25);
    expect(textOf(lastOf(view)!.parts)).toContain("Slowly, one word");
    expect(textOf(lastOf(view)!.parts)).toContain("or to stop.");
    expect(textOf(lastOf(view)!.parts).match(/Slowly/g)).toHaveLength(1);
  });

  test("a long conversation is read upwards from its end, without a gap", async () => {
    const store = await desk.settled("message 1");
    for (let turn = 2; turn <= 90; turn += 1)
      await desk.client.messages.append(store.conversationId, `message ${turn}`);
    const reader = desk.open(store.conversationId);
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
    const store = await desk.settled("message 1");
    const { conversationId } = store;
    const [question] = store.getSnapshot().messages;
    store.edit(question!.id, "in other words");
    const edited = await until(store, (view) => hasFinished(view) && view.messages[0]?.id !== question!.id);
    for (let turn = 2; turn <= 60; turn += 1) await desk.client.messages.append(conversationId, `message ${turn}`);
    const reader = desk.open(conversationId);
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
