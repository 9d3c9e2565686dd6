import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryLog } from "../../drivers/log/log-memory.ts";
import { createId } from "../../foundation/ids.ts";
import type { ChunkLog } from "../../ports/chunk-log.ts";
import type { Database } from "../../ports/database.ts";
import { openLiveSocket, type LiveSocket } from "../../testing/servers/live-socket.ts";
import { entryOf } from "../../testing/log-entry.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, tokenFor, type Web } from "../../testing/servers/web.ts";
import { startServer, type HttpServer } from "../server/server.ts";

const viewerBytes = 65_536;

describe("many and slow web sockets", () => {
  let database: Database;
  let log: ChunkLog;
  let web: Web;
  let server: HttpServer;
  const workspace = createId();
  const sockets: LiveSocket[] = [];

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    log = createMemoryLog({ retentionSeconds: 60 });
    web = await createWeb({
      database,
      log,
      model: createScriptedModel(() => []),
      dependencies: { limits: { viewerBytes } },
    });
    server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
  });
  afterAll(async () => {
    for (const { ws } of sockets) ws.terminate();
    await server.close(1);
    await web.close();
    await database.close();
  });

  const connect = async (token: string, path = "/v1/live"): Promise<LiveSocket> => {
    const socket = await openLiveSocket(`ws://127.0.0.1:${server.port}${path}`, { token });
    sockets.push(socket);
    if (path === "/v1/live") await socket.heard("welcome");
    return socket;
  };
  const queued = async (token: string, visibility = "private"): Promise<string> => {
    const made = await web.ask("/v1/conversations", { token, body: { visibility } });
    const { id } = await made.json();
    const body = { message: { text: "hello" } };
    const started = await web.ask(`/v1/conversations/${id}/completions`, { token, body });
    return (await started.json()).completionId;
  };
  const delta = (epoch: string, position: number, text: string) =>
    entryOf(epoch, position, [{ type: "text-delta", id: "t", delta: text }]);

  it("200 sockets that watch one completion see the identical sequence, whenever they came", async () => {
    const completionId = await queued(await tokenFor({ subject: "owner", workspace }), "workspace");
    const opened = await log.open(completionId, 1);
    const epoch = opened?.epoch ?? "";
    const tokens = await Promise.all(
      Array.from({ length: 200 }, (_socket, index) => tokenFor({ subject: `viewer-${index % 10}`, workspace })),
    );
    await log.append(completionId, 1, delta(epoch, 1, "<1>"));
    const early = await Promise.all(tokens.slice(0, 100).map((token) => connect(token)));
    for (const socket of early) socket.send({ type: "watch", completionId });
    const append = async (from: number, to: number): Promise<void> => {
      for (let position = from; position <= to; position += 1) {
        await log.append(completionId, 1, delta(epoch, position, `<${position}>`));
        if (position % 7 === 0) await new Promise(setImmediate);
      }
    };
    await append(2, 100);
    const late = await Promise.all(tokens.slice(100).map((token) => connect(token)));
    for (const socket of late) socket.send({ type: "watch", completionId });
    await append(101, 300);
    await log.append(completionId, 1, { ...delta(epoch, 301, "<301>"), ends: true });
    const told = async ({ frames }: LiveSocket): Promise<string> => {
      await until(async () => frames.get(completionId)?.endsWith("data: [DONE]\n\n"), 20);
      return [...(frames.get(completionId) ?? "").matchAll(/<(\d+)>/g)].map(([, position]) => position).join(" ");
    };
    const expected = Array.from({ length: 301 }, (_position, index) => index + 1).join(" ");
    expect(new Set(await Promise.all([...early, ...late].map(told)))).toEqual(new Set([expected]));
    for (const { ws } of [...early, ...late]) ws.terminate();
  });

  it("F17 a socket that takes nothing is closed and skipped by nobody else, and memory stays bounded", async () => {
    const token = await tokenFor({ subject: "slow", workspace });
    const completionId = await queued(token);
    const opened = await log.open(completionId, 1);
    const epoch = opened?.epoch ?? "";
    await log.append(completionId, 1, delta(epoch, 1, "x"));
    const slow = await Promise.all(Array.from({ length: 30 }, () => connect(token)));
    const fast = await connect(token);
    for (const socket of [...slow, fast]) {
      socket.send({ type: "watch", completionId });
      await socket.heard("watching");
    }
    for (const { ws } of slow) ws.pause();
    const before = process.memoryUsage().rss;
    let heard = 0;
    fast.ws.on("message", (data: Buffer) => (heard += data.length));
    for (let position = 2; position <= 200; position += 1) {
      await log.append(completionId, 1, delta(epoch, position, "x".repeat(65_536)));
      await until(async () => heard > (position - 1) * 65_536);
    }
    // what a test process keeps of it: the log, and what the fast one heard
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
    for (const { ws } of slow) ws.resume();
    const codes = await Promise.all(slow.map(({ closed }) => closed));
    expect(codes.every((code) => code === 4408 || code === 1006)).toBe(true);
    expect(fast.ws.readyState).toBe(fast.ws.OPEN);
    for (const { ws } of slow) expect(ws.readyState).toBe(ws.CLOSED);
    fast.ws.terminate();
  });

  it("F17 a socket that takes nothing is closed for hints as well", async () => {
    const slow = await connect(await tokenFor({ subject: "deaf", workspace }));
    const { userId } = await slow.heard("welcome");
    slow.ws.pause();
    const id = createId();
    const hint = {
      kind: "message",
      id,
      conversationId: id,
      workspaceId: workspace,
      ownerId: userId,
      visibility: "private",
    };
    // far more than what the kernel keeps of it on loopback
    for (let version = 0; version < 100_000; version += 1) {
      web.spine.context.signals.publish("hint", JSON.stringify({ ...hint, isDeleted: false, version }));
      if (version % 1_000 === 0) await new Promise(setImmediate);
    }
    slow.ws.resume();
    expect([4408, 1006]).toContain(await slow.closed);
    expect(slow.answers.length).toBeLessThan(100_000);
  });

  it("F17 a socket that watches 16 long answers at once gets them all, however slowly it takes them", async () => {
    const token = await tokenFor({ subject: "returning", workspace });
    const ids = await Promise.all(Array.from({ length: 16 }, () => queued(token)));
    for (const id of ids) {
      const opened = await log.open(id, 1);
      for (let position = 1; position <= 40; position += 1) {
        const entry = delta(opened?.epoch ?? "", position, `${position};`.padEnd(16_384, "x"));
        await log.append(id, 1, { ...entry, ends: position === 40 });
      }
    }
    const warnings: Error[] = [];
    const warn = (warning: Error): void => void warnings.push(warning);
    process.on("warning", warn);
    const live = await connect(token);
    live.ws.pause();
    for (const completionId of ids) live.send({ type: "watch", completionId });
    while (!ids.every((id) => live.frames.get(id)?.endsWith("data: [DONE]\n\n"))) {
      live.ws.resume();
      await new Promise(setImmediate);
      live.ws.pause();
      await new Promise(setImmediate);
    }
    for (const id of ids) expect(live.frames.get(id)?.match(/\d+;x/g)).toHaveLength(40);
    process.off("warning", warn);
    expect(warnings).toEqual([]);
    live.ws.terminate();
  });

  it("S44 closes a socket whose frames are too large or too many, and a user's sockets beyond 50", async () => {
    const token = await tokenFor({ subject: "flood", workspace });
    const large = await connect(token);
    large.ws.send(JSON.stringify({ type: "hello", token: "x".repeat(70_000) }));
    expect(await large.closed).toBe(1009);
    const many = await connect(token);
    for (let sent = 0; sent < 200; sent += 1) many.send({ type: "unwatch", completionId: createId() });
    expect(await many.closed).toBe(1008);
    const crowd = await Promise.all(Array.from({ length: 50 }, () => connect(token)));
    const last = await openLiveSocket(`ws://127.0.0.1:${server.port}/v1/live`, { token });
    expect(await last.closed).toBe(4429);
    for (const { ws } of crowd) ws.terminate();
  });

  it("S44 refuses to watch and to look at more than it can hold, and nonsense without a word of its own", async () => {
    const token = await tokenFor({ subject: "greedy", workspace });
    const live = await connect(token);
    const ids = await Promise.all(Array.from({ length: 17 }, () => queued(token)));
    for (const completionId of ids) live.send({ type: "watch", completionId });
    expect(await live.heard("refused")).toMatchObject({ completionId: ids[16], code: "rate_limited" });
    live.send({ type: "unwatch", completionId: ids[0] ?? "" });
    live.send({ type: "watch", completionId: ids[16] ?? "" });
    await live.heard("watching", ({ completionId }) => completionId === ids[16]);
    for (const frame of [
      "",
      "null",
      "[]",
      "{",
      '{"type":"watch"}',
      '{"type":"watch","completionId":"../../etc/passwd"}',
      '{"type":"__proto__"}',
    ]) {
      const before = live.answers.length;
      live.ws.send(frame);
      expect(await live.heard("refused", undefined, before)).toMatchObject({
        code: expect.stringMatching(/^invalid_/),
      });
    }
    live.send({ type: "watch", completionId: ids[1] ?? "", lastEventId: "a.1\nevent: x" });
    await live.heard("refused", ({ code }) => code === "invalid_request");
    expect(live.ws.readyState).toBe(live.ws.OPEN);
    live.ws.terminate();
  });
});
