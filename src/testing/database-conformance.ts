import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";

export interface DatabaseUnderTest {
  readonly name: string;
  /** An empty database that nothing else uses. */
  readonly open: (options?: { transactionIdleMilliseconds?: number }) => Promise<Database>;
}

const failure = (work: Promise<unknown>): Promise<{ code?: string; constraint_name?: string }> =>
  work.then(
    () => expect.unreachable("it should have rejected"),
    (error: unknown) => error as { code?: string },
  );

const countRows = async (database: Database, table: string): Promise<number> => {
  const [row] = await database.query<{ count: number }>({ text: `select count(*) as count from ${table}`, values: [] });
  return row?.count ?? -1;
};

const one = async <Row>(database: Database, statement: { text: string; values: readonly unknown[] }): Promise<Row> => {
  const rows = await database.query<Row>(statement);
  expect(rows).toHaveLength(1);
  return rows[0]!;
};

/** The contract of the `Database` port, run unchanged on every driver. */
export const testDatabaseConformance = ({ name, open }: DatabaseUnderTest): void => {
  describe(`Database port on ${name}`, () => {
    let database: Database;

    beforeAll(async () => {
      database = await open();
      await database.script(`
        create table item (id text primary key, owner text, amount integer not null default 0 check (amount < 1000000));
        create table item_number (id integer primary key);
        create table counter (id text primary key, next integer not null default 1);
        create table entry (counter text not null, sequence integer not null, writer integer, primary key (counter, sequence));
      `);
    });

    afterAll(() => database.close());

    describe("values", () => {
      test("come back as the types that the port promises", async () => {
        const row = await one(
          database,
          sql`select 1::int2 as small, 2 as int, 9007199254740991::int8 as big, 1.5::float8 as float, 12.50::numeric as money,
            true as yes, false as no, null as nothing, 'text' as text, '2026-01-02T03:04:05.678Z'::timestamptz as at,
            '{"a": [1, null, "x"]}'::jsonb as jsonb, '[1]'::json as json, '"text"'::jsonb as "jsonString",
            array['a', null]::text[] as texts, array[1, 2] as ints, array[3]::int8[] as bigs, '2026-01-02'::date as day`,
        );
        expect(row).toStrictEqual({
          small: 1,
          int: 2,
          big: 9007199254740991,
          float: 1.5,
          money: "12.50",
          yes: true,
          no: false,
          nothing: null,
          text: "text",
          at: new Date("2026-01-02T03:04:05.678Z"),
          jsonb: { a: [1, null, "x"] },
          json: [1],
          jsonString: "text",
          texts: ["a", null],
          ints: [1, 2],
          bigs: [3],
          day: "2026-01-02",
        });
      });

      test("go in as parameters and come back equal", async () => {
        const at = new Date("2026-10-11T12:13:14.156Z");
        const texts = [
          "plain",
          'quo"te',
          "back\\slash",
          "com,ma",
          "{brace}",
          " space ",
          "",
          "NULL",
          "line\nbreak",
          "ünïcödé 🐘",
        ];
        const row = await one(
          database,
          sql`select ${"it's $1 🐘"}::text as text, ${42}::int as int, ${-9007199254740991}::int8 as big, ${0.1}::float8 as float,
            ${true}::boolean as yes, ${false}::boolean as no, ${at}::timestamptz as at, ${null}::text as nothing,
            ${texts}::text[] as texts, ${[3, 1, 2]}::int[] as ints, ${[]}::text[] as empty, ${["a", null]}::text[] as gaps`,
        );
        expect(row).toStrictEqual({
          text: "it's $1 🐘",
          int: 42,
          big: -9007199254740991,
          float: 0.1,
          yes: true,
          no: false,
          at,
          nothing: null,
          texts,
          ints: [3, 1, 2],
          empty: [],
          gaps: ["a", null],
        });
      });

      test("infer their type from the column, also when it is not text", async () => {
        await database.query(sql`insert into item (id, owner, amount) values (${"typed"}, ${null}, ${7})`);
        expect(
          await database.query(sql`select amount from item where amount = ${7} and id = any(${["typed"]})`),
        ).toEqual([{ amount: 7 }]);
      });

      test.each([{ a: { b: [1, "two", null] } }, [1, 2], "a string", 'quo"ted', 5, true, null, {}])(
        "keep the JSON %j, encoded once",
        async (value) => {
          const row = await one<{ value: unknown; kind: string }>(
            database,
            sql`select ${JSON.stringify(value)}::jsonb as value, jsonb_typeof(${JSON.stringify(value)}::jsonb) as kind`,
          );
          expect(row.value).toStrictEqual(value);
          expect(row.kind).toBe(value === null ? "null" : Array.isArray(value) ? "array" : typeof value);
        },
      );

      test("of 1 MB and rows by the thousand arrive whole", async () => {
        const text = "0123456789abcdef".repeat(65_536);
        const rows = await database.query<{ n: number; text: string }>(
          sql`select n, case when n = 1 then ${text} else 'x' end as text from generate_series(1, 5000) n`,
        );
        expect(rows).toHaveLength(5_000);
        expect(rows[0]?.text === text).toBe(true);
        expect(rows[4_999]).toEqual({ n: 5_000, text: "x" });
      });

      test("that are objects, undefined or too many are refused before they reach the server", async () => {
        expect((await failure(database.query(sql`select ${{ a: 1 }}::text`))).code).toBe("internal");
        expect((await failure(database.query(sql`select ${undefined}::text`))).code).toBe("internal");
        const values = Array.from({ length: 70_000 }, (_, n) => n);
        expect((await failure(database.query({ text: "select $1::int", values }))).code).toBe("internal");
        expect(await database.query(sql`select ${1}::int as n`)).toEqual([{ n: 1 }]);
      });
    });

    describe("errors", () => {
      test("carry the SQLSTATE and the constraint, and leave the connection usable", async () => {
        await database.query(sql`insert into item (id) values (${"twice"})`);
        const duplicate = await failure(database.query(sql`insert into item (id) values (${"twice"})`));
        expect(duplicate).toMatchObject({ code: "23505", constraint_name: "item_pkey" });
        expect(duplicate).toBeInstanceOf(Error);
        expect(await failure(database.query(sql`select * from nowhere where id = ${1}`))).toMatchObject({
          code: "42P01",
        });
        expect(await failure(database.query(sql`selec 1`))).toMatchObject({ code: "42601" });
        expect(await failure(database.query(sql`select 1 / ${0}::int`))).toMatchObject({ code: "22012" });
        expect(await failure(database.script("select 1; select 1 / 0"))).toMatchObject({ code: "22012" });
        expect(await database.query(sql`select ${1}::int as n`)).toEqual([{ n: 1 }]);
      });

      test("of one statement do not touch those sent with it", async () => {
        const outcomes = await Promise.allSettled([
          database.query(sql`select ${1}::int as n`),
          database.query(sql`select 1 / ${0}::int`),
          database.query(sql`select ${2}::int as n`),
        ]);
        expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      });

      test("of a statement's first use do not spoil its later uses", async () => {
        const statement = sql`select id from later where id = ${"a"}`;
        expect(await failure(database.query(statement))).toMatchObject({ code: "42P01" });
        await database.script("create table later (id text); insert into later values ('a')");
        expect(await database.query(statement)).toEqual([{ id: "a" }]);
        await database.script("alter table later add column extra integer");
        expect(await database.query(statement)).toEqual([{ id: "a" }]);
      });

      test("do not come from a column that a script added after the statement was prepared", async () => {
        await database.script("create table wide (id text); insert into wide values ('a')");
        const everything = sql`select * from wide where id = ${"a"}`;
        expect(await database.query(everything)).toEqual([{ id: "a" }]);
        await database.script("alter table wide add column extra integer default 5");
        expect(await database.query(everything)).toEqual([{ id: "a", extra: 5 }]);
      });
    });

    test("a statement is first used by many at once", async () => {
      const rows = await Promise.all(
        Array.from({ length: 12 }, (_, n) => one(database, sql`select ${n}::int as n, 'first use' as note`)),
      );
      expect(rows).toEqual(Array.from({ length: 12 }, (_, n) => ({ n, note: "first use" })));
    });

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
        const error = await failure(
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
        await failure(
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
        const error = await failure(
          database.transaction(async () => {
            await database.query(sql`insert into item (id) values (${"swallowed"})`);
            await database.transaction(() => Promise.reject(new NatterError("conflict", "inner"))).catch(() => {});
          }),
        );
        expect(error).toMatchObject({ code: "conflict" });
        expect(await database.query(sql`select id from item where id = ${"swallowed"}`)).toEqual([]);
      });

      test("never pretend to commit after a statement of theirs failed", async () => {
        const error = await failure(
          database.transaction(async () => {
            await database.query(sql`insert into item (id) values (${"half"})`);
            await database.query(sql`select 1 / ${0}::int`).catch(() => {});
          }),
        );
        expect(error).toMatchObject({ code: "22012" });
        expect(await database.query(sql`select id from item where id = ${"half"}`)).toEqual([]);
      });

      test("wait for statements of theirs that nobody awaited, and fail with them", async () => {
        const error = await failure(
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
        const error = await failure(database.transaction(() => database.query(sql`insert into late values (${404})`)));
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
        expect(await failure(database.transaction(failAlways))).toMatchObject({ code });
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
        expect(await failure(stuck)).toMatchObject({ code: "timeout" });
        expect(await busy).toBe("busy ones are left alone");
        expect(await impatient.query(sql`select id from held`)).toEqual([{ id: "a" }]);
        await impatient.close();
      });
    });

    test("A6 64 writers of 20 rows on one counter leave no gap and no duplicate", async () => {
      await database.query(sql`insert into counter (id) values (${"busy"})`);
      const add = (writer: number) =>
        database.query<{ sequence: number }>(sql`
          with c as (update counter set next = next + 1 where id = ${"busy"} returning id, next - 1 as sequence)
          insert into entry (counter, sequence, writer) select id, sequence, ${writer}::int from c returning sequence`);
      const write = async (writer: number): Promise<number[]> => {
        const sequences: number[] = [];
        for (let round = 0; round < 20; round += 1) sequences.push((await add(writer))[0]!.sequence);
        return sequences;
      };
      const written = await Promise.all(Array.from({ length: 64 }, (_, writer) => write(writer)));
      expect(written.flat().toSorted((left, right) => left - right)).toEqual(
        Array.from({ length: 1_280 }, (_, n) => n + 1),
      );
      expect(written.every((own) => own.every((sequence, index) => index === 0 || sequence > own[index - 1]!))).toBe(
        true,
      );
      const [stored] = await database.query(
        sql`select count(*) as count, min(sequence) as first, max(sequence) as last from entry where counter = ${"busy"}`,
      );
      expect(stored).toEqual({ count: 1_280, first: 1, last: 1_280 });
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
        expect(await failure(boom)).toMatchObject({ code: "22012" });
        expect(await database.exclusive("fragile", async () => "in")).toBe("in");
      });

      test("refuses to begin inside a transaction, which would wait for itself", async () => {
        const error = await failure(database.transaction(() => database.exclusive("nested", async () => {})));
        expect(error).toMatchObject({ code: "internal" });
      });
    });

    describe("close", () => {
      test("waits for what runs, and rejects what comes after", async () => {
        const closing = await open();
        await closing.script("create table kept (id text)");
        const begun = Promise.withResolvers<void>();
        const transaction = closing.transaction(async () => {
          await closing.query(sql`insert into kept values (${"a"})`);
          begun.resolve();
          await new Promise((resolve) => setTimeout(resolve, 30));
          return closing.query(sql`select id from kept`);
        });
        await begun.promise;
        const closed = closing.close();
        expect(await failure(closing.query(sql`select 1`))).toMatchObject({ code: "unavailable" });
        expect(await failure(closing.transaction(async () => {}))).toMatchObject({ code: "unavailable" });
        expect(await transaction).toEqual([{ id: "a" }]);
        await closed;
        await closing.close();
        expect(await failure(closing.script("select 1"))).toMatchObject({ code: "unavailable" });
      });
    });
  });
};
