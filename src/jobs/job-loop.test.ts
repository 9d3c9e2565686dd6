import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { silentLogger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";
import { createPrincipal, until } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { expireJobLeases, pushJob, type Job, type JobHandler } from "./job.ts";
import { JobLoop, type JobLoopOptions } from "./job-loop.ts";

describe.each(testDatabases)("jobs on $name", ({ open }) => {
  let database: Database;
  let workspaceId: string;
  const loops: JobLoop[] = [];

  beforeEach(async () => {
    database = await open();
    ({ workspaceId } = await createPrincipal(database));
  });

  afterEach(async () => {
    await Promise.all(loops.splice(0).map((loop) => loop.drain(0)));
    await database.close();
  });

  const startLoop = (handler: JobHandler, options: Partial<JobLoopOptions> = {}): JobLoop => {
    const loop = new JobLoop({
      database,
      logger: silentLogger,
      handlers: { work: handler },
      workerId: `worker-${loops.length}`,
      leaseSeconds: 10,
      pollSeconds: 0.02,
      concurrency: 4,
      backoffSeconds: 0.01,
      ...options,
    });
    loops.push(loop);
    loop.start();
    return loop;
  };
  const push = (subject: string, kind = "work") =>
    pushJob(database, { workspaceId, kind, subject, payload: { words: subject } });
  const stored = () =>
    database.query<{ subject: string; attempts: number; is_failed: boolean }>(
      sql`select subject, attempts, failed_at is not null as is_failed from job order by subject`,
    );
  const hang: JobHandler = (_job, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

  test("each job is done once, by any of several workers, and is gone then", async () => {
    const done: Job[] = [];
    for (let index = 0; index < 40; index += 1) await push(`subject-${index}`);
    for (let count = 0; count < 3; count += 1) startLoop(async (job) => void done.push(job));
    await until(async () => (await stored()).length === 0);
    expect(done.map(({ subject }) => subject).toSorted()).toEqual(
      Array.from({ length: 40 }, (_, index) => `subject-${index}`).toSorted(),
    );
    expect(done[0]?.payload).toEqual({ words: done[0]?.subject });
  });

  test("there is one open job of a kind for a subject", async () => {
    expect(await push("same")).toBe(true);
    expect(await push("same")).toBe(false);
    expect(await push("same", "other")).toBe(true);
    expect(await stored()).toHaveLength(2);
  });

  test("a job of a kind that nobody here knows stays for another worker", async () => {
    const seen: string[] = [];
    await push("known");
    await push("unknown", "other");
    startLoop(async ({ subject }) => void seen.push(subject));
    await until(async () => (await stored()).length === 1);
    expect(seen).toEqual(["known"]);
  });

  test("a job that fails is tried again, and given up after five attempts", async () => {
    const attempts = new Map<string, number>();
    await push("passing");
    await push("hopeless");
    startLoop(async ({ subject, attempt }) => {
      attempts.set(subject, attempt);
      if (subject === "hopeless" || attempt < 3) throw new Error("not yet");
    });
    await until(async () => (await stored()).every(({ is_failed }) => is_failed));
    expect(await stored()).toEqual([{ subject: "hopeless", attempts: 5, is_failed: true }]);
    expect(Object.fromEntries(attempts)).toEqual({ hopeless: 5, passing: 3 });
    expect(await push("hopeless")).toBe(true);
  });

  test("F1 a job whose worker died is done by another when the lease is over, and the dead one's end changes nothing", async () => {
    await push("orphan");
    let release = (): void => {};
    const blocked = new Promise<void>((resolve) => (release = resolve));
    startLoop(() => blocked, { leaseSeconds: 0.2, pollSeconds: 60 }).wake();
    await until(async () => (await stored())[0]?.attempts === 1);
    // it renews while it lives; stop that without telling it
    await database.query(sql`update job set worker_id = 'nobody'`);
    let attempt = 0;
    startLoop(async (job, signal) => {
      attempt = job.attempt;
      await hang(job, signal);
    });
    await until(async () => attempt === 2);
    release();
    await loops[0]?.drain(5);
    expect(await stored()).toMatchObject([{ subject: "orphan", attempts: 2 }]);
  });

  test("a job whose worker dies each time is given up", async () => {
    await push("poison");
    await database.query(sql`update job set attempts = 5`);
    startLoop(async () => expect.unreachable());
    await until(async () => (await stored())[0]?.is_failed);
  });

  test("F21 a worker that is drained hands over what does not end, without counting an attempt", async () => {
    await push("long");
    const first = startLoop(hang);
    await until(async () => (await stored())[0]?.attempts === 1);
    await first.drain(0);
    expect(await stored()).toEqual([{ subject: "long", attempts: 0, is_failed: false }]);
    let done = 0;
    startLoop(async () => void (done += 1));
    await until(async () => done === 1);
  });

  test("the process that owns the database alone takes up at once what it left", async () => {
    await push("left");
    const first = startLoop(hang, { pollSeconds: 60 });
    await until(async () => (await stored())[0]?.attempts === 1);
    await expireJobLeases(database);
    let done = 0;
    startLoop(async () => void (done += 1));
    await until(async () => done === 1);
    await first.drain(0);
    expect(await stored()).toEqual([]);
  });
});
