import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { describe, expect, inject, test } from "vitest";
import { startRedis } from "../../testing/servers/redis-server.ts";
import { signalsConformance } from "../../testing/conformance/signals-conformance.ts";
import { createRedisSignals } from "./signals-redis.ts";

const url = inject("redisUrl") ?? "";

describe.skipIf(url === "")("over Redis", () => {
  signalsConformance("createRedisSignals", () => {
    const prefix = `${randomUUID()}:`;
    return [createRedisSignals({ url, prefix }), createRedisSignals({ url, prefix })];
  });

  test("goes on hearing after its connections break", async () => {
    const server = await startRedis();
    const admin = new Redis(server.url);
    const here = createRedisSignals({ url: server.url });
    const there = createRedisSignals({ url: server.url });
    const heard: string[] = [];
    await there.subscribe("work", (payload) => heard.push(payload));
    await admin.call("CLIENT", "KILL", "TYPE", "pubsub");
    await admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await expect
      .poll(() => {
        here.publish("work", "again");
        return heard;
      })
      .toContain("again");
    await Promise.all([here.close(), there.close()]);
    admin.disconnect();
    await server.stop();
  });

  test("without Redis publishing reaches this node's listeners, and subscribing rejects with unavailable", async () => {
    const server = await startRedis();
    const signals = createRedisSignals({ url: server.url });
    const heard: string[] = [];
    await signals.subscribe("work", (payload) => heard.push(payload));
    await server.stop();
    signals.publish("work", "a");
    expect(heard).toEqual(["a"]);
    await expect(signals.subscribe("cancel", () => {})).rejects.toMatchObject({ code: "unavailable" });
    await signals.close();
  });
});
