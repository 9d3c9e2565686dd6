import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Worker } from "../../engine/worker.ts";
import type { Database } from "../../ports/database.ts";
import { openLiveSocket, type LiveSocket } from "../../testing/servers/live-socket.ts";
import { createHeldModel } from "../../testing/providers/held-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, framesOf, readStream, requestOf, tokenFor, type Web } from "../../testing/servers/web.ts";
import { startServer, type HttpServer } from "../server/server.ts";

describe.each(testDatabases)("/v1/live on $name", ({ open }) => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let server: HttpServer;
  const workspace = createId();
  const { model, release, releaseAll } = createHeldModel();
  let alice: string;
  let bob: string;

  beforeAll(async () => {
    database = await open();
    web = await createWeb({ database, model });
    worker = web.spine.worker();
    await worker.start();
    server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    alice = await tokenFor({ subject: "alice", workspace });
    bob = await tokenFor({ subject: "bob", workspace });
  });
  afterAll(async () => {
    releaseAll();
    await worker.drain(1);
    await server.close(1);
    await web.close();
    await database.close();
  });

  const connect = async (token: string): Promise<LiveSocket> => {
    const live = await openLiveSocket(`ws://127.0.0.1:${server.port}/v1/live`, { token });
    await live.heard("welcome");
    return live;
  };

  const start = async (token: string, text: string, conversationId?: string) => {
    const conversation = conversationId ?? createId();
    const response = await web.ask("/v1/chat", {
      token,
      body: { conversationId: conversation, message: { text }, stream: true },
    });
    for await (const frame of framesOf(response)) {
      if (frame === "[DONE]" || "retry" in frame) break;
      const { chunk } = frame;
      if (chunk.type !== "start") continue;
      const { completionId } = chunk.messageMetadata as { completionId: string };
      return { conversationId: conversation, completionId };
    }
    throw new Error("no start came");
  };

  const share = async (conversationId: string, visibility: "workspace" | "private"): Promise<void> => {
    const response = await web.ask(`/v1/conversations/${conversationId}`, {
      method: "PATCH",
      token: alice,
      body: { visibility },
    });
    expect(response.status).toBe(200);
  };

  const textOf = (frames: string | undefined): string =>
    [...(frames ?? "").matchAll(/"delta":"([^"]*)"/g)].map(([, delta]) => delta).join("");

  it("welcomes who the upgrade says it is, and tells of all that changes in the person's conversations", async () => {
    const live = await connect(alice);
    const { conversationId, completionId } = await start(alice, "hello");
    await live.heard("hint", (hint) => hint.id === completionId && hint.version === 3);
    const hints = live.answers.filter((answer) => answer.type === "hint" && answer.id === completionId);
    expect(hints).toEqual(
      [1, 2, 3].map((version) => ({ type: "hint", kind: "completion", id: completionId, conversationId, version })),
    );
    live.ws.terminate();
  });

  it("C2 C3 carries the chunks of a completion with the frames of its SSE stream, resumed after any event", async () => {
    const { completionId } = await start(alice, "hold-c3 please");
    const live = await connect(alice);
    live.send({ type: "watch", completionId });
    await live.heard("watching");
    await until(async () => textOf(live.frames.get(completionId)) === "one ");
    const seen = [...(live.frames.get(completionId) ?? "").matchAll(/^id: (.+)$/gm)].at(-1)?.[1];
    live.ws.terminate();
    release("hold-c3");
    const again = await connect(alice);
    again.send({ type: "watch", completionId, lastEventId: seen });
    await until(async () => again.frames.get(completionId)?.endsWith("data: [DONE]\n\n"));
    const sse = await readStream(
      await web.ask(`/v1/completions/${completionId}/events`, {
        token: alice,
        headers: { "last-event-id": seen ?? "" },
      }),
    );
    expect(textOf(again.frames.get(completionId))).toBe("two");
    expect([...(again.frames.get(completionId) ?? "").matchAll(/^id: (.+)$/gm)].map(([, id]) => id)).toEqual(
      sse.frames.map(({ id }) => id),
    );
    again.ws.terminate();
  });

  it("stops telling of a completion that is not watched any more, and starts over where it is asked to", async () => {
    const { completionId } = await start(alice, "hold-unwatch");
    const live = await connect(alice);
    live.send({ type: "watch", completionId });
    await until(async () => textOf(live.frames.get(completionId)) === "one ");
    live.send({ type: "unwatch", completionId });
    live.send({ type: "subscribe", conversationId: "not-there-at-all" });
    await live.heard("refused");
    const before = live.frames.get(completionId);
    release("hold-unwatch");
    await live.heard("hint", (hint) => hint.id === completionId);
    await until(async () => live.answers.filter(({ type }) => type === "hint").length > 0);
    expect(live.frames.get(completionId)).toBe(before);
    live.send({ type: "watch", completionId });
    await until(async () => live.frames.get(completionId)?.endsWith("data: [DONE]\n\n"));
    expect(textOf(live.frames.get(completionId)?.slice(before?.length))).toBe("one two");
    live.ws.terminate();
  });

  it("S8 S13 tells nothing of what a person may not see: the same refusal as for what is not there", async () => {
    const { conversationId, completionId } = await start(alice, "hold-s8");
    const live = await connect(bob);
    const missing = createId();
    for (const id of [completionId, missing]) live.send({ type: "watch", completionId: id });
    for (const id of [conversationId, missing]) live.send({ type: "subscribe", conversationId: id });
    await until(async () => live.answers.filter(({ type }) => type === "refused").length === 4);
    const refusals = live.answers.filter((answer) => answer.type === "refused");
    expect(new Set(refusals.map(({ code, message }) => `${code} ${message}`)).size).toBe(1);
    expect(refusals[0]?.code).toBe("not_found");
    release("hold-s8");
    await share(conversationId, "workspace");
    await share(conversationId, "private");
    live.send({ type: "presence", conversationId, isWriting: true });
    await live.heard("refused", ({ code }) => code === "conflict");
    expect(live.answers.filter(({ type }) => type === "hint")).toEqual([]);
    expect(live.frames.size).toBe(0);
    live.ws.terminate();
  });

  it("S8 ends what somebody watches and subscribes to when it is not shared any more, or deleted", async () => {
    const { conversationId } = await start(alice, "hello");
    await share(conversationId, "workspace");
    const { completionId } = await start(alice, "hold-shared", conversationId);
    const live = await connect(bob);
    live.send({ type: "subscribe", conversationId });
    live.send({ type: "watch", completionId });
    await until(async () => textOf(live.frames.get(completionId)) === "one ");
    await live.heard("presence", ({ users }) => users.length === 1);
    await share(conversationId, "private");
    await live.heard("refused", (refused) => refused.conversationId === conversationId);
    await live.heard("refused", (refused) => refused.completionId === completionId);
    const hints = live.answers.filter(({ type }) => type === "hint").length;
    release("hold-shared");
    await readStream(await web.ask(`/v1/completions/${completionId}/events`, { token: alice }));
    expect(textOf(live.frames.get(completionId))).toBe("one ");
    expect(live.answers.filter(({ type }) => type === "hint").length).toBe(hints);

    await share(conversationId, "workspace");
    live.send({ type: "subscribe", conversationId });
    await until(async () => live.answers.filter(({ type }) => type === "hint").length > hints);
    const owner = await connect(alice);
    await web.ask(`/v1/conversations/${conversationId}`, { method: "DELETE", token: alice });
    await owner.heard("hint", (hint) => hint.kind === "conversation" && hint.id === conversationId);
    await until(
      async () => live.answers.filter((a) => a.type === "refused" && a.conversationId === conversationId).length === 2,
    );
    owner.send({ type: "subscribe", conversationId });
    owner.send({ type: "watch", completionId });
    await until(async () => owner.answers.filter(({ type }) => type === "refused").length === 2);
    live.ws.terminate();
    owner.ws.terminate();
  });

  it.each(["not shared any more", "deleted"])("S8, S13 ends streams over SSE as well when it is %s", async (how) => {
    const { conversationId } = await start(alice, "hello");
    await share(conversationId, "workspace");
    const name = `hold-sse-${createId()}`;
    const { completionId } = await start(alice, name, conversationId);
    const paths = [`/v1/completions/${completionId}/events`, `/v1/chat/${conversationId}/stream`];
    const watch = async (path: string): Promise<{ over: Promise<string> }> => {
      const response = await web.ask(path, { token: bob });
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      const read = async (): Promise<string> => {
        let said = "";
        for await (const frame of framesOf(response)) {
          if (frame === "[DONE]") return `${said}and its end`;
          if (!("chunk" in frame) || frame.chunk.type !== "text-delta") continue;
          said += frame.chunk.delta;
          resolve();
        }
        return said;
      };
      const over = read();
      await begun;
      return { over };
    };
    const streams = [await watch(paths[0]!), await watch(paths[1]!)];
    if (how === "deleted") await web.ask(`/v1/conversations/${conversationId}`, { method: "DELETE", token: alice });
    else await share(conversationId, "private");
    expect(await Promise.all(streams.map(({ over }) => over))).toEqual(["one ", "one "]);
    release(name);
  });

  it("shows who looks at a shared conversation and who writes, until the socket goes", async () => {
    const { conversationId } = await start(alice, "hello");
    await share(conversationId, "workspace");
    const [one, other] = [await connect(alice), await connect(bob)];
    one.send({ type: "subscribe", conversationId });
    await one.heard("presence", ({ users }) => users.length === 1);
    other.send({ type: "subscribe", conversationId });
    await one.heard("presence", ({ users }) => users.length === 2);
    await other.heard("presence", ({ users }) => users.length === 2);
    other.send({ type: "presence", conversationId, isWriting: true });
    await one.heard("presence", ({ users }) => users.some(({ isWriting }) => isWriting));
    const before = one.answers.length;
    other.ws.terminate();
    const alone = await one.heard("presence", ({ users }) => users.length === 1, before);
    expect(alone.users[0]).toMatchObject({ isWriting: false });
    one.ws.terminate();
  });

  it("C2 tells the same hints over SSE: the sidebar's, and those of a conversation with its version first", async () => {
    const made = await web.ask("/v1/conversations", { token: alice, body: {} });
    const { id: conversationId, version } = await made.json();
    const read = async (path: string, token: string) => {
      const leaving = new AbortController();
      const response = await web.http.fetch(new Request(requestOf(path, { token }), { signal: leaving.signal }));
      expect(response.status).toBe(200);
      expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBeNull();
      const frames = framesOf(response);
      return { next: async () => (await frames.next()).value, leave: () => frames.return(undefined) };
    };
    const sidebar = await read("/v1/events", alice);
    const one = await read(`/v1/conversations/${conversationId}/events`, alice);
    expect(await one.next()).toMatchObject({ chunk: { kind: "conversation", id: conversationId, version } });
    await share(conversationId, "workspace");
    const told = { chunk: { kind: "conversation", id: conversationId, conversationId, version: version + 1 } };
    expect(await one.next()).toEqual(told);
    expect(await sidebar.next()).toEqual(told);
    const others = await read(`/v1/conversations/${conversationId}/events`, bob);
    await others.next();
    await share(conversationId, "private");
    expect(await others.next()).toBeUndefined();
    expect((await web.ask(`/v1/conversations/${conversationId}/events`, { token: bob })).status).toBe(404);
    await sidebar.leave();
    await one.leave();
  });
});
