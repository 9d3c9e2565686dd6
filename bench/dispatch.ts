import { parseArgs } from "node:util";
import { createBullmqQueue } from "../src/drivers/queue/queue-bullmq.ts";
import { createTableQueue } from "../src/drivers/queue/queue-table.ts";
import { createRedisSignals } from "../src/drivers/signals/signals-redis.ts";
import type { Queue } from "../src/ports/queue.ts";
import type { Signals } from "../src/ports/signals.ts";
import { startRedis } from "../src/testing/servers/redis-server.ts";
import { readFamilyTime } from "./processor-time.ts";
import { spreadOf } from "./samples.ts";
import { createTimerWheel } from "./timer-wheel.ts";

const { values: options } = parseArgs({
  options: {
    nodes: { type: "string", default: "4" },
    /** Pushes a second. */
    rate: { type: "string", default: "500" },
    seconds: { type: "string", default: "4" },
  },
});
const nodeCount = Number(options.nodes);
const total = Number(options.rate) * Number(options.seconds);
const claimMilliseconds = 2;

type CreateQueue = (url: string, signals: Signals) => Queue;

const queues: Readonly<Record<string, CreateQueue>> = {
  "signals over Redis": (_url, signals) => createTableQueue({ signals, pollSeconds: 3_600 }),
  BullMQ: (url, signals) => createBullmqQueue({ url, signals, pollSeconds: 3_600 }),
};

/** Pushes at a steady rate to nodes that claim as a database would let them: the first one gets it, a little later. */
const measure = async (create: CreateQueue): Promise<string[]> => {
  const server = await startRedis();
  const at = createTimerWheel();
  const pushedAt = new Map<string, number>();
  const waited: number[] = [];
  let looks = 0;
  const take = async (id: string): Promise<boolean> => {
    looks += 1;
    const pushed = pushedAt.get(id);
    pushedAt.delete(id);
    if (pushed !== undefined) waited.push(performance.now() - pushed);
    await new Promise<void>((resolve) => at(performance.now() + claimMilliseconds, resolve));
    return pushed !== undefined;
  };
  const signals = Array.from({ length: nodeCount }, () => createRedisSignals({ url: server.url }));
  const nodes = signals.map((each) => create(server.url, each));
  for (const node of nodes) await node.consume((key) => key && take(key.completionId));
  const cpu = { server: readFamilyTime(server.pid), own: readFamilyTime(process.pid) };
  const start = performance.now() + 200;
  await Promise.all(
    Array.from({ length: total }, async (_, index) => {
      await new Promise<void>((resolve) => at(start + (index / Number(options.rate)) * 1_000, resolve));
      const completionId = `c-${index}`;
      pushedAt.set(completionId, performance.now());
      nodes[index % nodeCount]?.push({ workspaceId: "w", completionId });
    }),
  );
  while (waited.length < total) await new Promise<void>((resolve) => at(performance.now() + 10, resolve));
  const { p50, p99 } = spreadOf(waited);
  const perThousand = (before: number, pid: number): number => ((readFamilyTime(pid) - before) / total) * 1_000;
  const figures = [
    p50,
    p99,
    looks / total,
    perThousand(cpu.server, server.pid),
    perThousand(cpu.own, process.pid) / nodeCount,
  ];
  await Promise.all(nodes.map((node) => node.close()));
  await Promise.all(signals.map((each) => each.close()));
  await server.stop();
  return figures.map((figure) => figure.toFixed(2));
};

console.log(`${nodeCount} nodes, ${options.rate} pushes/s; CPU in ms per 1,000 pushes`);
console.log(
  "| queue | p50 ms | p99 ms | looks per push | CPU of Redis | CPU of a node |\n| --- | --- | --- | --- | --- | --- |",
);
for (const [name, create] of Object.entries(queues)) {
  console.log(`| ${name} | ${(await measure(create)).join(" | ")} |`);
}
