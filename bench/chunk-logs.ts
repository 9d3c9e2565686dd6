import { parseArgs } from "node:util";
import { createPostgresLog } from "../src/drivers/log-postgres/log-postgres.ts";
import { createRedisLog } from "../src/drivers/log/log-redis.ts";
import { createPostgresDatabase } from "../src/drivers/postgres/postgres.ts";
import type { ChunkLog } from "../src/ports/chunk-log.ts";
import { migrate } from "../src/store/migrate.ts";
import { textEntry } from "../src/testing/log-entry.ts";
import { startPostgres } from "../src/testing/servers/postgres-server.ts";
import { startRedis } from "../src/testing/servers/redis-server.ts";
import { readFamilyTime } from "./processor-time.ts";
import { median, type Spread, spreadOf } from "./samples.ts";
import { createTimerWheel } from "./timer-wheel.ts";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "3" },
    logs: { type: "string", default: "200" },
    /** Appends a second, of all logs together, while latency is measured. */
    rate: { type: "string", default: "1000" },
    seconds: { type: "string", default: "4" },
  },
});
const logCount = Number(options.logs);
const seconds = Number(options.seconds);
const text = "x".repeat(120);

/** A chunk log as two nodes have it, and the server that it is kept on. */
interface Subject {
  readonly writer: ChunkLog;
  readonly viewer: ChunkLog;
  readonly pid: number;
  stop(): Promise<void>;
}

const onRedis = async (): Promise<Subject> => {
  const server = await startRedis();
  const [writer, viewer] = [1, 2].map(() => createRedisLog({ url: server.url, retentionSeconds: 60 }));
  if (!writer || !viewer) throw new Error("two nodes are needed");
  return {
    writer,
    viewer,
    pid: server.pid,
    stop: async () => {
      await Promise.all([writer.close(), viewer.close()]);
      await server.stop();
    },
  };
};

const onPostgres = async (): Promise<Subject> => {
  const server = await startPostgres({ fsync: true });
  const database = createPostgresDatabase({ url: server.url, maxConnections: 1 });
  await migrate(database);
  await database.close();
  const [writer, viewer] = [1, 2].map(() => createPostgresLog({ url: server.url, retentionSeconds: 60 }));
  if (!writer || !viewer) throw new Error("two nodes are needed");
  return {
    writer,
    viewer,
    pid: server.pid,
    stop: async () => {
      await Promise.all([writer.close(), viewer.close()]);
      await server.stop();
    },
  };
};

/** A log that is appended to in turn, with a viewer on the other node. */
const openStream = async ({ writer, viewer }: Subject, id: string, latencies: number[]) => {
  const head = await writer.open(id, 1);
  if (head === null) throw new Error(`${id} was refused`);
  const sentAt: number[] = [];
  let position = 0;
  let told = 0;
  viewer.watch(id, (page) => {
    for (; told < page.last; told += 1) {
      const sent = sentAt[told];
      if (sent !== undefined) latencies.push(performance.now() - sent);
    }
  });
  return async (): Promise<void> => {
    position += 1;
    sentAt.push(performance.now());
    const outcome = await writer.append(id, 1, textEntry(head.epoch, position, [text]));
    if (outcome !== "ok") throw new Error(`an append to ${id} was ${outcome}`);
  };
};

const openStreams = (subject: Subject, name: string, latencies: number[]) =>
  Promise.all(Array.from({ length: logCount }, (_, index) => openStream(subject, `${name}-${index}`, latencies)));

const measurePaced = async (subject: Subject): Promise<{ latency: Spread; serverCpu: number; ownCpu: number }> => {
  const latencies: number[] = [];
  const appends = await openStreams(subject, "paced", latencies);
  const total = Number(options.rate) * seconds;
  const at = createTimerWheel();
  const cpu = { server: readFamilyTime(subject.pid), own: readFamilyTime(process.pid) };
  const start = performance.now() + 50;
  await Promise.all(
    Array.from({ length: total }, async (_, index) => {
      await new Promise<void>((resolve) => at(start + (index / total) * seconds * 1_000, resolve));
      await appends[index % logCount]?.();
    }),
  );
  return {
    latency: spreadOf(latencies),
    serverCpu: ((readFamilyTime(subject.pid) - cpu.server) / total) * 1_000,
    ownCpu: ((readFamilyTime(process.pid) - cpu.own) / total) * 1_000,
  };
};

const measureThroughput = async (subject: Subject): Promise<number> => {
  const appends = await openStreams(subject, "fast", []);
  const until = performance.now() + seconds * 1_000;
  let count = 0;
  await Promise.all(
    appends.map(async (append) => {
      while (performance.now() < until) {
        await append();
        count += 1;
      }
    }),
  );
  return count / seconds;
};

const subjects = { Redis: onRedis, PostgreSQL: onPostgres };
const figures = { p50: "p50 ms", p99: "p99 ms", perSecond: "appends/s", serverCpu: "server", ownCpu: "own" } as const;
type Figure = keyof typeof figures;
const results = new Map<string, Record<Figure, number>[]>();

for (let round = 0; round < Number(options.rounds); round += 1) {
  for (const [name, open] of Object.entries(subjects)) {
    const subject = await open();
    await measureThroughput(subject);
    const { latency, serverCpu, ownCpu } = await measurePaced(subject);
    const perSecond = await measureThroughput(subject);
    const result = { p50: latency.p50, p99: latency.p99, perSecond, serverCpu, ownCpu };
    results.set(name, [...(results.get(name) ?? []), result]);
    await subject.stop();
  }
}

const medianOf = (name: string, figure: Figure): number =>
  median((results.get(name) ?? []).map((result) => result[figure]));

console.log(
  `${logCount} logs, ${options.rate} appends/s while latency is measured; CPU in ms per 1,000 of these appends`,
);
console.log(`| log | ${Object.values(figures).join(" | ")} |\n| ${"--- | ".repeat(6)}`);
for (const name of Object.keys(subjects)) {
  const cells = (["p50", "p99", "perSecond", "serverCpu", "ownCpu"] as const).map((figure) =>
    medianOf(name, figure).toFixed(2),
  );
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
