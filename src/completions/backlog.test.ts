import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../ports/database.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { readBacklog } from "./backlog.ts";

describe.each(testDatabases)("N11 the backlog on $name", ({ open }) => {
  let database: Database;
  let hand: HandWorker;
  beforeAll(async () => {
    database = await open();
    hand = await createHandWorker({ database });
  });
  afterAll(async () => {
    await hand.spine.close();
    await database.close();
  });

  const read = (runningPerUser?: number) => readBacklog(database, { leaseSeconds: 10, runningPerUser });

  test("is empty, then due, then at work; what may not start yet is not due", async () => {
    expect(await read()).toEqual({ queued: 0, running: 0, waiting: 0, dueSeconds: 0, leaseAgeSeconds: 0 });
    const first = await hand.send("first");
    const due = await read();
    expect(due).toMatchObject({ queued: 1, running: 0 });
    expect(due.dueSeconds).toBeGreaterThan(0);
    const claim = await hand.claim(first);
    await hand.send("behind it", { conversationId: first.conversationId });
    const behind = await read();
    expect(behind).toMatchObject({ queued: 1, running: 1, dueSeconds: 0 });
    expect(behind.leaseAgeSeconds).toBeGreaterThanOrEqual(0);
    expect(behind.leaseAgeSeconds).toBeLessThan(5);
    await hand.end(claim, "done");
    expect(await read()).toMatchObject({ queued: 1, running: 0, leaseAgeSeconds: 0 });
  });

  test("does not count as due what its user's cap holds back", async () => {
    const one = await hand.send("runs");
    const claim = await hand.claim(one);
    await hand.send("waits for the cap");
    await database.query(sql`update completion set due_at = now() - interval '1 minute' where status = 'queued'`);
    expect((await read()).dueSeconds).toBeGreaterThan(59);
    expect((await read(1)).dueSeconds).toBe(0);
    await hand.end(claim, "done");
  });
});
