import sql from "sql-template-tag";
import { beforeAll, describe, expect, test } from "vitest";
import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { countRows, failureOf, one } from "./database-checks.ts";
import type { DatabaseUnderTest } from "./database-conformance.ts";

/** What the `Database` port promises of transactions and of `exclusive`. */
export const testTransactions = (opened: () => Database, open: DatabaseUnderTest["open"]): void => {
  let database: Database;
  beforeAll(() => void (database = opened()));

  describe("transactions", () => {
    test("commit when their work resolves and give its result", async () => {
      const result = await database.transaction(async () => {
        await database.query(sql`insert into item (id) values (${"committed"})`);
        return "done";
      });
      expect(result).toBe("done");
      expect(await database.query(sql`select id from item where id = ${"committed"}`)).toHaveLength(1);
    });

    test("roll back when their work rejects, with its error", async () => {
      const error = await failureOf(
        database.transaction(async () => {
          await database.query(sql`insert into item (id) values (${"undone"})`);
          throw new NatterError("conflict", "changed our mind");
        }),
      );
      expect(error).toMatchObject({ code: "conflict" });
      expect(await database.query(sql`select id from item where id = ${"undone"}`)).toEqual([]);
    });

    test("are found by the functions that their work calls, whose statements see its writes", async () => {
      const read = () => database.query(sql`select id from item where id = ${"inner"}`);
      const write = () => database.query(sql`insert into item (id) values (${"inner"})`);
      await database.transaction(async () => {
        await write();
        await Promise.resolve();
        expect(await read()).toHaveLength(1);
        expect(await new Promise((resolve) => setImmediate(() => resolve(read())))).toHaveLength(1);
      });
    });

    test("hide their writes from others until they commit", async () => {
      const written = Promise.withResolvers<void>();
      const mayCommit = Promise.withResolvers<void>();
      const transaction = database.transaction(async () => {
        await database.query(sql`insert into item (id) values (${"hidden"})`);
        written.resolve();
        await mayCommit.promise;
      });
      await written.promise;
      let committed = false;
      const seen = database
        .query(sql`select id from item where id = ${"hidden"}`)
        .then((rows) => ({ rows: rows.length, committed }));
      await new Promise((resolve) => setTimeout(resolve, 20));
      committed = true;
      mayCommit.resolve();
      await transaction;
      const { rows, committed: sawAfterwards } = await seen;
      expect(rows).toBe(sawAfterwards ? 1 : 0);
    });

    test("join the one around them", async () => {
      const inner = () => database.transaction(() => database.query(sql`insert into item (id) values (${"joined"})`));
      await failureOf(
        database.transaction(async () => {
          await inner();
          throw new NatterError("conflict", "outer fails");
        }),
      );
      expect(await database.query(sql`select id from item where id = ${"joined"}`)).toEqual([]);
      await database.transaction(inner);
      expect(await database.query(sql`select id from item where id = ${"joined"}`)).toHaveLength(1);
    });

    test("roll back the one around them too, even if it swallows the error", async () => {
      const error = await failureOf(
        database.transaction(async () => {
          await database.query(sql`insert into item (id) values (${"swallowed"})`);
          await database.transaction(() => Promise.reject(new NatterError("conflict", "inner"))).catch(() => {});
        }),
      );
      expect(error).toMatchObject({ code: "conflict" });
      expect(await database.query(sql`select id from item where id = ${"swallowed"}`)).toEqual([]);
    });

    test("never pretend to commit after a statement of theirs failed", async () => {
      const error = await failureOf(
        database.transaction(async () => {
          await database.query(sql`insert into item (id) values (${"half"})`);
          await database.query(sql`select 1 / ${0}::int`).catch(() => {});
        }),
      );
      expect(error).toMatchObject({ code: "22012" });
      expect(await database.query(sql`select id from item where id = ${"half"}`)).toEqual([]);
    });

    test("wait for statements of theirs that nobody awaited, and fail with them", async () => {
      const error = await failureOf(
        database.transaction(async () => {
          database.query(sql`insert into item (id) values (${"loose"})`).catch(() => {});
          database.query(sql`select 1 / ${0}::int`).catch(() => {});
        }),
      );
      expect(error).toMatchObject({ code: "22012" });
      expect(await database.query(sql`select id from item where id = ${"loose"}`)).toEqual([]);
    });

    test("reject when the commit itself fails", async () => {
      await database.script("create table late (id integer references item_number deferrable initially deferred)");
      const error = await failureOf(database.transaction(() => database.query(sql`insert into late values (${404})`)));
      expect(error).toMatchObject({ code: "23503" });
      expect(await database.query(sql`select id from late`)).toEqual([]);
    });

    test("refuse a statement of theirs that comes after their end", async () => {
      const late = Promise.withResolvers<Promise<unknown>>();
      await database.transaction(async () => {
        setTimeout(
          () => late.resolve(database.query(sql`insert into item (id) values (${"late"})`).catch((error) => error)),
          20,
        );
      });
      expect(await late.promise).toMatchObject({ code: "internal" });
      expect(await database.query(sql`select id from item where id = ${"late"}`)).toEqual([]);
    });

    test("in parallel keep apart and all commit", async () => {
      const add = (index: number) => async () => {
        await database.query(sql`insert into item (id, owner) values (${`parallel-${index}`}, ${"parallel"})`);
        const mine = await database.query(
          sql`select id from item where id = ${`parallel-${index}`} and xmin::text = pg_current_xact_id()::text`,
        );
        if (index % 4 === 0) throw new NatterError("conflict", "every fourth fails");
        return mine.length;
      };
      const outcomes = await Promise.allSettled(
        Array.from({ length: 40 }, (_, index) => database.transaction(add(index))),
      );
      const isRight = (outcome: PromiseSettledResult<number>, index: number) =>
        outcome.status === "fulfilled" ? index % 4 !== 0 && outcome.value === 1 : outcome.reason.code === "conflict";
      expect(outcomes.filter((outcome, index) => !isRight(outcome, index))).toEqual([]);
      expect(await countRows(database, "item where owner = 'parallel'")).toBe(30);
    });

    test("run many statements of their own at once, in one transaction", async () => {
      await database.transaction(async () => {
        const rows = await Promise.all(
          Array.from({ length: 20 }, (_, n) =>
            one<{ n: number; xid: string }>(database, sql`select ${n}::int as n, pg_current_xact_id()::text as xid`),
          ),
        );
        expect(rows.map(({ n }) => n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
        expect(new Set(rows.map(({ xid }) => xid)).size).toBe(1);
      });
    });

    test.each(["40001", "40P01"])("run their work again after %s, three times at most", async (code) => {
      let runs = 0;
      const failTwice = async () => {
        runs += 1;
        await database.query(sql`insert into item (id) values (${`retried-${code}`})`);
        if (runs < 3) await database.script(`do $$ begin raise exception 'again' using errcode = '${code}'; end $$`);
        return runs;
      };
      expect(await database.transaction(failTwice)).toBe(3);
      expect(await countRows(database, `item where id = 'retried-${code}'`)).toBe(1);

      runs = 0;
      const failAlways = async () => {
        runs += 1;
        await database.script(`do $$ begin raise exception 'again' using errcode = '${code}'; end $$`);
      };
      expect(await failureOf(database.transaction(failAlways))).toMatchObject({ code });
      expect(runs).toBe(4);
    });

    test("whose work is stuck are rolled back, and others go on", async () => {
      const impatient = await open({ transactionIdleMilliseconds: 100 });
      await impatient.script("create table held (id text primary key); insert into held values ('a')");
      const stuck = impatient.transaction(async () => {
        await impatient.query(sql`insert into held values (${"b"})`);
        await new Promise(() => {});
      });
      const busy = impatient.transaction(async () => {
        for (let round = 0; round < 8; round += 1) await impatient.query(sql`select pg_sleep(0.02)`);
        return "busy ones are left alone";
      });
      expect(await failureOf(stuck)).toMatchObject({ code: "timeout" });
      expect(await busy).toBe("busy ones are left alone");
      expect(await impatient.query(sql`select id from held`)).toEqual([{ id: "a" }]);
      await impatient.close();
    });
  });

  describe("exclusive", () => {
    test("lets one in at a time under one name, in the order of a queue, with transactions inside", async () => {
      let inside = 0;
      let most = 0;
      const enter = (round: number) =>
        database.exclusive("gate", async () => {
          inside += 1;
          most = Math.max(most, inside);
          await database.transaction(async () => {
            await database.query(sql`select pg_sleep(0.002)`);
            await database.query(sql`insert into item (id, owner) values (${`gate-${round}`}, ${"gate"})`);
          });
          await Promise.all([
            database.query(sql`select 1`),
            database.transaction(() => database.query(sql`select 2`)),
            database.transaction(() => database.query(sql`select 3`)),
          ]);
          inside -= 1;
        });
      await Promise.all(Array.from({ length: 20 }, (_, round) => enter(round)));
      expect(most).toBe(1);
      expect(await countRows(database, "item where owner = 'gate'")).toBe(20);
    });

    test("keeps other names and other statements free", async () => {
      const entered = Promise.withResolvers<void>();
      const mayLeave = Promise.withResolvers<void>();
      const first = database.exclusive("one", async () => {
        entered.resolve();
        await mayLeave.promise;
      });
      await entered.promise;
      expect(await database.exclusive("two", async () => "free")).toBe("free");
      expect(await database.query(sql`select ${1}::int as n`)).toEqual([{ n: 1 }]);
      mayLeave.resolve();
      await first;
    });

    test("lets the next in after an error", async () => {
      const boom = database.exclusive("fragile", async () => {
        await database.query(sql`select 1 / ${0}::int`);
      });
      expect(await failureOf(boom)).toMatchObject({ code: "22012" });
      expect(await database.exclusive("fragile", async () => "in")).toBe("in");
    });

    test("refuses to begin inside a transaction, which would wait for itself", async () => {
      const error = await failureOf(database.transaction(() => database.exclusive("nested", async () => {})));
      expect(error).toMatchObject({ code: "internal" });
    });
  });
};
