import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";
import { createPrincipal } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createToolDatabase } from "./tool-database.ts";

describe.each(testDatabases)("B3 the database for tools on $name", ({ open }) => {
  let database: Database;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  const openOwn = async () => createToolDatabase(database, await createPrincipal(database));
  const refused = (work: Promise<unknown>) => expect(work).rejects.toThrow(NatterError);

  test("keeps JSON under keys, replaces it, lists it by its beginning, and forgets it", async () => {
    const own = await openOwn();
    expect(await own.get("a")).toBeUndefined();
    await own.set("list:1", { title: "Milk 漢字", done: false });
    await own.set("list:2", null);
    await own.set("list_3", [1, 2]);
    await own.set("list:1", { title: "Bread", done: true });
    expect(await own.get("list:1")).toEqual({ title: "Bread", done: true });
    expect(await own.get("list:2")).toBeNull();
    expect(await own.list("list:")).toEqual([
      { key: "list:1", value: { title: "Bread", done: true } },
      { key: "list:2", value: null },
    ]);
    expect((await own.list()).map(({ key }) => key)).toEqual(["list:1", "list:2", "list_3"]);
    await own.delete("list:1");
    await own.delete("list:1");
    expect(await own.get("list:1")).toBeUndefined();
  });

  test("S7 holds for one user of one workspace what another can't reach by any key or prefix", async () => {
    const [mine, other] = [await openOwn(), await openOwn()];
    await mine.set("secret", "canary");
    expect(await other.get("secret")).toBeUndefined();
    expect(await other.list("")).toEqual([]);
    expect(await other.list("%")).toEqual([]);
    await other.delete("secret");
    await other.set("secret", "theirs");
    expect(await mine.get("secret")).toBe("canary");
    const principal = await createPrincipal(database);
    await createToolDatabase(database, principal).set("here", 1);
    const { workspaceId } = await createPrincipal(database);
    expect(await createToolDatabase(database, { ...principal, workspaceId }).get("here")).toBeUndefined();
  });

  test("changes a value as if nobody else did, however many do", async () => {
    const own = await openOwn();
    const add = (value: unknown): number => (typeof value === "number" ? value : 0) + 1;
    const results = await Promise.all(Array.from({ length: 8 }, () => own.update("count", add)));
    expect(results.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await own.get("count")).toBe(8);
  });

  test("S34 refuses keys and values that can't be kept, and keeps nothing of them", async () => {
    const own = await openOwn();
    for (const key of ["", "x".repeat(201), "a\0b", "\ud800"]) await refused(own.set(key, 1));
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = cyclic;
    for (const value of [undefined, "x".repeat(70_000), cyclic, 1n, Number.NaN]) await refused(own.set("key", value));
    expect(await own.list()).toEqual([]);
    await own.set("key", "a\0b\ud800");
    expect(await own.get("key")).toBe("ab\ufffd");
  });

  test("S44 holds at most 1,000 keys, of which each can still be changed", async () => {
    const own = await openOwn();
    for (let from = 0; from < 1_000; from += 50)
      await Promise.all(Array.from({ length: 50 }, (_, index) => own.set(`k${from + index}`, index)));
    await expect(own.set("one more", 1)).rejects.toThrow("At most 1000 keys");
    await expect(own.update("one more", () => 1)).rejects.toThrow("At most 1000 keys");
    await own.set("k7", "changed");
    expect(await own.update("k7", (value) => `${String(value)} twice`)).toBe("changed twice");
    expect(await own.list()).toHaveLength(1_000);
  });
});
