import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { AppendOutcome, ChunkLog, LogEntry, LogPage } from "../../ports/chunk-log.ts";
import type { Database } from "../../ports/database.ts";
import { forgetChunkLogs } from "../../store/completion/chunk-rows.ts";
import { migrate } from "../../store/migrate.ts";
import { chunkLogConformance } from "../../testing/conformance/chunk-log-conformance.ts";
import { textEntry } from "../../testing/log-entry.ts";
import { type PostgresServer, startPostgres } from "../../testing/servers/postgres-server.ts";
import { until } from "../../testing/spine.ts";
import { createTestDatabase } from "../../testing/databases/test-database.ts";
import { createPostgresLog } from "./log-postgres.ts";
import { createPostgresDatabase } from "../postgres/postgres.ts";

const postgresUrl = inject("postgresUrl") ?? "";
const everything = Number.MAX_SAFE_INTEGER;
const never = 3_600;

const openMigrated = async (url: string): Promise<Database> => {
  const database = createPostgresDatabase({ url, maxConnections: 1 });
  await migrate(database);
  return database;
};

const openAt = async (log: ChunkLog, id: string): Promise<string> => (await log.open(id, 1))!.epoch;

/** The farthest position that its watchers were told of. */
const watchFar = (log: ChunkLog, id: string): { last: number; epochs: Set<string> } => {
  const told = { last: 0, epochs: new Set<string>() };
  log.watch(id, (page) => {
    told.last = Math.max(told.last, page.last);
    told.epochs.add(page.epoch);
  });
  return told;
};

const appendUntilAnswered = (log: ChunkLog, id: string, entry: LogEntry): Promise<AppendOutcome> =>
  until(() => log.append(id, 1, entry).catch(() => null), 20);

describe.skipIf(postgresUrl === "")("over PostgreSQL", () => {
  let url: string;
  beforeAll(async () => {
    url = await createTestDatabase(postgresUrl);
    await (await openMigrated(url)).close();
  });
  chunkLogConformance("createPostgresLog", (options) => [
    createPostgresLog({ url, pollSeconds: never, ...options }),
    createPostgresLog({ url, pollSeconds: never, ...options }),
  ]);
});

describe.skipIf(postgresUrl === "")("createPostgresLog", () => {
  let url: string;
  let database: Database;
  beforeAll(async () => {
    url = await createTestDatabase(postgresUrl);
    database = await openMigrated(url);
  });
  afterAll(() => database.close());

  test("five hundred watched logs hold four connections, and none of them a transaction", async () => {
    const log = createPostgresLog({ url, retentionSeconds: 60 });
    const other = createPostgresLog({ url, retentionSeconds: 60 });
    const ids = Array.from({ length: 500 }, (_, index) => `many-${index}`);
    const told = ids.map((id) => watchFar(log, id));
    for (const id of ids) await other.append(id, 1, textEntry(await openAt(other, id), 1, ["a"]));
    await expect.poll(() => told.every(({ last }) => last === 1)).toBe(true);
    await Promise.all(ids.map((id) => log.read(id, 0, everything)));
    await other.close();
    const connections = async () =>
      (
        await database.query<{ in_transaction: boolean }>(sql`
          select xact_start is not null as in_transaction from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and state is not null`)
      ).map((row) => row.in_transaction);
    await expect.poll(connections).toEqual([false, false, false, false]);
    await log.close();
  });

  test("what five hundred streams say at once is a handful of transactions and notifications", async () => {
    const log = createPostgresLog({ url, retentionSeconds: 60, pollSeconds: never });
    const ids = Array.from({ length: 500 }, (_, index) => `at-once-${index}`);
    const epochs = await Promise.all(ids.map((id) => openAt(log, id)));
    const outcomes = await Promise.all(
      ids.map((id, index) => log.append(id, 1, textEntry(epochs[index] ?? "", 1, ["a"]))),
    );
    expect(new Set(outcomes)).toEqual(new Set(["ok"]));
    const [row] = await database.query<{ transactions: number }>(sql`
      select count(distinct chunk.xmin::text) as transactions from chunk_log join chunk on log = number where id like 'at-once-%'`);
    expect(row?.transactions).toBeLessThan(10);
    await log.close();
  });

  test("what was not notified of is found by looking", async () => {
    const log = createPostgresLog({ url, retentionSeconds: 60, pollSeconds: 0.05 });
    const heard: LogPage[] = [];
    const epoch = await openAt(log, "silent");
    log.watch("silent", (page) => heard.push(page));
    await expect.poll(() => heard.length).toBeGreaterThan(0);
    await database.query(sql`
      with head as (update chunk_log set last = 1 where id = 'silent' returning number)
      insert into chunk (log, first, last, ends, frames) select number, 1, 1, false, ${textEntry(epoch, 1, ["a"]).frames.toString()} from head`);
    await expect.poll(() => heard.at(-1)).toMatchObject({ epoch, last: 1, entries: [{ first: 1, last: 1 }] });
    await log.close();
  });

  test("watchers who are far behind are told all of it in order, once", async () => {
    const log = createPostgresLog({ url, retentionSeconds: 60, pollSeconds: never });
    const epoch = await openAt(log, "far");
    const positions: number[] = [];
    log.watch("far", (page) => positions.push(...page.entries.map((entry) => entry.first)));
    await expect.poll(() => log.read("far", 0, 1)).not.toBeNull();
    await log.append("far", 1, textEntry(epoch, 1, ["a"]));
    await database.query(sql`
      with head as (update chunk_log set last = 200 where id = 'far' returning number)
      insert into chunk (log, first, last, ends, frames)
      select number, position, position, false, 'x' from head, generate_series(2, 200) as position`);
    await database.query(sql`select pg_notify('natter_chunk', ${`far:${epoch}.200`})`);
    await expect.poll(() => positions.length).toBe(200);
    expect(positions).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    await log.close();
  });

  test("a mention of logs that nobody watches, and what is no mention, changes nothing", async () => {
    const log = createPostgresLog({ url, retentionSeconds: 60, pollSeconds: never });
    const told = watchFar(log, "known");
    for (const payload of ["", " ", ":", "known", "known:", "unknown:abc.7", "known:abc.7 x"]) {
      await database.query(sql`select pg_notify('natter_chunk', ${payload})`);
    }
    await log.append("known", 1, textEntry(await openAt(log, "known"), 1, ["a"]));
    await expect.poll(() => told.last).toBe(1);
    await log.close();
  });

  test("logs that had their time are deleted with their chunks, and so is what a fresh opening left", async () => {
    const old = createPostgresLog({ url, retentionSeconds: 0.001 });
    const kept = createPostgresLog({ url, retentionSeconds: 60 });
    await old.append("ended", 1, textEntry(await openAt(old, "ended"), 1, ["a"], true));
    await kept.append("running", 1, textEntry(await openAt(kept, "running"), 1, ["a"]));
    await database.query(
      sql`insert into chunk (log, first, last, ends, frames) values (-1, 1, 1, false, 'left behind')`,
    );
    const chunksOf = async (id: string) =>
      database.query(sql`select 1 from chunk_log join chunk on chunk.log = number where id = ${id}`);
    expect(await chunksOf("ended")).toHaveLength(1);
    await until(async () => {
      await forgetChunkLogs(database);
      return (await chunksOf("ended")).length === 0;
    });
    expect(await chunksOf("running")).toHaveLength(1);
    expect(await database.query(sql`select 1 from chunk where log = -1`)).toEqual([]);
    await Promise.all([old.close(), kept.close()]);
  });
});

describe.skipIf(postgresUrl === "")("while PostgreSQL goes and comes back", () => {
  let server: PostgresServer;
  let admin: Database;
  beforeAll(async () => {
    server = await startPostgres();
    admin = await openMigrated(server.url);
  });
  afterAll(async () => {
    await admin.close();
    await server.stop();
  });
  const openTwo = () =>
    [1, 2].map(() => createPostgresLog({ url: server.url, retentionSeconds: 60, pollSeconds: never })) as [
      ChunkLog,
      ChunkLog,
    ];

  test("F10: connections that are ended every moment cost no entry and no watcher", async () => {
    const [writer, reader] = openTwo();
    const epoch = await openAt(writer, "chaos");
    const told = watchFar(reader, "chaos");
    for (let position = 1; position <= 200; position += 1) {
      const appending = appendUntilAnswered(writer, "chaos", textEntry(epoch, position, ["a".repeat(2_000)]));
      if (position % 10 === 0) {
        await admin.query(sql`select pg_terminate_backend(pid) from pg_stat_activity
          where pid <> pg_backend_pid() and datname = current_database()`);
      }
      expect(await appending).toBe("ok");
    }
    await expect.poll(() => told.last, { timeout: 10_000 }).toBe(200);
    const lasts = (await reader.read("chaos", 0, everything))?.entries.map((entry) => entry.last);
    expect(lasts).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    await Promise.all([writer.close(), reader.close()]);
  });

  test("F10: entries that were sent without waiting keep their order while connections are ended", async () => {
    const [writer, reader] = openTwo();
    const epoch = await openAt(writer, "order");
    const appending = Array.from({ length: 100 }, (_, index) =>
      writer.append("order", 1, textEntry(epoch, index + 1, ["a"])),
    );
    for (let round = 0; round < 5; round += 1) {
      await admin.query(sql`select pg_terminate_backend(pid) from pg_stat_activity
        where pid <> pg_backend_pid() and datname = current_database()`);
    }
    expect(new Set(await Promise.all(appending))).toEqual(new Set(["ok"]));
    expect((await reader.read("order", 0, everything))?.last).toBe(100);
    await Promise.all([writer.close(), reader.close()]);
  });

  test("F10: a restart keeps the log, and watchers on other nodes go on hearing", async () => {
    const [writer, reader] = openTwo();
    const epoch = await openAt(writer, "restart");
    const told = watchFar(reader, "restart");
    expect(await writer.append("restart", 1, textEntry(epoch, 1, ["a"]))).toBe("ok");
    const restarting = server.restart("clean");
    const appending = appendUntilAnswered(writer, "restart", textEntry(epoch, 2, ["b"]));
    await restarting;
    expect(await appending).toBe("ok");
    await expect.poll(() => told.last, { timeout: 10_000 }).toBe(2);
    expect(await writer.append("restart", 1, textEntry(epoch, 3, ["c"]))).toBe("ok");
    await expect.poll(() => told.last, { timeout: 10_000 }).toBe(3);
    expect([...told.epochs]).toEqual([epoch]);
    await Promise.all([writer.close(), reader.close()]);
  });

  test("F10: after a crash there is no log: append says missing, and watchers are told of the fresh epoch", async () => {
    const [writer, reader] = openTwo();
    const epoch = await openAt(writer, "crash");
    const told = watchFar(reader, "crash");
    expect(await writer.append("crash", 1, textEntry(epoch, 1, ["a"]))).toBe("ok");
    await expect.poll(() => told.last).toBe(1);
    await server.restart("crash");
    expect(await appendUntilAnswered(writer, "crash", textEntry(epoch, 2, ["b"]))).toBe("missing");
    expect(
      await until(async () =>
        reader
          .read("crash", 0, 1)
          .then((page) => page === null)
          .catch(() => null),
      ),
    ).toBe(true);
    const head = await writer.open("crash", 1);
    expect(head?.epoch).not.toBe(epoch);
    await expect.poll(() => [...told.epochs].at(-1), { timeout: 10_000 }).toBe(head?.epoch);
    await Promise.all([writer.close(), reader.close()]);
  });

  test("without PostgreSQL it says unavailable, and closes", async () => {
    const alone = await startPostgres();
    await (await openMigrated(alone.url)).close();
    const log = createPostgresLog({ url: alone.url, retentionSeconds: 60 });
    const epoch = await openAt(log, "a");
    log.watch("a", () => {});
    await alone.stop();
    const calls = [log.read("a", 0, 1), log.open("a", 1), log.append("a", 1, textEntry(epoch, 1, ["a"]))];
    await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ code: "unavailable" })));
    await log.close();
  });
});
