import sql from "sql-template-tag";
import { describe, expect, test } from "vitest";
import { testDatabases } from "./test-databases.ts";

describe.each(testDatabases)("a database for tests on $name", ({ open }) => {
  test("is lent again without what was stored in it, and not at all when it has another shape", async () => {
    const first = await open();
    await first.query(sql`insert into workspace (id, name) values ('left-behind', 'left behind')`);
    await first.script("create table left_behind (id text)");
    await first.close();
    await expect(first.query(sql`select 1`)).rejects.toMatchObject({ code: "unavailable" });
    const second = await open();
    const look = sql`
      select (select count(*) from workspace)::int as rows, to_regclass('public.left_behind')::text as relation`;
    expect(await second.query(look)).toEqual([{ rows: 0, relation: null }]);
    await second.query(sql`insert into workspace (id, name) values ('left-behind', 'left behind')`);
    await second.close();
    const third = await open();
    expect(await third.query(look)).toEqual([{ rows: 0, relation: null }]);
    await third.close();
  });
});
