import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { loadConfig } from "../config/load-config.ts";
import { send } from "../conversations/sending/send.ts";
import { silentLogger } from "../foundation/logger.ts";
import { migrate } from "../store/migrate.ts";
import { openStores, type Stores } from "./stores.ts";
import { textEntry } from "../testing/log-entry.ts";
import { startRedis } from "../testing/servers/redis-server.ts";
import { createScriptedModel } from "../testing/providers/scripted-model.ts";
import { createSpine, permitAll, text } from "../testing/spine.ts";
import { createTestDatabase } from "../testing/databases/test-database.ts";

const postgresUrl = inject("postgresUrl");

describe.skipIf(postgresUrl === null)("stores on PostgreSQL", () => {
  let folder: string;
  let url: string;
  const opened: Stores[] = [];
  const open = async (env: Readonly<Record<string, string>> = {}): Promise<Stores> => {
    const config = loadConfig({ DATABASE_URL: url, NATTER_DATA_DIR: folder, ...env });
    const stores = await openStores(config, silentLogger);
    opened.push(stores);
    return stores;
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "natter-stores-"));
    url = await createTestDatabase(postgresUrl!);
    await migrate((await open()).database);
  });
  afterAll(async () => {
    await Promise.all(opened.map((stores) => stores.close()));
    await rm(folder, { recursive: true, force: true });
  });

  test("N3: without Redis two nodes see one chunk log", async () => {
    const [here, there] = [await open(), await open()];
    const head = await here.log.open("shared", 1);
    const heard: number[] = [];
    there.log.watch("shared", (page) => heard.push(page.last));
    await here.log.append("shared", 1, textEntry(head!.epoch, 1, ["a"]));
    expect(await there.log.read("shared", 0, 1)).toMatchObject({ epoch: head!.epoch, last: 1 });
    await expect.poll(() => heard).toContain(1);
  });

  test("F11: where requests hold every connection, the next ones are refused within 2 s and streams and work go on", async () => {
    const { database, workDatabase, log } = await open({ NATTER_DATABASE_CONNECTIONS: "2" });
    const free = Promise.withResolvers<void>();
    const holding = [1, 2].map(() =>
      database.transaction(async () => {
        await database.query(sql`select 1`);
        await free.promise;
      }),
    );
    const startedAt = performance.now();
    const requests = Promise.allSettled(Array.from({ length: 50 }, () => database.query(sql`select 1`)));
    const head = await log.open("unaffected", 1);
    expect(await log.append("unaffected", 1, textEntry(head!.epoch, 1, ["a"]))).toBe("ok");
    expect(await workDatabase.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    const reasons = (await requests).map((outcome) => (outcome.status === "rejected" ? outcome.reason : null));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    for (const reason of reasons) expect(reason).toMatchObject({ code: "unavailable", status: 503, retryAfter: 1 });
    free.resolve();
    await Promise.all(holding);
  });

  test.skipIf(inject("redisUrl") === null)(
    "F9: while Redis is full nothing new is accepted, and nothing half stored; afterwards it is again",
    async () => {
      const redis = await startRedis();
      const admin = new Redis(redis.url);
      await admin.config("SET", "maxmemory", "1");
      const stores = await open({ REDIS_URL: redis.url });
      const { database, assertAccepting } = stores;
      const spine = await createSpine({ database, model: createScriptedModel(() => []) });
      const ask = () =>
        send(
          { ...spine.context, assertAccepting },
          spine.principal,
          { message: { parts: text("is there room?") } },
          permitAll,
        );
      const count = () =>
        database.query(
          sql`select (select count(*) from message) as messages, (select count(*) from completion) as completions`,
        );
      await expect(ask()).rejects.toMatchObject({ code: "unavailable", status: 503, retryAfter: 2 });
      expect(await count()).toEqual([{ messages: 0, completions: 0 }]);
      await admin.config("SET", "maxmemory", "0");
      await ask();
      expect(await count()).toEqual([{ messages: 2, completions: 1 }]);
      await spine.close();
      admin.disconnect();
      await redis.stop();
    },
  );
});
