import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import sql from "sql-template-tag";
import { silentLogger } from "../foundation/logger.ts";
import { doUpkeep } from "./maintain.ts";
import type { Database } from "../ports/database.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";

const going = new AbortController().signal;

describe.each(testDatabases)("upkeep on $name", ({ open }) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  test("C1: of many processes on one database one does a task this hour, and one the next", async () => {
    const done: string[] = [];
    const tasks = { sweep: async () => done.push("sweep"), dust: async () => done.push("dust") };
    const all = () => Promise.all(Array.from({ length: 8 }, () => doUpkeep(database, tasks, silentLogger, going)));
    await all();
    expect(done.toSorted()).toEqual(["dust", "sweep"]);
    await database.query(sql`update upkeep set done_at = done_at - interval '1 hour' where task = 'sweep'`);
    await all();
    expect(done.toSorted()).toEqual(["dust", "sweep", "sweep"]);
  });

  test("a task that fails is told and keeps nobody from the others", async () => {
    const warn = vi.fn();
    const done: string[] = [];
    const tasks = {
      broken: () => Promise.reject(new Error("no broom")),
      whole: async () => done.push("whole"),
    };
    await doUpkeep(database, tasks, { ...silentLogger, warn }, going);
    expect(done).toEqual(["whole"]);
    expect(warn).toHaveBeenCalledWith({ err: new Error("no broom") }, "broken could not be forgotten");
  });

  test("where it is stopped no task is begun any more, and nothing is told of what breaks for it", async () => {
    const warn = vi.fn();
    const stop = new AbortController();
    const done: string[] = [];
    const tasks = {
      last: async () => {
        stop.abort();
        throw new Error("the database is closed");
      },
      never: async () => done.push("never"),
    };
    await doUpkeep(database, tasks, { ...silentLogger, warn }, stop.signal);
    expect(done).toEqual([]);
    expect(warn).not.toHaveBeenCalled();
  });
});
