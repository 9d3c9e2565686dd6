import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { createRedisLog } from "../../drivers/log/log-redis.ts";
import { createRedisSignals } from "../../drivers/signals/signals-redis.ts";
import type { Worker } from "../../engine/worker.ts";
import { createId } from "../../foundation/ids.ts";
import { silentLogger } from "../../foundation/logger.ts";
import type { ChunkLog } from "../../ports/chunk-log.ts";
import type { Database } from "../../ports/database.ts";
import type { Signals } from "../../ports/signals.ts";
import { openLiveSocket, type LiveSocket } from "../../testing/servers/live-socket.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import { startServer, type HttpServer } from "../server/server.ts";

const url = inject("redisUrl") ?? "";

interface Node {
  readonly web: Web;
  readonly server: HttpServer;
  readonly signals: Signals;
  readonly log: ChunkLog;
}

describe.skipIf(url === "")("D8 two nodes over Redis", () => {
  let database: Database;
  let nodes: readonly Node[];
  let worker: Worker;
  const workspace = createId();
  const prefix = `${createId()}:`;
  const hold = Promise.withResolvers<void>();
  const model = createScriptedModel(() => [say("one "), { wait: hold.promise }, say("two")]);

  const createNode = async (): Promise<Node> => {
    const signals = createRedisSignals({ url, prefix });
    const log = createRedisLog({ url, prefix, retentionSeconds: 60, logger: silentLogger });
    const web = await createWeb({ database, model, log, signals });
    return { web, signals, log, server: await startServer(web.http, { host: "127.0.0.1", port: 0 }) };
  };
  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    nodes = [await createNode(), await createNode()];
    worker = nodes[0]!.web.spine.worker();
    await worker.start();
  });
  afterAll(async () => {
    hold.resolve();
    await worker.drain(1);
    for (const { server, web } of nodes) {
      await server.close(1);
      await web.close();
    }
    await database.close();
  });

  const connect = async (node: number, token: string): Promise<LiveSocket> => {
    const socket = await openLiveSocket(`ws://127.0.0.1:${nodes[node]?.server.port}/v1/live`, { token });
    await socket.heard("welcome");
    return socket;
  };

  it("what is accepted on one is told, and its chunks are watched, on the other", async () => {
    const token = await tokenFor({ workspace });
    const there = await connect(1, token);
    const here = nodes[0]!.web;
    const { id } = await (await here.ask("/v1/conversations", { token, body: {} })).json();
    await there.heard("hint", (hint) => hint.id === id && hint.kind === "conversation");
    const body = { message: { text: "hello" } };
    const { completionId } = await (await here.ask(`/v1/conversations/${id}/completions`, { token, body })).json();
    await there.heard("hint", (hint) => hint.id === completionId && hint.version === 3);
    there.send({ type: "watch", completionId });
    await until(async () => there.frames.get(completionId)?.includes("one ") === true);
    hold.resolve();
    await until(async () => there.frames.get(completionId)?.endsWith("data: [DONE]\n\n") === true);
    expect(there.frames.get(completionId)).toContain('"delta":"two"');
    await there.heard("hint", (hint) => hint.id === completionId && hint.version === 4);
    there.ws.terminate();
  });

  it("who looks at a conversation on one is seen on the other, from when somebody comes until he goes", async () => {
    const [alice, bob] = [
      await tokenFor({ subject: "alice", workspace }),
      await tokenFor({ subject: "bob", workspace }),
    ];
    const body = { visibility: "workspace" };
    const { id: conversationId } = await (await nodes[0]!.web.ask("/v1/conversations", { token: alice, body })).json();
    const [here, there] = [await connect(0, alice), await connect(1, bob)];
    here.send({ type: "subscribe", conversationId });
    await here.heard("presence", ({ users }) => users.length === 1);
    there.send({ type: "subscribe", conversationId });
    await there.heard("presence", ({ users }) => users.length === 2);
    await here.heard("presence", ({ users }) => users.length === 2);
    here.send({ type: "presence", conversationId, isWriting: true });
    const writing = await there.heard("presence", ({ users }) => users.some(({ isWriting }) => isWriting));
    expect(writing.users.filter(({ isWriting }) => isWriting)).toHaveLength(1);
    const [before, own] = [there.answers.length, here.answers.length];
    here.send({ type: "presence", conversationId, isWriting: false });
    await there.heard("presence", ({ users }) => users.every(({ isWriting }) => !isWriting), before);
    there.ws.terminate();
    expect((await here.heard("presence", ({ users }) => users.length === 1, own)).users).toHaveLength(1);
    here.ws.terminate();
  });
});
