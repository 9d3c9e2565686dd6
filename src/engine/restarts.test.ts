import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { getCompletion } from "../completions/read.ts";
import { getMessage } from "../conversations/messages.ts";
import { send } from "../conversations/sending/send.ts";
import { createPostgresLog } from "../drivers/log-postgres/log-postgres.ts";
import { createRedisLog } from "../drivers/log/log-redis.ts";
import { createPostgresDatabase } from "../drivers/postgres/postgres.ts";
import type { ChunkLog } from "../ports/chunk-log.ts";
import type { Database } from "../ports/database.ts";
import { migrate } from "../store/migrate.ts";
import { type PostgresServer, startPostgres } from "../testing/servers/postgres-server.ts";
import { type RedisServer, startRedis } from "../testing/servers/redis-server.ts";
import { callTool, createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { createSpine, permitAll, readLog, text, until } from "../testing/spine.ts";
import { tool } from "../tools/tool.ts";

const answersAtOnce = 6;
const wordsOf = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `${from + index} `);
const answer = (from: number, to: number): string => wordsOf(from, to).join("");

const isReachable = inject("postgresUrl") !== null && inject("redisUrl") !== null;

describe.skipIf(!isReachable)("answers while a server goes and comes back", () => {
  let postgres: PostgresServer;
  let redis: RedisServer;
  let database: Database;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres({ fsync: true }), startRedis()]);
    database = createPostgresDatabase({ url: postgres.url });
    await migrate(database);
  });
  afterAll(async () => {
    await database.close();
    await Promise.all([postgres.stop(), redis.stop()]);
  });

  /** Six answers of two steps with a tool between; `disturb` happens while they speak. */
  const answerThrough = async (log: ChunkLog, disturb: () => Promise<void>) => {
    const meanwhile = Promise.withResolvers<void>();
    const afterwards = Promise.withResolvers<void>();
    const started: string[] = [];
    const model = createScriptedModel((call, number) =>
      call.messages.some(({ role }) => role === "tool")
        ? [say(...wordsOf(20, 30)), [{ wait: afterwards.promise }], say(...wordsOf(30, 40))]
        : [
            say(...wordsOf(0, 10)),
            [{ wait: meanwhile.promise }],
            say(...wordsOf(10, 20)),
            callTool(`call-${number}`, "note", {}),
          ],
    );
    const note = tool({ inputSchema: z.object({}), execute: (_input, { callId }) => started.push(callId) });
    const spine = await createSpine({ database, model, log, agents: { default: { tools: { note } } } });
    const worker = spine.worker({ leaseSeconds: 60 });
    await worker.start();
    const accepted = await Promise.all(
      Array.from({ length: answersAtOnce }, () =>
        send(spine.context, spine.principal, { message: { parts: text("count") } }, permitAll),
      ),
    );
    await model.called(answersAtOnce);
    const disturbed = disturb();
    meanwhile.resolve();
    await disturbed;
    afterwards.resolve();
    const told = await Promise.all(
      accepted.map(async ({ completionId, conversationId, messageId }) => {
        const { status } = await until(async () => {
          const completion = await getCompletion(database, spine.principal, completionId, permitAll);
          return ["completed", "failed"].includes(completion.status) && completion;
        }, 20);
        const { parts } = await getMessage(database, spine.principal, { conversationId, messageId }, permitAll);
        const replayed = await until(() => readLog(log, completionId).then((read) => read.ended && read.chunks));
        return {
          status,
          stored: parts.flatMap((part) => (part.type === "text" ? [part.text] : [])),
          shown: replayed.flatMap((chunk) => (chunk.type === "text-delta" ? [chunk.delta] : [])).join(""),
          ending: replayed.at(-1)?.type,
        };
      }),
    );
    await worker.drain(1);
    await spine.close();
    return { told, started, calls: model.calls.length };
  };

  const whole = {
    told: Array.from({ length: answersAtOnce }, () => ({
      status: "completed",
      stored: [answer(0, 20), answer(20, 40)],
      shown: answer(0, 40),
      ending: "finish",
    })),
    calls: 2 * answersAtOnce,
  };

  const onPostgres = () => createPostgresLog({ url: postgres.url, retentionSeconds: 60 });
  const onRedis = () => createRedisLog({ url: redis.url, retentionSeconds: 60 });

  test.each(["clean", "crash"] as const)(
    "F10: a %s restart of PostgreSQL, which has the log as well, costs no word, call or tool",
    async (how) => {
      const { started, ...seen } = await answerThrough(onPostgres(), () => postgres.restart(how));
      expect(seen).toEqual(whole);
      expect(new Set(started).size).toBe(answersAtOnce);
      expect(started).toHaveLength(answersAtOnce);
    },
  );

  test("F10: connections to PostgreSQL that are ended every 200 ms cost no word, call or tool", async () => {
    const admin = createPostgresDatabase({ url: postgres.url, maxConnections: 1 });
    const { started, ...seen } = await answerThrough(onRedis(), async () => {
      for (let round = 0; round < 5; round += 1) {
        await admin.query(sql`select pg_terminate_backend(pid) from pg_stat_activity
          where pid <> pg_backend_pid() and datname = current_database()`);
        await sleep(200);
      }
    });
    expect(seen).toEqual(whole);
    expect(started).toHaveLength(answersAtOnce);
    await admin.close();
  });

  test("F8: a restart of Redis that forgets everything costs no word, call or tool", async () => {
    const { started, ...seen } = await answerThrough(onRedis(), () => redis.restart());
    expect(seen).toEqual(whole);
    expect(started).toHaveLength(answersAtOnce);
  });

  test("F9: a Redis that is full for a while only makes answers wait", async () => {
    const admin = new Redis(redis.url);
    const refusals = async (): Promise<number> =>
      Number(/cmdstat_evalsha:.*failed_calls=(\d+)/.exec(await admin.info("commandstats"))?.[1] ?? 0);
    const { started, ...seen } = await answerThrough(onRedis(), async () => {
      const before = await refusals();
      await admin.config("SET", "maxmemory", "1");
      await until(async () => (await refusals()) > before + 2 * answersAtOnce);
      await admin.config("SET", "maxmemory", "0");
    });
    expect(seen).toEqual(whole);
    expect(started).toHaveLength(answersAtOnce);
    admin.disconnect();
  });
});
