import sql from "sql-template-tag";
import { beforeEach, describe, expect, inject, test } from "vitest";
import type { Database } from "../../ports/database.ts";
import { testDatabaseConformance } from "../../testing/conformance/database-conformance.ts";
import { createTestDatabase } from "../../testing/databases/test-database.ts";
import { createPostgresDatabase } from "./postgres.ts";

const postgresUrl = inject("postgresUrl");

const failure = (work: Promise<unknown>): Promise<{ code?: string; message: string }> =>
  work.then(
    () => expect.unreachable("it should have rejected"),
    (error: unknown) => error as { code?: string; message: string },
  );

describe.skipIf(postgresUrl === null)("PostgreSQL driver", () => {
  testDatabaseConformance({
    name: "PostgreSQL",
    open: async (options) => createPostgresDatabase({ url: await createTestDatabase(postgresUrl!), ...options }),
  });

  testDatabaseConformance({
    name: "PostgreSQL with one connection",
    open: async (options) =>
      createPostgresDatabase({ url: await createTestDatabase(postgresUrl!), maxConnections: 1, ...options }),
  });

  describe("beyond the port", () => {
    let url: string;
    let database: Database;
    let other: Database;

    beforeEach(async () => {
      url = await createTestDatabase(postgresUrl!);
      database = createPostgresDatabase({ url });
      other = createPostgresDatabase({ url });
      await database.script("create table item (id integer primary key, note text); insert into item values (1), (2)");
      return () => Promise.all([database.close(), other.close()]);
    });

    const readPid = async (): Promise<number> => {
      const [row] = await database.query<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      return row!.pid;
    };
    const terminate = (pid: number) => other.query(sql`select pg_terminate_backend(${pid}::int)`);
    const isAsleep = async (pid: number): Promise<boolean> => {
      const rows = await other.query(sql`select 1 from pg_stat_activity where pid = ${pid} and wait_event = 'PgSleep'`);
      return rows.length > 0;
    };

    test("F11: who finds no free connection is told to come back, and who was in time is served", async () => {
      const small = createPostgresDatabase({ url, maxConnections: 2, patienceMilliseconds: 200 });
      const held = Promise.withResolvers<void>();
      const holding = [1, 2].map((id) =>
        small.transaction(async () => {
          await small.query(sql`select note from item where id = ${id}`);
          await held.promise;
        }),
      );
      const startedAt = performance.now();
      const refused = await Promise.all(
        Array.from({ length: 50 }, () => failure(small.query(sql`select note from item`))),
      );
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(["unavailable"]));
      expect(refused[0]).toMatchObject({ status: 503, retryAfter: 1 });
      const inTime = small.query(sql`select id from item`);
      held.resolve();
      await Promise.all(holding);
      expect(await inTime).toHaveLength(2);
      await small.close();
    });

    test("two transactions that deadlock both commit", async () => {
      const both = Promise.withResolvers<void>();
      let ready = 0;
      let runs = 0;
      const lock = (first: number, second: number) =>
        database.transaction(async () => {
          runs += 1;
          await database.query(sql`update item set note = ${`${first}`} where id = ${first}`);
          ready += 1;
          if (ready === 2) both.resolve();
          await both.promise;
          await database.query(sql`update item set note = ${`${first}`} where id = ${second}`);
        });
      await Promise.all([lock(1, 2), lock(2, 1)]);
      expect(runs).toBeGreaterThan(2);
    });

    test("a lock keeps other processes out", async () => {
      const order: string[] = [];
      const entered = Promise.withResolvers<void>();
      const first = database.exclusive("gate", async () => {
        entered.resolve();
        await other.query(sql`select pg_sleep(0.05)`);
        order.push("first leaves");
      });
      await entered.promise;
      await other.exclusive("gate", async () => void order.push("second enters"));
      await first;
      expect(order).toEqual(["first leaves", "second enters"]);
    });

    test("a lock whose connection is lost lets no further statement of its work through", async () => {
      const error = await failure(
        database.exclusive("gate", async () => {
          await terminate(await readPid());
          await database.query(sql`select 1`).catch(() => {});
          await database.query(sql`insert into item values (7)`);
        }),
      );
      expect(error).toMatchObject({ code: "unavailable" });
      expect(await database.query(sql`select id from item where id = 7`)).toEqual([]);
      expect(await database.exclusive("gate", async () => "in")).toBe("in");
    });

    test("a connection lost within a statement rejects it, and the next statement opens another", async () => {
      const pid = await readPid();
      const sleeping = failure(database.query(sql`select pg_sleep(10)`));
      await expect.poll(() => isAsleep(pid)).toBe(true);
      await terminate(pid);
      expect(await sleeping).toMatchObject({ code: "unavailable", message: expect.stringContaining("DATABASE_URL") });
      expect(await database.query(sql`select ${1}::int as one`)).toEqual([{ one: 1 }]);
    });

    test("a connection lost between the statements of a transaction takes all of it, and none is made good elsewhere", async () => {
      const error = await failure(
        database.transaction(async () => {
          await database.query(sql`insert into item values (3)`);
          await terminate(await readPid());
          await database.query(sql`insert into item values (4)`).catch(() => {});
          await database.query(sql`insert into item values (5)`);
        }),
      );
      expect(error).toMatchObject({ code: "unavailable" });
      expect(await database.query(sql`select id from item where id > 2`)).toEqual([]);
    });

    test("statements that wait behind a lost one are not run on the next connection", async () => {
      const pid = Promise.withResolvers<number>();
      const transaction = failure(
        database.transaction(async () => {
          pid.resolve(await readPid());
          await Promise.all([
            database.query(sql`select pg_sleep(10), ${1}::int`),
            database.query(sql`insert into item values (${3}::int)`),
            database.query(sql`insert into item values (${4}::int + 1)`),
          ]);
        }),
      );
      await expect.poll(async () => isAsleep(await pid.promise)).toBe(true);
      await terminate(await pid.promise);
      expect(await transaction).toMatchObject({ code: "unavailable" });
      await database.query(sql`select 1`);
      expect(await database.query(sql`select id from item where id > 2`)).toEqual([]);
    });

    test("all connections lost at once are replaced", async () => {
      await Promise.all(Array.from({ length: 10 }, () => database.query(sql`select pg_sleep(0.01)`)));
      await other.query(sql`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () => database.transaction(() => database.query(sql`select ${1}::int as one`))),
      );
      const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason.code] : []));
      expect(reasons.filter((code) => code !== "unavailable")).toEqual([]);
      expect(await database.query(sql`select ${1}::int as one`)).toEqual([{ one: 1 }]);
    });

    test("a statement that takes too long is cancelled by the server", async () => {
      const impatient = createPostgresDatabase({ url, statementMilliseconds: 50 });
      expect(await failure(impatient.query(sql`select pg_sleep(5)`))).toMatchObject({ code: "57014" });
      expect(await impatient.exclusive("slow", () => impatient.query(sql`select pg_sleep(0.1)`))).toHaveLength(1);
      expect(await failure(impatient.query(sql`select pg_sleep(5)`))).toMatchObject({ code: "57014" });
      await impatient.close();
    });
  });

  test("a server that does not answer is told as such, and found again", async () => {
    const nowhere = createPostgresDatabase({ url: "postgres://postgres@127.0.0.1:1/postgres" });
    expect(await failure(nowhere.query(sql`select 1`))).toMatchObject({ code: "unavailable" });
    expect(await failure(nowhere.transaction(() => nowhere.query(sql`select 1`)))).toMatchObject({
      code: "unavailable",
    });
    expect(await failure(nowhere.exclusive("gate", async () => {}))).toMatchObject({ code: "unavailable" });
    await nowhere.close();
  });
});
