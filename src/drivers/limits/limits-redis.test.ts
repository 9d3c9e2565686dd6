import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { rateLimitStoreConformance } from "../../testing/conformance/rate-limit-store-conformance.ts";
import { startRedis } from "../../testing/servers/redis-server.ts";
import { createRedisLimits } from "./limits-redis.ts";

const url = inject("redisUrl") ?? "";
const rules = [{ limit: 1, windowSeconds: 3_600 }];

describe.skipIf(url === "")("over Redis", () => {
  rateLimitStoreConformance("createRedisLimits", () => {
    const prefix = `${randomUUID()}:`;
    const nodes = [createRedisLimits({ url, prefix }), createRedisLimits({ url, prefix })] as const;
    return {
      nodes,
      pass: (seconds) => sleep(seconds * 1_000),
      close: async () => void (await Promise.all(nodes.map((node) => node.close()))),
    };
  });

  test("leaves nothing behind when the last window of a key is over", async () => {
    const prefix = `${randomUUID()}:`;
    const store = createRedisLimits({ url, prefix });
    const admin = new Redis(url);
    await store.take("a", [
      { limit: 5, windowSeconds: 0.02 },
      { limit: 5, windowSeconds: 0.05 },
    ]);
    await expect.poll(() => admin.keys(`${prefix}*`), { interval: 5 }).toEqual([]);
    await store.close();
    admin.disconnect();
  });

  test("F8, F9: without Redis a take is refused within a second, and counts again when it is back", async () => {
    const server = await startRedis();
    const store = createRedisLimits({ url: server.url });
    expect((await store.take("a", rules)).isAllowed).toBe(true);
    expect((await store.take("a", rules)).isAllowed).toBe(false);
    process.kill(server.pid, "SIGSTOP");
    const startedAt = performance.now();
    await expect(store.take("a", rules)).rejects.toMatchObject({ code: "unavailable" });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    process.kill(server.pid, "SIGCONT");
    await server.restart();
    // a take that was refused may still be counted when Redis is back: each try has a key of its own
    await expect
      .poll(() => store.take(randomUUID(), rules).catch(() => null), { timeout: 10_000 })
      .toMatchObject({ isAllowed: true });
    expect((await store.take("b", rules)).isAllowed).toBe(true);
    expect((await store.take("b", rules)).isAllowed).toBe(false);
    await store.close();
    await server.stop();
  });
});
