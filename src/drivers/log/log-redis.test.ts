import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import type { ChunkLog, LogPage } from "../../ports/chunk-log.ts";
import { chunkLogConformance } from "../../testing/conformance/chunk-log-conformance.ts";
import { findRedis } from "../../testing/servers/find-program.ts";
import { textEntry } from "../../testing/log-entry.ts";
import { findFreePort, type PrivateServer, startPrivateServer } from "../../testing/servers/private-server.ts";
import { startRedis } from "../../testing/servers/redis-server.ts";
import { createRedisLog } from "./log-redis.ts";

const url = inject("redisUrl") ?? "";

describe.skipIf(url === "")("over Redis", () => {
  chunkLogConformance("createRedisLog", (options) => {
    const prefix = `${randomUUID()}:`;
    return [createRedisLog({ url, prefix, ...options }), createRedisLog({ url, prefix, ...options })];
  });
});

const startOn = (port: number): Promise<Omit<PrivateServer, "url">> =>
  startPrivateServer({
    program: findRedis() ?? "",
    args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
    folder: tmpdir(),
    stopSignal: "SIGKILL",
  });

const openAt = async (log: ChunkLog, id: string): Promise<string> => (await log.open(id, 1))!.epoch;

describe.skipIf(url === "")("createRedisLog", () => {
  test("holds two connections per process, however many logs are watched", async () => {
    const admin = new Redis(url);
    const clientsOf = async (name: string) => String(await admin.client("LIST")).split(`name=${name}`).length - 1;
    const template = new Redis(url, { connectionName: "counted", keyPrefix: "host:", lazyConnect: true });
    const log = createRedisLog({ client: template, retentionSeconds: 60 });
    const heard = new Set<number>();
    for (let index = 0; index < 300; index += 1) log.watch(`log-${index}`, () => heard.add(index));
    for (let index = 0; index < 300; index += 1) await log.open(`log-${index}`, index, { fresh: true });
    await expect.poll(() => heard.size).toBe(300);
    expect(await clientsOf("counted")).toBe(2);
    await log.close();
    await expect.poll(() => clientsOf("counted")).toBe(0);
    admin.disconnect();
  });

  test("goes on after its connections break: each entry is stored once, and watchers learn how far the log is", async () => {
    const server = await startRedis();
    const admin = new Redis(server.url);
    const writer = createRedisLog({ url: server.url, retentionSeconds: 60 });
    const reader = createRedisLog({ url: server.url, retentionSeconds: 60 });
    const epoch = await openAt(writer, "a");
    let far = 0;
    reader.watch("a", (page) => {
      // a page that only says how far the log is may come after a newer entry
      far = Math.max(far, page.last);
    });
    for (let position = 1; position <= 200; position += 40) {
      const appending = Array.from({ length: 40 }, (_, index) =>
        writer.append("a", 1, textEntry(epoch, position + index, ["a".repeat(50_000)])),
      );
      await admin.call("CLIENT", "KILL", "TYPE", "pubsub");
      await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      expect(new Set(await Promise.all(appending))).toEqual(new Set(["ok"]));
      await expect.poll(() => far, { timeout: 5_000 }).toBe(position + 39);
    }
    const lasts = (await reader.read("a", 0, Number.MAX_SAFE_INTEGER))?.entries.map((entry) => entry.last);
    expect(lasts).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(await admin.pubsub("NUMSUB", "natter:log:{a}:chunks")).toEqual(["natter:log:{a}:chunks", 1]);
    await Promise.all([writer.close(), reader.close()]);
    admin.disconnect();
    await server.stop();
  });

  test("a restarted, empty Redis has no log: append says missing, read null, and a fresh epoch is told to watchers", async () => {
    const port = await findFreePort();
    let server = await startOn(port);
    const log = createRedisLog({ url: `redis://127.0.0.1:${port}`, retentionSeconds: 60 });
    const epoch = await openAt(log, "a");
    expect(await log.append("a", 1, textEntry(epoch, 1, ["a"]))).toBe("ok");
    const told: LogPage[] = [];
    log.watch("a", (page) => told.push(page));
    await server.stop();
    const appending = log.append("a", 1, textEntry(epoch, 2, ["b"]));
    server = await startOn(port);
    expect(await appending).toBe("missing");
    expect(await log.read("a", 0, 1_000)).toBeNull();
    const head = await log.open("a", 1);
    expect(head).toMatchObject({ last: 0, ended: false });
    expect(head?.epoch).not.toBe(epoch);
    await expect.poll(() => told.at(-1)?.epoch).toBe(head?.epoch);
    await log.close();
    await server.stop();
  });

  test("without Redis it says unavailable, and closes at once", async () => {
    const port = await findFreePort();
    const server = await startOn(port);
    const log = createRedisLog({ url: `redis://127.0.0.1:${port}`, retentionSeconds: 60 });
    await openAt(log, "a");
    log.watch("a", () => {});
    await server.stop();
    await expect(log.read("a", 0, 1)).rejects.toMatchObject({ code: "unavailable" });
    const startedAt = performance.now();
    const closing = log.close();
    await expect(log.read("a", 0, 1)).rejects.toMatchObject({ code: "unavailable" });
    await closing;
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  test("a stream that was trimmed begins with a later entry", async () => {
    const admin = new Redis(url);
    const prefix = `${randomUUID()}:`;
    const log = createRedisLog({ url, prefix, retentionSeconds: 60 });
    const epoch = await openAt(log, "a");
    for (let position = 1; position <= 10; position += 1) await log.append("a", 1, textEntry(epoch, position, ["a"]));
    await admin.xtrim(`${prefix}log:{a}:chunks`, "MINID", "6-0");
    expect((await log.read("a", 0, 1_000))?.entries[0]?.first).toBe(6);
    await log.close();
    admin.disconnect();
  });

  test("leaves nothing in Redis without an expiry", async () => {
    const admin = new Redis(url);
    const prefix = `${randomUUID()}:`;
    const log = createRedisLog({ url, prefix, retentionSeconds: 60, abandonedSeconds: 600 });
    const epoch = await openAt(log, "running");
    await log.append("running", 1, textEntry(epoch, 1, ["a"]));
    await log.open("running", 2);
    await openAt(log, "opened");
    await log.append("ended", 1, textEntry(await openAt(log, "ended"), 1, ["a"], true));
    await log.open("ended", 2);
    const keys = await admin.keys(`${prefix}*`);
    const seconds = new Map(
      await Promise.all(keys.map(async (key) => [key.slice(prefix.length), await admin.ttl(key)] as const)),
    );
    expect([...seconds.keys()].toSorted()).toEqual([
      "log:{ended}:chunks",
      "log:{ended}:head",
      "log:{opened}:head",
      "log:{running}:chunks",
      "log:{running}:head",
    ]);
    for (const [key, left] of seconds) {
      expect(left).toBeGreaterThan(key.includes("ended") ? 50 : 590);
      expect(left).toBeLessThanOrEqual(key.includes("ended") ? 60 : 600);
    }
    await log.close();
    admin.disconnect();
  });
});
