import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startServer, type HttpServer } from "../../http/server/server.ts";
import { createNatter, type Running } from "../../natter.ts";
import { hasFinished, lastOf, liveText, textOf, untilView as until, watchGrowing } from "../../testing/client-views.ts";
import { startCutProxy, type CutProxy } from "../../testing/servers/cut-proxy.ts";
import { until as eventually } from "../../testing/spine.ts";
import { createClient, type Client } from "../client.ts";
import { createConversationStore, type ConversationStore } from "./conversation-store.ts";
import type { ConversationView } from "./conversation-view.ts";
import { createLiveConnection, type LiveConnection } from "../live/live-connection.ts";

describe("N3 stores that share the live connection of their page", () => {
  let folder: string;
  let running: Running;
  let server: HttpServer;
  let proxy: CutProxy;
  let client: Client;
  let elsewhere: Client;
  let live: LiveConnection;
  const requests: string[] = [];
  const stores: ConversationStore[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "natter-live-"));
    let port = 0;
    proxy = await startCutProxy(() => port);
    const env = { NATTER_DRAIN_SECONDS: "0", NATTER_ALLOWED_HOSTS: `127.0.0.1:${proxy.port}` };
    running = await createNatter({ dataDirectory: folder, env }).start();
    server = await startServer(running.http, { host: "127.0.0.1", port: 0 });
    port = server.port;
    running.listening(port);
    const baseUrl = `http://127.0.0.1:${proxy.port}`;
    const token = running.token ?? "";
    const noted: typeof fetch = (input, init) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      requests.push(`${init?.method ?? "GET"} ${pathname}`);
      return fetch(input, init);
    };
    client = createClient({ baseUrl, token, fetch: noted });
    elsewhere = createClient({ baseUrl, token });
    live = createLiveConnection({ baseUrl, token });
    await eventually(async () => live.isConnected);
  });
  afterEach(() => {
    for (const store of stores.splice(0)) store.close();
    requests.length = 0;
  });
  afterAll(async () => {
    live.close();
    await proxy.close();
    await server.close(0.1);
    await running.close();
    await rm(folder, { recursive: true });
  });

  const open = (conversationId?: string): ConversationStore => {
    const store = createConversationStore(client, conversationId, { live });
    stores.push(store);
    return store;
  };
  const settled = async (text = "hello"): Promise<ConversationStore> => {
    const store = open();
    store.send(text);
    await until(store, hasFinished);
    return store;
  };
  const streams = () => requests.filter((request) => /\/(events|stream)$/.test(request));

  test("an answer is followed over it, and no request stays open for that", async () => {
    const store = open();
    store.send("slow 20");
    await until(store, (view) => liveText(view).length > 10);
    const second = open(store.conversationId);
    await until(second, (view) => view.live !== null && liveText(view).length > 10);
    const [left, right] = await Promise.all([until(store, hasFinished), until(second, hasFinished)]);
    expect(right.messages.map(({ id, parts }) => [id, parts])).toEqual(
      left.messages.map(({ id, parts }) => [id, parts]),
    );
    expect(textOf(lastOf(left)!.parts)).toContain("or to stop.");
    expect(streams()).toEqual([]);
  });

  test("what another device asks, votes and removes is there by itself, and so is the generated title", async () => {
    const store = await settled("tell me of lighthouses");
    await until(store, ({ conversation }) => conversation?.title === "tell me of lighthouses");
    const { conversationId } = store;
    await elsewhere.completions.start(conversationId, { message: { text: "from elsewhere" } });
    const view = await until(store, (state) => hasFinished(state) && state.messages.length === 4);
    const answer = lastOf(view)!.id;
    await elsewhere.messages.vote(conversationId, answer, { value: "up" });
    await until(store, (state) => lastOf(state)?.vote === "up");
    await elsewhere.messages.remove(conversationId, view.messages[0]!.id);
    await until(store, (state) => state.messages.length === 3);
    await elsewhere.conversations.change(conversationId, { title: "Renamed" });
    await until(store, ({ conversation }) => conversation?.title === "Renamed");
    expect(streams()).toEqual([]);
  });

  test("B7 a call in the background tells every viewer how far it is and how it ends; it is cancelled and done again", async () => {
    const store = await settled("background 6");
    const second = open(store.conversationId);
    await until(store, ({ executions }) => executions[0]?.progress?.note === "2 of 3");
    await until(second, ({ executions }) => executions[0]?.progress?.note?.endsWith("of 3") === true);
    await until(second, ({ executions }) => executions[0]?.status === "completed", 15);
    const { executions } = await until(store, (view) => view.executions[0]?.status === "completed");
    expect(executions[0]?.outcome).toMatchObject({ type: "completed", data: { seconds: 6 } });
    store.send("background 600");
    const running = await until(store, (view) => hasFinished(view) && view.executions[0]?.status === "running");
    const { id } = running.executions[0]!;
    await second.cancelTool(id);
    await until(store, (view) => view.executions[0]?.status === "cancelled");
    await store.retryTool(id);
    await until(second, (view) => view.executions[0]?.status === "running" && view.executions[0].round === 2);
    await store.cancelTool(id);
  }, 40_000);

  test("N5, N13 a question is decided, and a client's tool answered, from whichever device is there", async () => {
    const store = open();
    store.send("approve 2");
    const approvalsOf = ({ messages }: ConversationView): readonly string[] =>
      (messages.at(-1)?.parts ?? []).flatMap((part) =>
        "approval" in part && part.approval !== undefined ? [part.approval.id] : [],
      );
    // it waits from the first question on, and there are two
    const isAsking = (view: ConversationView) => view.live?.phase === "waiting" && approvalsOf(view).length === 2;
    const approvals = approvalsOf(await until(store, isAsking));
    const second = open(store.conversationId);
    await until(second, isAsking);
    await second.decide(approvals[0]!, "once");
    await expect(store.decide(approvals[0]!, "deny")).rejects.toMatchObject({ code: "conflict" });
    await store.decide(approvals[1]!, "deny", "Too many dice");
    const parts = lastOf(await until(second, hasFinished))!.parts.filter(({ type }) => type === "tool-rollDice");
    expect(parts).toMatchObject([
      { state: "output-available", output: [expect.any(Number), expect.any(Number), expect.any(Number)] },
      { state: "output-denied", approval: { approved: false, reason: "Too many dice" } },
    ]);
    store.send("ask");
    const waiting = await until(store, (view) => view.live?.phase === "waiting");
    const call = waiting.messages.at(-1)!.parts.find(({ type }) => type === "tool-askPerson");
    const callId = call !== undefined && "toolCallId" in call ? call.toolCallId : "";
    await expect(second.answerTool(callId, { output: { wrong: 1 } })).rejects.toMatchObject({ status: 422 });
    await second.answerTool(callId, { output: { answer: "Echo" } });
    await until(store, (view) => hasFinished(view) && textOf(lastOf(view)!.parts).includes("Echo"));
    await expect(second.answerTool(callId, { output: { answer: "late" } })).rejects.toMatchObject({ code: "conflict" });
  }, 40_000);

  test("who has a shared conversation open sees who else does, and who writes", async () => {
    const store = open();
    store.draft({ visibility: "workspace" });
    store.send("hello everybody");
    await until(store, hasFinished);
    await until(store, ({ presence }) => presence.length === 1);
    store.setWriting(true);
    const view = await until(store, ({ presence }) => presence[0]?.isWriting === true);
    expect(view.presence[0]?.userId).toBe((await elsewhere.me()).userId);
    store.setWriting(false);
    await until(store, ({ presence }) => presence[0]?.isWriting === false);
  });

  test("F18 a connection that breaks in the middle of an answer costs nothing of it", async () => {
    const store = open();
    store.send("slow 60");
    await until(store, (view) => liveText(view).length > 10);
    const answer = watchGrowing(store);
    proxy.cut();
    await until(store, ({ connection }) => connection === "interrupted");
    proxy.mend();
    live.hurry();
    store.reconnect();
    const view = await until(store, hasFinished, 15);
    answer.stop();
    expect(textOf(lastOf(view)!.parts)).toContain("or to stop.");
    await eventually(async () => live.isConnected);
    await elsewhere.messages.append(store.conversationId, "after the break");
    await until(store, ({ messages }) => messages.length === 3);
  });
});
