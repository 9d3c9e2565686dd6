import postgres from "postgres";
import { describe, expect, inject, test } from "vitest";
import { createTestDatabase } from "./test-database.ts";

const postgresUrl = inject("postgresUrl");

describe.skipIf(postgresUrl === null)("createTestDatabase", () => {
  test("gives every caller a database of its own, also when many ask at once", async () => {
    const urls = await Promise.all(Array.from({ length: 5 }, () => createTestDatabase(postgresUrl!)));
    expect(new Set(urls).size).toBe(5);

    const [first, second] = urls.map((url) => postgres(url, { max: 1 }));
    await first!`create table mark (id text)`;
    const visible = await second!`select tablename from pg_tables where tablename = 'mark'`;
    expect(visible).toHaveLength(0);
    await Promise.all([first!.end(), second!.end()]);
  });
});
