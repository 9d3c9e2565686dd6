import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { silentLogger } from "../../foundation/logger.ts";
import { startRedis } from "../../testing/servers/redis-server.ts";
import { createRedisProbe } from "./redis-probe.ts";

const refused = { code: "unavailable", status: 503, retryAfter: 2 };

describe.skipIf(inject("redisUrl") === null)("createRedisProbe", () => {
  test("F9: says unavailable while Redis is full or a replica, and no more once it takes writes again", async () => {
    const server = await startRedis();
    const admin = new Redis(server.url);
    const probe = createRedisProbe({ url: server.url, logger: silentLogger });
    await admin.config("SET", "maxmemory", "1");
    await expect(probe.assertWritable()).rejects.toMatchObject(refused);
    await admin.config("SET", "maxmemory", "0");
    await probe.assertWritable();
    const other = createRedisProbe({ url: server.url, logger: silentLogger });
    await admin.replicaof("127.0.0.1", 1);
    await expect(other.assertWritable()).rejects.toMatchObject(refused);
    await Promise.all([probe.close(), other.close()]);
    admin.disconnect();
    await server.stop();
  });

  test("F8: says unavailable within a second while Redis is away, and asks only once for many", async () => {
    const server = await startRedis();
    const probe = createRedisProbe({ url: server.url, logger: silentLogger });
    await server.stop();
    const startedAt = performance.now();
    const outcomes = await Promise.allSettled(Array.from({ length: 100 }, () => probe.assertWritable()));
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(["rejected"]));
    expect(new Set(outcomes.map((outcome) => outcome.status === "rejected" && outcome.reason)).size).toBe(1);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await probe.close();
  });

  test("asks once a second at most while all is well", async () => {
    const server = await startRedis();
    const admin = new Redis(server.url);
    const probe = createRedisProbe({ url: server.url, logger: silentLogger });
    for (let index = 0; index < 100; index += 1) await probe.assertWritable();
    expect(await admin.info("commandstats")).toMatch(/cmdstat_set:calls=[12],/);
    await probe.close();
    admin.disconnect();
    await server.stop();
  });
});
