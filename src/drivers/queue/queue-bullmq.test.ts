import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { describe, expect, inject, test, vi } from "vitest";
import { silentLogger } from "../../foundation/logger.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import { queueConformance } from "../../testing/conformance/queue-conformance.ts";
import { startRedis } from "../../testing/servers/redis-server.ts";
import { createBullmqQueue } from "./queue-bullmq.ts";
import { createMemorySignals } from "../signals/signals-memory.ts";
import { createRedisSignals } from "../signals/signals-redis.ts";

const url = inject("redisUrl") ?? "";
const never = 3_600;

const openNodes = (count: number, { pollSeconds = never, at = url } = {}) => {
  const prefix = `{${randomUUID()}}`;
  const signals = Array.from({ length: count }, () => createRedisSignals({ url: at, prefix }));
  const nodes = signals.map((each) => createBullmqQueue({ url: at, prefix, signals: each, pollSeconds }));
  return {
    prefix,
    nodes,
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
      await Promise.all(signals.map((each) => each.close()));
    },
  };
};

const keyOf = (number: number): CompletionKey => ({ workspaceId: "w", completionId: `c-${number}` });

describe.skipIf(url === "")("over Redis", () => {
  queueConformance("createBullmqQueue", ({ pollSeconds }) => {
    const { nodes, close } = openNodes(2, { pollSeconds });
    const [here, there] = nodes;
    if (!here || !there) throw new Error("two nodes are needed");
    return { nodes: [here, there], close };
  });

  test("a completion that one node takes wakes no other, and all nodes get some", async () => {
    const { nodes, close } = openNodes(3);
    const taken: { node: number; id: string }[] = [];
    const all = Promise.withResolvers<void>();
    for (const [node, queue] of nodes.entries()) {
      await queue.consume(async (key) => {
        if (key === undefined) return false;
        taken.push({ node, id: key.completionId });
        if (new Set(taken.map((each) => each.node)).size === 3) all.resolve();
        // nobody comes back for more before each has got one
        await all.promise;
        return true;
      });
    }
    for (let number = 0; number < 300; number += 1) nodes[0]?.push(keyOf(number));
    await expect.poll(() => taken.length).toBeGreaterThanOrEqual(300);
    expect(new Set(taken.map(({ id }) => id)).size).toBe(300);
    expect(taken).toHaveLength(300);
    expect(new Set(taken.map(({ node }) => node))).toEqual(new Set([0, 1, 2]));
    await close();
  });

  test("what the first node has no room for is told to the others, and so is what it fails at", async () => {
    const { nodes, close } = openNodes(2);
    const taken: string[] = [];
    await nodes[0]?.consume((key) => {
      if (key?.completionId === "c-1") throw new Error("a broken worker");
      return false;
    });
    await nodes[1]?.consume(async (key) => key !== undefined && taken.push(key.completionId) > 0);
    for (const number of [0, 1, 2, 3]) nodes[0]?.push(keyOf(number));
    await expect.poll(() => taken.toSorted()).toEqual(["c-0", "c-1", "c-2", "c-3"]);
    await close();
  });

  test("leaves nothing in Redis of what was looked at", async () => {
    const { nodes, prefix, close } = openNodes(1);
    const seen: unknown[] = [];
    await nodes[0]?.consume(async (key) => key !== undefined && seen.push(key) > 0);
    for (let number = 0; number < 20; number += 1) nodes[0]?.push(keyOf(number));
    await expect.poll(() => seen.length).toBe(20);
    const admin = new Redis(url);
    const left = async () =>
      (await admin.keys(`${prefix}:completions:*`)).filter((key) => /:\d+(:lock)?$|:active$/.test(key));
    await expect.poll(left).toEqual([]);
    await close();
    admin.disconnect();
  });
});

describe.skipIf(url === "")("createBullmqQueue", () => {
  test("F8: after a restart of Redis it wakes again, and meanwhile there is the poll", async () => {
    const server = await startRedis();
    const { nodes, close } = openNodes(1, { at: server.url, pollSeconds: 0.05 });
    const seen: string[] = [];
    let polls = 0;
    await nodes[0]?.consume((key) => void (key === undefined ? (polls += 1) : seen.push(key.completionId)));
    nodes[0]?.push(keyOf(1));
    await expect.poll(() => seen).toContain("c-1");
    await server.restart();
    const before = polls;
    await expect.poll(() => polls).toBeGreaterThan(before + 2);
    await expect
      .poll(
        () => {
          nodes[0]?.push(keyOf(2));
          return seen;
        },
        { timeout: 10_000, interval: 50 },
      )
      .toContain("c-2");
    await close();
    await server.stop();
  });

  test("F9: a Redis that is full takes no key and harms nobody; consumers are woken by the poll", async () => {
    const server = await startRedis();
    const admin = new Redis(server.url);
    await admin.config("SET", "maxmemory", "1mb");
    const warn = vi.fn();
    const signals = createMemorySignals();
    const queue = createBullmqQueue({ url: server.url, signals, pollSeconds: 0.05, logger: { ...silentLogger, warn } });
    let polls = 0;
    await queue.consume((key) => void (key ?? (polls += 1)));
    queue.push(keyOf(1));
    await expect.poll(() => warn.mock.calls.length).toBeGreaterThan(0);
    const before = polls;
    await expect.poll(() => polls).toBeGreaterThan(before + 2);
    await queue.close();
    await signals.close();
    admin.disconnect();
    await server.stop();
  });

  test("without Redis pushing returns at once, and closing ends", async () => {
    const server = await startRedis();
    const signals = createMemorySignals();
    const queue = createBullmqQueue({ url: server.url, signals, pollSeconds: never });
    await queue.consume(() => {});
    await server.stop();
    const startedAt = performance.now();
    queue.push(keyOf(1));
    expect(performance.now() - startedAt).toBeLessThan(100);
    await queue.close();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await signals.close();
  });
});
