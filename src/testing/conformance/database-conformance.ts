import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../ports/database.ts";
import { failureOf, one } from "./database-checks.ts";
import { testTransactions } from "./database-transactions.ts";

export interface DatabaseUnderTest {
  readonly name: string;
  /** An empty database that nothing else uses. */
  readonly open: (options?: { transactionIdleMilliseconds?: number }) => Promise<Database>;
}

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
        expect((await failureOf(database.query(sql`select ${{ a: 1 }}::text`))).code).toBe("internal");
        expect((await failureOf(database.query(sql`select ${undefined}::text`))).code).toBe("internal");
        const values = Array.from({ length: 70_000 }, (_, n) => n);
        expect((await failureOf(database.query({ text: "select $1::int", values }))).code).toBe("internal");
        expect(await database.query(sql`select ${1}::int as n`)).toEqual([{ n: 1 }]);
      });
    });

    describe("errors", () => {
      test("carry the SQLSTATE and the constraint, and leave the connection usable", async () => {
        await database.query(sql`insert into item (id) values (${"twice"})`);
        const duplicate = await failureOf(database.query(sql`insert into item (id) values (${"twice"})`));
        expect(duplicate).toMatchObject({ code: "23505", constraint_name: "item_pkey" });
        expect(duplicate).toBeInstanceOf(Error);
        expect(await failureOf(database.query(sql`select * from nowhere where id = ${1}`))).toMatchObject({
          code: "42P01",
        });
        expect(await failureOf(database.query(sql`selec 1`))).toMatchObject({ code: "42601" });
        expect(await failureOf(database.query(sql`select 1 / ${0}::int`))).toMatchObject({ code: "22012" });
        expect(await failureOf(database.script("select 1; select 1 / 0"))).toMatchObject({ code: "22012" });
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
        expect(await failureOf(database.query(statement))).toMatchObject({ code: "42P01" });
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

    testTransactions(() => database, open);

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
        expect(await failureOf(closing.query(sql`select 1`))).toMatchObject({ code: "unavailable" });
        expect(await failureOf(closing.transaction(async () => {}))).toMatchObject({ code: "unavailable" });
        expect(await transaction).toEqual([{ id: "a" }]);
        await closed;
        await closing.close();
        expect(await failureOf(closing.script("select 1"))).toMatchObject({ code: "unavailable" });
      });
    });
  });
};
